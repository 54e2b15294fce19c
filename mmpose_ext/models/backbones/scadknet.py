"""SCADK-Net: CSP-Darknet with coordinate attention and cascaded pooling.

Paper: "Research on Human Pose Estimation Model Based on Long-Range Fine-Grained
Modeling" (LRFG-YOLOPose), section II, Fig. 1.
"""

from collections.abc import Sequence
from typing import Any

from mmpose.models.backbones.csp_darknet import CSPDarknet
from mmpose.registry import MODELS
from torch import Tensor

from ...utils import ConfigError, check_choice
from ...utils.checks import check_indices, check_numbers
from ..utils.build import build_part
from ..utils.image_size import check_image_size
from ..utils.inherited import check_inherited
from ..utils.layer_configs import check_layer_configs, explain_norm_groups
from ..utils.train_mode import ChainableTrain
from ..utils.yolo import YOLO_ACT, YOLO_NORM

STRIDES = {'P5': 32, 'P6': 64}
# Arguments of MMPose's class that have another form here.
REPLACED = {
    'spp_kernal_sizes': "set pooling=dict(type='SPP', kernel_sizes=...)",
    'arch_ovewrite': 'set arch, deepen_factor and widen_factor',
}


@MODELS.register_module()
class SCADKNet(ChainableTrain, CSPDarknet):
    """CSP-Darknet whose C3 layers and pooling can be replaced in a config.

    With ``attention_stages=()`` and ``pooling=dict(type='SPP')`` it is MMPose's
    ``CSPDarknet``, weight for weight: the backbone of the published YOLO-Pose.

    Args:
        arch (str): ``'P5'`` or ``'P6'``: down to stride 32 or 64. Default: P6.
        deepen_factor (float): Factor on the number of blocks. Default: 0.33.
        widen_factor (float): Factor on the channels. Default: 0.5.
        out_indices (Sequence[int]): Stages that are returned, 0 being the stem.
            Default: all from stride 8 on.
        attention_stages (Sequence[int]): Stages, counted from 1, whose C3 is replaced
            by ``attention``. Default: the last two before the one with the pooling,
            which meets the paper's counts; "the last two C3 modules" taken literally,
            (4, 5), misses them by 0.2 M.
        attention (dict, optional): Any registered layer that takes
            ``in_channels``, ``norm_cfg`` and ``act_cfg`` and keeps the shape.
            Default: ``dict(type='SCA')``.
        pooling (dict, optional): A layer of the same kind, for the last stage. Default:
            ``dict(type='FGCSPP')``; the baseline's is ``dict(type='SPP')``.
        norm_cfg (dict, optional): Norm layers. Default: YOLOv5's.
        act_cfg (dict, optional): Activations. Default: ``SiLU``.
        **kwargs: Arguments of MMPose's ``CSPDarknet``, without ``spp_kernal_sizes`` and
            ``arch_ovewrite``; ``use_depthwise`` affects only MMPose's own layers.

    Raises:
        ConfigError: If ``arch`` or a stage is unknown, an unsupported argument is
            given, or a part's name or arguments are bad.

    Example:
        >>> import torch
        >>> backbone = SCADKNet(widen_factor=0.125).eval()
        >>> [tuple(x.shape) for x in backbone(torch.rand(1, 3, 64, 64))]
        [(1, 32, 8, 8), (1, 64, 4, 4), (1, 96, 2, 2), (1, 128, 1, 1)]
    """

    @explain_norm_groups
    def __init__(
        self,
        arch: str = 'P6',
        deepen_factor: float = 0.33,
        widen_factor: float = 0.5,
        out_indices: Sequence[int] | None = None,
        attention_stages: Sequence[int] | None = None,
        attention: dict | None = None,
        pooling: dict | None = None,
        norm_cfg: dict | None = None,
        act_cfg: dict | None = None,
        **kwargs: Any,
    ) -> None:
        check_choice(self, 'arch', arch, STRIDES)
        self._refuse_replaced(kwargs)
        check_numbers(
            self, above=0, deepen_factor=deepen_factor, widen_factor=widen_factor
        )
        last = len(self.arch_settings[arch])
        check_layer_configs(self, norm_cfg=norm_cfg, act_cfg=act_cfg)
        check_inherited(self, num_stages=last, **kwargs)
        if attention_stages is None:
            attention_stages = (last - 2, last - 1)
        check_indices(self, last, start=1, attention_stages=attention_stages)
        if out_indices is None:
            out_indices = tuple(range(2, last + 1))
        check_indices(self, last + 1, least=1, out_indices=out_indices)
        parts = dict(norm_cfg=norm_cfg or YOLO_NORM, act_cfg=act_cfg or YOLO_ACT)
        super().__init__(
            arch, deepen_factor, widen_factor, tuple(out_indices), **parts, **kwargs
        )
        self.divisor = STRIDES[arch]
        offered = dict(**parts, conv_cfg=kwargs.get('conv_cfg'))
        # A stage ends with its C3; the last one is convolution, pooling, C3.
        attention = dict(type='SCA') if attention is None else attention
        for index in attention_stages:
            self._exchange(index, -1, 'attention', attention, offered)
        pooling = dict(type='FGCSPP') if pooling is None else pooling
        self._exchange(last, 1, 'pooling', pooling, offered)
        # The base class has frozen the stages before their parts were exchanged.
        self._freeze_stages()

    def _refuse_replaced(self, given: dict[str, Any]) -> None:
        for argument in REPLACED.keys() & given:
            raise ConfigError(
                self,
                argument,
                given[argument],
                'is not supported',
                REPLACED[argument],
            )

    def _exchange(
        self, index: int, place: int, name: str, config: dict, offered: dict
    ) -> None:
        """Replace a layer of a stage by a part that keeps the shape."""
        stage = getattr(self, f'stage{index}')
        width = getattr(stage[0], 'pointwise_conv', stage[0]).out_channels
        stage[place] = build_part(
            config, dict(in_channels=width), self, name, offered=offered
        )

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return the maps of ``out_indices``, by default at strides 8 to 64.

        Args:
            x (Tensor): (N, 3, H, W), H and W multiples of 64 (32 with P5).

        Raises:
            ConfigError: If they are not.
        """
        check_image_size(self, x, self.divisor, 'the neck cannot join its maps')
        return super().forward(x)
