"""SCADK-Net: CSP-Darknet with coordinate attention and cascaded pooling.

Paper: "Research on Human Pose Estimation Model Based on Long-Range Fine-Grained
Modeling" (LRFG-YOLOPose), section II, Fig. 1.
"""

from collections.abc import Sequence
from typing import Any

from mmpose.models.backbones.csp_darknet import CSPDarknet
from mmpose.registry import MODELS
from torch import Tensor

from ...utils import ConfigError
from ..utils.build import build_part
from ..utils.yolo import YOLO_ACT, YOLO_NORM

STRIDES = {'P5': 32, 'P6': 64}


@MODELS.register_module()
class SCADKNet(CSPDarknet):
    """CSP-Darknet whose C3 layers and pooling a config can exchange.

    With ``attention_stages=()`` and ``pooling=dict(type='SPP')`` it is MMPose's
    ``CSPDarknet``, weight for weight: the backbone of the published YOLO-Pose.

    Args:
        arch (str): ``'P5'`` or ``'P6'``: down to stride 32 or 64. Default: P6.
        deepen_factor (float): Factor on the number of blocks. Default: 0.33.
        widen_factor (float): Factor on the channels. Default: 0.5.
        out_indices (Sequence[int]): Stages that are returned, 0 being the stem.
            Default: all from stride 8 on.
        attention_stages (Sequence[int]): Stages, counted from 1, whose C3 gives
            way to ``attention``. Default: the last two before the one with the
            pooling, which meets the paper's counts; "the last two C3 modules"
            taken literally, (4, 5), misses them by 0.2 M.
        attention (dict, optional): Any registered layer that takes
            ``in_channels``, ``norm_cfg`` and ``act_cfg`` and keeps the shape.
            Default: ``dict(type='SCA')``.
        pooling (dict, optional): Likewise, at the last stage. Default:
            ``dict(type='FGCSPP')``; the baseline's is ``dict(type='SPP')``.
        norm_cfg (dict, optional): Norm layers. Default: YOLOv5's.
        act_cfg (dict, optional): Activations. Default: ``SiLU``.
        **kwargs: As MMPose's ``CSPDarknet``, without ``spp_kernal_sizes``;
            ``conv_cfg`` and ``use_depthwise`` reach MMPose's own layers alone.

    Raises:
        ValueError: If ``arch`` or a stage is unknown, ``spp_kernal_sizes`` is given,
            or a part's name or arguments are bad; in ``forward``, if an image's
            sides are no multiples of the largest stride.
    """

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
        name = type(self).__name__
        if arch not in STRIDES:
            raise ConfigError(
                f'{name}: arch={arch!r}', f'choose from {", ".join(map(repr, STRIDES))}'
            )
        if 'spp_kernal_sizes' in kwargs:
            raise ConfigError(
                f'{name}: spp_kernal_sizes={kwargs["spp_kernal_sizes"]!r} is not used',
                "set pooling=dict(type='SPP', kernel_sizes=...)",
            )
        last = len(self.arch_settings[arch])
        if attention_stages is None:
            attention_stages = (last - 2, last - 1)
        _check_stages(name, 'attention_stages', attention_stages, range(1, last + 1))
        if out_indices is None:
            out_indices = tuple(range(2, last + 1))
        _check_stages(name, 'out_indices', out_indices, range(last + 1))
        parts = dict(norm_cfg=norm_cfg or YOLO_NORM, act_cfg=act_cfg or YOLO_ACT)
        super().__init__(
            arch, deepen_factor, widen_factor, tuple(out_indices), **parts, **kwargs
        )
        self.divisor = STRIDES[arch]
        for index in attention_stages:
            stage = getattr(self, f'stage{index}')
            stage[-1] = build_part(
                attention or dict(type='SCA'),
                dict(in_channels=self._width(arch, index), **parts),
                name,
                'attention',
                ('SCA',),
            )
        # Convolution, pooling, C3.
        getattr(self, f'stage{last}')[1] = build_part(
            pooling or dict(type='FGCSPP'),
            dict(in_channels=self._width(arch, last), **parts),
            name,
            'pooling',
            ('FGCSPP', 'SPP'),
        )

    def _width(self, arch: str, index: int) -> int:
        """Channels of a stage, counted from 1."""
        convolution = getattr(self, f'stage{index}')[0]
        return int(getattr(convolution, 'pointwise_conv', convolution).out_channels)

    def train(self, mode: bool = True) -> 'SCADKNet':
        """Switch the mode and return the network, as torch does.

        Args:
            mode (bool): Training or evaluation.
        """
        super().train(mode)
        return self

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return the maps of ``out_indices``, by default at strides 8 to 64.

        Args:
            x (Tensor): (N, 3, H, W), H and W multiples of 64 (32 with P5).

        Raises:
            ValueError: If they are not.
        """
        height, width = x.shape[2:]
        if height % self.divisor or width % self.divisor:
            by = self.divisor
            up = tuple(-(-int(side) // by) * by for side in (width, height))
            raise ConfigError(
                f'{type(self).__name__}: an image of (w, h)=({width}, {height}); both '
                f'must be multiples of {by}, or the neck cannot join its maps',
                f'pad to {up}, for example, with pad_size_divisor={by} of '
                'the data preprocessor, or choose another input_size',
            )
        return super().forward(x)


def _check_stages(owner: str, argument: str, stages: Any, known: range) -> None:
    """Raise unless every stage exists and stands there once."""
    if (
        isinstance(stages, str)
        or not isinstance(stages, Sequence)
        or any(s not in known for s in stages)
        or len(set(stages)) != len(stages)
    ):
        raise ConfigError(
            f'{owner}: {argument}={stages!r}',
            f'choose different stages from {", ".join(map(str, known))}',
        )
