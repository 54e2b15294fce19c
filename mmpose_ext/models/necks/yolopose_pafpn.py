"""The PANet of YOLO-Pose and LRFG-YOLOPose (LRFG-YOLOPose, Fig. 1, section II.C)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from mmpose.models.necks.yolox_pafpn import YOLOXPAFPN
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils import ConfigError
from ...utils.checks import check_numbers, check_positive_int_lists, check_positive_ints
from ..utils.build import build_part, check_arguments
from ..utils.inherited import check_inherited
from ..utils.layer_configs import check_layer_configs, explain_norm_groups
from ..utils.yolo import YOLO_ACT, YOLO_NORM


@MODELS.register_module()
class YOLOPosePAFPN(YOLOXPAFPN):
    """MMPose's ``YOLOXPAFPN`` with selectable convolutions, but none at the output.

    The maps keep their channels. The type of the convolutions between the C3 layers, a
    1x1 before each upsampling and a 3x3 of stride 2 on the way down, is ``conv``.

    Args:
        in_channels (Sequence[int]): Channels of the maps, shallow to deep, each with
            half the side of the one before. Default: those of a ``SCADKNet`` P6 at half
            width.
        num_csp_blocks (int): Bottlenecks of a C3. Default: 1.
        conv (dict, optional): The plain convolutions; any registered layer with
            the arguments of mmcv's ``ConvModule``. Default:
            ``dict(type='ConvModule')``; LRFG-YOLOPose's is
            ``dict(type='GhostConv')``.
        norm_cfg (dict, optional): Norm layers. Default: YOLOv5's.
        act_cfg (dict, optional): Activations. Default: ``SiLU``.
        **kwargs: Arguments of MMPose's ``YOLOXPAFPN``, without ``out_channels``;
            ``use_depthwise`` affects only its C3 layers.

    Raises:
        ConfigError: If there are fewer than two maps, a number is not a positive
            integer, or the convolution's name or arguments are bad; in
            ``forward``, if the number of maps differs.

    Example:
        >>> import torch
        >>> neck = YOLOPosePAFPN((16, 32), conv=dict(type='GhostConv'))
        >>> maps = neck((torch.rand(1, 16, 8, 8), torch.rand(1, 32, 4, 4)))
        >>> [tuple(x.shape) for x in maps]
        [(1, 16, 8, 8), (1, 32, 4, 4)]
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: Sequence[int] = (128, 256, 384, 512),
        num_csp_blocks: int = 1,
        conv: dict | None = None,
        norm_cfg: dict | None = None,
        act_cfg: dict | None = None,
        **kwargs: Any,
    ) -> None:
        check_positive_int_lists(self, least=2, in_channels=in_channels)
        check_positive_ints(self, num_csp_blocks=num_csp_blocks)
        if 'out_channels' in kwargs:
            raise ConfigError(
                self,
                'out_channels',
                kwargs['out_channels'],
                'is not supported: the maps keep their channels',
                'leave it out',
            )
        check_layer_configs(self, norm_cfg=norm_cfg, act_cfg=act_cfg)
        check_inherited(self, **kwargs)
        upsample = kwargs.setdefault('upsample_cfg', dict(scale_factor=2))
        check_arguments(self, 'upsample_cfg', upsample, nn.Upsample)
        check_numbers(self, scale_factor=upsample.get('scale_factor'))
        parts = dict(norm_cfg=norm_cfg or YOLO_NORM, act_cfg=act_cfg or YOLO_ACT)
        super().__init__(
            list(in_channels), in_channels[0], num_csp_blocks, **parts, **kwargs
        )
        build = partial(
            self._build_conv,
            dict(type='ConvModule') if conv is None else conv,
            dict(**parts, conv_cfg=kwargs.get('conv_cfg')),
        )
        steps = range(len(in_channels) - 1)
        self.reduce_layers = nn.ModuleList(
            build(in_channels[i + 1], in_channels[i], 1, 1) for i in reversed(steps)
        )
        self.downsamples = nn.ModuleList(
            build(in_channels[i], in_channels[i], 3, 2) for i in steps
        )
        self.out_convs = nn.ModuleList(nn.Identity() for _ in in_channels)

    def _build_conv(
        self,
        config: dict,
        offered: dict,
        channels: int,
        width: int,
        side: int,
        stride: int,
    ) -> nn.Module:
        sizes = dict(
            in_channels=channels,
            out_channels=width,
            kernel_size=side,
            stride=stride,
            padding=side // 2,
        )
        return build_part(config, sizes, self, 'conv', offered=offered)

    def forward(self, inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Return as many maps, of the same shapes.

        Args:
            inputs (Sequence[Tensor]): (N, in_channels[i], H / 2^i, W / 2^i).

        Raises:
            ConfigError: If their number is not that of ``in_channels``.
        """
        if len(inputs) != len(self.in_channels):
            raise ConfigError(
                self,
                'in_channels',
                tuple(self.in_channels),
                f'does not fit {len(inputs)} maps',
                "give one number for each of the backbone's out_indices",
            )
        return super().forward(inputs)
