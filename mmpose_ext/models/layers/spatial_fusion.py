"""SADI-Net's spatial fusion module (SFM): from all scales to mu and sigma.

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", section III-C (Gao et al., arXiv:2311.05323).
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
from mmpose.models.backbones.resnet import Bottleneck, ResLayer
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils import ConfigError
from ..utils.build import build_part
from ..utils.checks import check_positive_ints

# As in Bottleneck of HRNet's classifier: four times the width of its 3x3.
EXPANSION = 4


@MODELS.register_module()
class SpatialFusion(BaseModule):
    """Global attention, then HRNet's classification head with local attention.

    ::

        F_n -- fusion -- global attention -- Bottleneck (4 * head_channels[n]) -- y_n
        y_1 -- 3x3 s2 -- + y_2 -- local attention -- 3x3 s2 -- + y_3 -- ... -- y
        y -- 1x1-BN-ReLU (final_channels) -- mean over the pixels -- FC -- mu, sigma

    Every 3x3 has BN and ReLU, as in HRNet's classifier.

    Args:
        in_channels (Sequence[int]): Widths of F_1, F_2, ..., fine to coarse.
        num_joints (int): K.
        channels (Sequence[int], optional): Widths after ``fusion``. Default:
            ``in_channels``.
        head_channels (Sequence[int]): Widths of the Bottlenecks' 3x3; four times as
            many come out. Default: those of 128, 256, 512 and 1024.
        final_channels (int): Width before the mean. Default: 2048.
        fusion (dict, optional): Registered part from ``in_channels`` to ``channels``
            at every scale: ``dict(type='CrossScaleFusion')``, or by default
            ``dict(type='Identity')``.
        global_attention (dict, optional): Registered part that keeps the scales'
            shapes. Default: ``dict(type='GlobalAttention', embed_channels=256)``.
        local_attention (dict, optional): Registered part that keeps its input's
            shape. Default: ``dict(type='LocalAttention')``.
        sigma_init (float): What ``sigmoid`` of the second output starts at, in
            (0, 1). Default: 0.1; not in the paper. A map as wide as the image loses
            most of its error by leaving the image.
        norm_cfg (dict, optional): The norm layers' config. Default: ``BN``.
        init_cfg (dict | list, optional): MMEngine's initialisation config.
            Default: Kaiming for the convolutions, a standard deviation of 0.01 for
            the last layer.

    Raises:
        ValueError: If the numbers of scales differ or a width does not fit.
    """

    def __init__(
        self,
        in_channels: Sequence[int],
        num_joints: int,
        channels: Sequence[int] | None = None,
        head_channels: Sequence[int] = (32, 64, 128, 256),
        final_channels: int = 2048,
        fusion: dict | None = None,
        global_attention: dict | None = None,
        local_attention: dict | None = None,
        sigma_init: float = 0.1,
        norm_cfg: dict | None = None,
        init_cfg: dict | list | None = None,
    ) -> None:
        super().__init__(
            init_cfg=init_cfg
            or [
                dict(type='Kaiming', layer=['Conv2d']),
                dict(type='Normal', std=0.01, layer=['Linear']),
                dict(type='Constant', val=1, layer=['_BatchNorm', 'GroupNorm']),
            ]
        )
        fusion = fusion or dict(type='Identity')
        self._check(in_channels, channels, head_channels, num_joints, fusion)
        check_positive_ints(type(self).__name__, final_channels=final_channels)
        if not 0 < sigma_init < 1:
            raise ConfigError(
                f'{type(self).__name__}: sigma_init={sigma_init!r} must be in (0, 1)',
                'such as 0.1',
            )
        channels = tuple(channels or in_channels)
        norm_cfg = norm_cfg or dict(type='BN')
        self.num_joints = num_joints
        self.sigma_init = sigma_init
        self._make_attention(
            in_channels, channels, fusion, global_attention, local_attention
        )
        self._make_head(channels, head_channels, final_channels, norm_cfg)

    def _make_attention(
        self,
        in_channels: Sequence[int],
        channels: Sequence[int],
        fusion: dict,
        global_attention: dict | None,
        local_attention: dict | None,
    ) -> None:
        owner = type(self).__name__
        self.fusion = build_part(
            fusion,
            dict(in_channels=in_channels, out_channels=channels),
            owner,
            'fusion',
            ('CrossScaleFusion', 'Identity'),
        )
        self.global_attention = build_part(
            global_attention or dict(type='GlobalAttention'),
            dict(channels=channels),
            owner,
            'global_attention',
            ('GlobalAttention', 'Identity'),
        )
        self.local_attention = build_part(
            local_attention or dict(type='LocalAttention'),
            {},
            owner,
            'local_attention',
            ('LocalAttention', 'Identity'),
        )

    def _make_head(
        self,
        channels: Sequence[int],
        head_channels: Sequence[int],
        final_channels: int,
        norm_cfg: dict,
    ) -> None:
        widths = [EXPANSION * c for c in head_channels]
        self.increase = nn.ModuleList(
            ResLayer(Bottleneck, 1, c, w, expansion=EXPANSION, norm_cfg=norm_cfg)
            for c, w in zip(channels, widths, strict=True)
        )
        self.downsample = nn.ModuleList(
            ConvModule(fine, coarse, 3, stride=2, padding=1, norm_cfg=norm_cfg)
            for fine, coarse in pairwise(widths)
        )
        self.final = ConvModule(widths[-1], final_channels, 1, norm_cfg=norm_cfg)
        self.fc = nn.Linear(final_channels, self.num_joints * 4)

    def _check(
        self,
        in_channels: Sequence[int],
        channels: Sequence[int] | None,
        head_channels: Sequence[int],
        num_joints: int,
        fusion: dict,
    ) -> None:
        name = type(self).__name__
        check_positive_ints(name, num_joints=num_joints)
        for argument, widths in (
            ('in_channels', in_channels),
            ('channels', channels or in_channels),
            ('head_channels', head_channels),
        ):
            for width in widths:
                check_positive_ints(name, **{argument: width})
            if len(widths) != len(in_channels) or len(widths) < 2:
                raise ConfigError(
                    f'{name}: {argument}={tuple(widths)!r} for '
                    f'in_channels={tuple(in_channels)!r}',
                    'choose one width a scale, and two scales or more',
                )
        if fusion.get('type') == 'Identity' and tuple(channels or in_channels) != tuple(
            in_channels
        ):
            raise ConfigError(
                f'{name}: channels={tuple(channels or ())!r} differ from in_channels='
                f'{tuple(in_channels)!r} without a fusion',
                "leave channels out, or set fusion=dict(type='CrossScaleFusion')",
            )

    def init_weights(self) -> None:
        """Initialise; mu starts at the image's centre and sigma at ``sigma_init``."""
        super().init_weights()
        logit = math.log(self.sigma_init / (1 - self.sigma_init))
        with torch.no_grad():
            bias = self.fc.bias.view(self.num_joints, 4)
            bias[:, :2] = 0.5
            bias[:, 2:] = logit

    def forward(self, feats: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return mu and the logit of sigma, both (N, K, 2) in order x, y.

        mu is in units of the input, 0 at the left or top and 1 at the right or
        bottom edge, as MMPose's ``RegressionLabel`` encodes.

        Args:
            feats (Sequence[Tensor]): (N, in_channels[n], H_n, W_n), fine to coarse,
                each of half the sides of the one before.
        """
        fused = self.global_attention(self.fusion(feats))
        scales = [layer(x) for layer, x in zip(self.increase, fused, strict=True)]
        y = scales[0]
        for down, scale in zip(self.downsample, scales[1:], strict=True):
            y = self.local_attention(scale + down(y))
        y = self.final(y).mean(dim=(2, 3))
        mu, sigma = self.fc(y).view(-1, self.num_joints, 4).split(2, dim=-1)
        return mu, sigma
