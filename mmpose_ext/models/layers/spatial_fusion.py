"""SADI-Net's spatial fusion module (SFM), which makes mu and sigma from all scales.

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", section III-C (Gao et al., arXiv:2311.05323).
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from mmcv.cnn import ConvModule
from mmpose.models.backbones.resnet import Bottleneck, ResLayer
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils import ConfigError
from ...utils.checks import (
    check_numbers,
    check_positive_int_lists,
    check_positive_ints,
)
from ..utils.applied_init import AppliedInit
from ..utils.build import build_part, subclass_of
from ..utils.layer_configs import check_layer_configs, explain_norm_groups
from .cross_scale_fusion import CrossScaleFusion
from .global_attention import GlobalAttention
from .identity import Identity
from .local_attention import LocalAttention

# As in HRNet's classifier: a Bottleneck is four times as wide as its 3x3.
EXPANSION = 4


@MODELS.register_module()
class SpatialFusion(AppliedInit):
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
        head_channels (Sequence[int]): Widths of the Bottlenecks' 3x3; the outputs are
            four times as wide. Default: those for outputs of 128, 256, 512 and 1024.
        final_channels (int): Width before the mean. Default: 2048.
        fusion (dict, optional): Registered part that changes ``in_channels`` to
            ``channels`` at every scale: ``dict(type='CrossScaleFusion')``, or by
            default ``dict(type='Identity')``.
        global_attention (dict, optional): Registered part that keeps the scales'
            shapes. Default: ``dict(type='GlobalAttention', embed_channels=256)``.
        local_attention (dict, optional): Registered part that keeps its input's
            shape. Default: ``dict(type='LocalAttention')``.
        sigma_init (float): Initial ``sigmoid`` of the second output, in (0, 1).
            Default: 0.1; not in the paper. If H2's peak were as wide as the image,
            moving it out of the image would lower the error most.
        norm_cfg (dict, optional): The norm layers' config. Default: ``BN``.
        init_cfg (dict | list, optional): MMEngine's initialization config.
            Default: Kaiming for the convolutions, a standard deviation of 0.01 for
            the last layer.

    Raises:
        ConfigError: If the numbers of scales differ or a width does not fit.

    Example:
        >>> import torch
        >>> fusion = SpatialFusion((8, 16), num_joints=14, head_channels=(4, 8))
        >>> mu, sigma = fusion((torch.rand(2, 8, 8, 8), torch.rand(2, 16, 4, 4)))
        >>> mu.shape, sigma.shape
        (torch.Size([2, 14, 2]), torch.Size([2, 14, 2]))
    """

    @explain_norm_groups
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
        fusion = dict(type='Identity') if fusion is None else fusion
        channels = in_channels if channels is None else channels
        self._check(in_channels, channels, head_channels, fusion)
        check_positive_ints(self, num_joints=num_joints, final_channels=final_channels)
        check_numbers(self, above=0, below=1, sigma_init=sigma_init)
        check_layer_configs(self, norm_cfg=norm_cfg, init_cfg=init_cfg)
        channels = tuple(channels)
        norm_cfg = norm_cfg or dict(type='BN')
        self.num_joints = num_joints
        self.sigma_init = sigma_init
        self._make_attention(
            in_channels, channels, fusion, global_attention, local_attention, norm_cfg
        )
        self._make_head(channels, head_channels, final_channels, norm_cfg)

    def _make_attention(
        self,
        in_channels: Sequence[int],
        channels: Sequence[int],
        fusion: dict,
        global_attention: dict | None,
        local_attention: dict | None,
        norm_cfg: dict,
    ) -> None:
        if global_attention is None:
            global_attention = dict(type='GlobalAttention')
        if local_attention is None:
            local_attention = dict(type='LocalAttention')
        self.fusion = build_part(
            fusion,
            dict(in_channels=in_channels, out_channels=channels),
            self,
            'fusion',
            suggest=subclass_of(CrossScaleFusion, Identity),
            offered=dict(norm_cfg=norm_cfg),
        )
        self.global_attention = build_part(
            global_attention,
            dict(channels=channels),
            self,
            'global_attention',
            suggest=subclass_of(GlobalAttention, Identity),
            offered=dict(norm_cfg=norm_cfg),
        )
        self.local_attention = build_part(
            local_attention,
            {},
            self,
            'local_attention',
            suggest=subclass_of(LocalAttention, Identity),
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
        channels: Sequence[int],
        head_channels: Sequence[int],
        fusion: Any,
    ) -> None:
        check_positive_int_lists(self, least=2, in_channels=in_channels)
        check_positive_int_lists(
            self,
            length=len(in_channels),
            channels=channels,
            head_channels=head_channels,
        )
        identity = isinstance(fusion, dict) and fusion.get('type') == 'Identity'
        if identity and tuple(channels) != tuple(in_channels):
            raise ConfigError(
                self,
                'channels',
                tuple(channels),
                f'differs from in_channels={tuple(in_channels)} without a fusion',
                "leave channels out, or set fusion=dict(type='CrossScaleFusion')",
            )

    def init_weights(self) -> None:
        """Initialize; mu starts at the image's center and sigma at ``sigma_init``."""
        super().init_weights()
        logit = math.log(self.sigma_init / (1 - self.sigma_init))
        with torch.no_grad():
            bias = self.fc.bias.view(self.num_joints, 4)
            bias[:, :2] = 0.5
            bias[:, 2:] = logit

    def forward(self, feats: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return mu and the logit of sigma, both (N, K, 2) in order x, y.

        mu is in units of the input, 0 at the left or top and 1 at the right or
        bottom edge, as MMPose's ``RegressionLabel`` encodes it.

        Args:
            feats (Sequence[Tensor]): (N, in_channels[n], H_n, W_n), fine to coarse,
                each with half the sides of the one before.
        """
        fused = self.global_attention(self.fusion(feats))
        scales = [layer(x) for layer, x in zip(self.increase, fused, strict=True)]
        y = scales[0]
        for down, scale in zip(self.downsample, scales[1:], strict=True):
            y = self.local_attention(scale + down(y))
        y = self.final(y).mean(dim=(2, 3))
        mu, sigma = self.fc(y).view(-1, self.num_joints, 4).split(2, dim=-1)
        return mu, sigma
