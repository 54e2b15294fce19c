"""DAUNet's decoder: upsample, join the skip, rebuild, enhance.

Paper: "DAUNet: Detail-Aware U-Shaped Network for 2D Human Pose Estimation",
sections 3.1, 3.1.2 and 3.1.3 (Li et al., CMC 2024).
"""

from collections.abc import Sequence

import torch
from mmcv.cnn import ConvModule, build_norm_layer, build_upsample_layer
from mmengine.model import BaseModule
from mmpose.models.backbones.resnet import Bottleneck
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_even, check_positive_int_lists
from ..utils.build import build_attention
from ..utils.layer_configs import check_layer_configs, explain_norm_groups


class UpStage(BaseModule):
    """One step of the decoder, from one stride to half of it.

    ::

        deep -- deconv 3x3 s2-BN-ReLU (C) --+
                                            cat (2C) -- rebuild -- attention
        skip -- 1x1-BN-ReLU (C) ------------+              |
                              out (C) -- residual block -- 1x1-BN-ReLU (C)

    Args:
        deep_channels (int): Channels of the deeper map.
        skip_channels (int): Channels of the encoder's map.
        channels (int): C, even.
        rebuild (dict): The rebuild unit's config, at 2C channels.
        attention (dict): The attention's config, at 2C channels.
        norm_cfg (dict): The norm layers' config.
        owner (str): The class named in errors.
    """

    def __init__(
        self,
        deep_channels: int,
        skip_channels: int,
        channels: int,
        rebuild: dict,
        attention: dict,
        norm_cfg: dict,
        owner: str,
    ) -> None:
        super().__init__()
        conv = build_upsample_layer(
            dict(
                type='deconv',
                in_channels=deep_channels,
                out_channels=channels,
                kernel_size=3,
                stride=2,
                padding=1,
                output_padding=1,
                bias=False,
            )
        )
        norm = build_norm_layer(norm_cfg, channels)[1]
        self.up = nn.Sequential(conv, norm, nn.ReLU(inplace=True))
        self.lateral = ConvModule(skip_channels, channels, 1, norm_cfg=norm_cfg)
        offered = dict(norm_cfg=norm_cfg)
        self.rebuild = build_attention(
            rebuild, 2 * channels, owner, 'rebuild', offered=offered
        )
        self.attention = build_attention(
            attention, 2 * channels, owner, offered=offered
        )
        self.fuse = ConvModule(2 * channels, channels, 1, norm_cfg=norm_cfg)
        self.refine = Bottleneck(channels, channels, expansion=2, norm_cfg=norm_cfg)

    def forward(self, deep: Tensor, skip: Tensor) -> Tensor:
        """Return (N, C, 2H, 2W).

        Args:
            deep (Tensor): (N, deep_channels, H, W).
            skip (Tensor): (N, skip_channels, 2H, 2W).
        """
        joined = torch.cat((self.up(deep), self.lateral(skip)), dim=1)
        return self.refine(self.fuse(self.attention(self.rebuild(joined))))


@MODELS.register_module()
class DAUNetDecoder(BaseModule):
    """U-shaped decoder from the deepest map up to the shallowest.

    Args:
        in_channels (Sequence[int]): Channels of the encoder's maps, shallow to deep,
            each with half the side of the one before. Default: ResNet-50's.
        channels (Sequence[int]): C of the steps, deep to shallow, one fewer than
            maps. Default: (512, 256, 256).
        rebuild (dict, optional): Any registered layer that takes ``in_channels``
            and keeps the shape. Default: ``dict(type='SCRU')``;
            ``dict(type='Identity')`` switches it off.
        attention (dict, optional): Likewise. Default: ``dict(type='SGE')``.
        norm_cfg (dict, optional): The norm layers' config. Default: ``BN``.
        init_cfg (dict | list, optional): MMEngine's initialization config.
            Default: Kaiming, as ResNet's.

    Raises:
        ConfigError: If the numbers of channels and maps do not fit, C is odd, or a
            layer's name or arguments are bad.

    Example:
        >>> import torch
        >>> decoder = DAUNetDecoder((32, 64), (32,))
        >>> decoder((torch.rand(1, 32, 16, 12), torch.rand(1, 64, 8, 6)))[0].shape
        torch.Size([1, 32, 16, 12])
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: Sequence[int] = (256, 512, 1024, 2048),
        channels: Sequence[int] = (512, 256, 256),
        rebuild: dict | None = None,
        attention: dict | None = None,
        norm_cfg: dict | None = None,
        init_cfg: dict | list | None = None,
    ) -> None:
        super().__init__(
            init_cfg=init_cfg
            or [
                dict(type='Kaiming', layer=['Conv2d', 'ConvTranspose2d']),
                dict(type='Constant', val=1, layer=['_BatchNorm', 'GroupNorm']),
            ]
        )
        name = type(self).__name__
        check_layer_configs(self, norm_cfg=norm_cfg, init_cfg=init_cfg)
        check_positive_int_lists(self, least=2, in_channels=in_channels)
        check_positive_int_lists(self, length=len(in_channels) - 1, channels=channels)
        for value in channels:
            check_even(self, channels=value)
        deep = (in_channels[-1], *channels)
        skips = tuple(in_channels[-2::-1])
        self.stages = nn.ModuleList(
            UpStage(
                deep[i],
                skips[i],
                channels[i],
                rebuild=dict(type='SCRU') if rebuild is None else rebuild,
                attention=dict(type='SGE') if attention is None else attention,
                norm_cfg=norm_cfg or dict(type='BN'),
                owner=name,
            )
            for i in range(len(channels))
        )

    def forward(self, feats: Sequence[Tensor]) -> tuple[Tensor]:
        """Return the finest map, as a tuple of one.

        Args:
            feats (Sequence[Tensor]): (N, in_channels[i], H / 2^i, W / 2^i).

        Returns:
            tuple[Tensor]: (N, channels[-1], H, W).
        """
        x = feats[-1]
        for stage, skip in zip(self.stages, reversed(feats[:-1]), strict=True):
            x = stage(x, skip)
        return (x,)
