"""SADI-Net's backbone: an hourglass of chosen blocks that returns all its scales.

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", sections III-A and III-B (Gao et al., arXiv:2311.05323). The layout is
MMPose's HourglassNet with one stack.
"""

from collections.abc import Sequence
from typing import Any

import torch.nn.functional as F
from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
from mmpose.models.backbones.base_backbone import BaseBackbone
from mmpose.models.backbones.resnet import BasicBlock, ResLayer
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils import ConfigError
from ..layers import RFM
from ..utils.checks import check_positive_ints

BLOCKS: dict[str, type[BasicBlock]] = {'BasicBlock': BasicBlock, 'RFM': RFM}


class HourglassLevel(BaseModule):
    """One level of the hourglass with all levels below it.

    The parts have the names of MMPose's ``HourglassModule``, so that its weights
    load.

    Args:
        block (type[BasicBlock]): The residual block.
        in_channels (int): Channels of the level's input.
        channels (Sequence[int]): Widths of this level and of those below.
        blocks (Sequence[int]): Blocks of each.
        kwargs (dict): What every block gets.
    """

    def __init__(
        self,
        block: type[BasicBlock],
        in_channels: int,
        channels: Sequence[int],
        blocks: Sequence[int],
        kwargs: dict,
    ) -> None:
        super().__init__()
        here, below, count = channels[0], channels[1], blocks[0]
        self.up1 = ResLayer(block, count, in_channels, here, **kwargs)
        self.low1 = ResLayer(block, count, in_channels, below, stride=2, **kwargs)
        self.low2: nn.Module = (
            HourglassLevel(block, below, channels[1:], blocks[1:], kwargs)
            if len(channels) > 2
            else ResLayer(block, blocks[1], below, below, **kwargs)
        )
        self.low3 = ResLayer(
            block, count, below, here, downsample_first=False, **kwargs
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        """Return this level's output and those below, fine to coarse.

        Args:
            x (Tensor): (N, in_channels, H, W), H and W even.
        """
        below = self.low2(self.low1(x))
        feats = below if isinstance(below, list) else [below]
        up = F.interpolate(self.low3(feats[0]), scale_factor=2, mode='nearest')
        return [self.up1(x) + up, *feats]


@MODELS.register_module()
class FortifiedHourglass(BaseBackbone):
    """One hourglass, whose block is chosen by name, that returns all its scales.

    ``7x7 s2-BN-ReLU -> block s2 -> hourglass``. With ``stem_channels=128``,
    ``in_channels=256``, the widths ``(256, 256, 384, 384, 384, 512)``,
    ``stage_blocks=(2, 2, 2, 2, 2, 4)`` and ``block='BasicBlock'`` it is MMPose's
    Hourglass-52, weight for weight, without its last 3x3 convolution, which here
    belongs to the head, and without the 1.18 M parameters that it never uses.

    Args:
        stage_channels (Sequence[int]): Widths of the levels, fine to coarse.
            Default: the paper's F_1 to F_4.
        stage_blocks (Sequence[int]): Blocks of each.
        block (str): ``'RFM'``, ``'BasicBlock'``, or another registered subclass of
            MMPose's BasicBlock. Default: ``'RFM'``.
        in_channels (int): Width of the stem's output. Default: 64, F_1's.
        stem_channels (int): Width of the 7x7 convolution. Default: 64.
        num_outs (int, optional): Scales to return, from the finest. Default: all.
        block_cfg (dict, optional): More arguments of every block, such as
            ``dict(rate=3)`` or ``dict(with_cp=True)``.
        norm_cfg (dict, optional): The norm layers' config. Default: ``BN``.
        init_cfg (dict | list, optional): MMEngine's initialisation config.
            Default: HourglassNet's.

    Raises:
        ValueError: If a name or number is bad, or an image's sides do not divide
            by the coarsest level's stride.
    """

    def __init__(
        self,
        stage_channels: Sequence[int] = (64, 128, 256, 512),
        stage_blocks: Sequence[int] = (2, 2, 2, 4),
        block: str = 'RFM',
        in_channels: int = 64,
        stem_channels: int = 64,
        num_outs: int | None = None,
        block_cfg: dict | None = None,
        norm_cfg: dict | None = None,
        init_cfg: Any = None,
    ) -> None:
        default_init = [
            dict(type='Normal', std=0.001, layer=['Conv2d']),
            dict(type='Constant', val=1, layer=['_BatchNorm', 'GroupNorm']),
        ]
        super().__init__(init_cfg=init_cfg or default_init)
        self._check(stage_channels, stage_blocks, num_outs, in_channels, stem_channels)
        self.num_outs = num_outs or len(stage_channels)
        self.stride = 4 * 2 ** (len(stage_channels) - 1)
        kind = find_block(block, type(self).__name__)
        norm_cfg = norm_cfg or dict(type='BN')
        kwargs = dict(norm_cfg=norm_cfg, **(block_cfg or {}))
        self.stem = nn.Sequential(
            ConvModule(3, stem_channels, 7, padding=3, stride=2, norm_cfg=norm_cfg),
            ResLayer(kind, 1, stem_channels, in_channels, stride=2, **kwargs),
        )
        self.hourglass = HourglassLevel(
            kind, in_channels, tuple(stage_channels), tuple(stage_blocks), kwargs
        )

    def _check(
        self,
        channels: Sequence[int],
        blocks: Sequence[int],
        num_outs: int | None,
        in_channels: int,
        stem_channels: int,
    ) -> None:
        name = type(self).__name__
        check_positive_ints(name, in_channels=in_channels, stem_channels=stem_channels)
        if len(channels) < 2 or len(channels) != len(blocks):
            raise ConfigError(
                f'{name}: stage_channels={tuple(channels)!r} has {len(channels)} '
                f'levels and stage_blocks={tuple(blocks)!r} {len(blocks)}',
                'choose the same number for both, two or more',
            )
        for width, count in zip(channels, blocks, strict=True):
            check_positive_ints(name, stage_channels=width, stage_blocks=count)
        if num_outs is not None and num_outs not in range(1, len(channels) + 1):
            raise ConfigError(
                f'{name}: num_outs={num_outs!r} for {len(channels)} levels',
                f'choose from 1 to {len(channels)}, or None for all',
            )

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return F_1, F_2, ..., at strides 4, 8, ..., (N, C_n, H / s_n, W / s_n).

        Args:
            x (Tensor): (N, 3, H, W), H and W multiples of the coarsest stride.

        Raises:
            ValueError: If they are not.
        """
        height, width = x.shape[2:]
        if height % self.stride or width % self.stride:
            down = tuple(
                max(self.stride, int(side) // self.stride * self.stride)
                for side in (width, height)
            )
            raise ConfigError(
                f'{type(self).__name__}: an image of (w, h)=({width}, {height}); both '
                f'must be multiples of {self.stride}, or the levels do not meet',
                f"set the codec's input_size to {down}, or choose fewer levels",
            )
        return tuple(self.hourglass(self.stem(x))[: self.num_outs])


def find_block(name: str, owner: str) -> type[BasicBlock]:
    """Return the residual block of a name.

    Args:
        name (str): One of ``BLOCKS``, or a class registered in
            ``mmpose.registry.MODELS``.
        owner (str): The class named in the error.

    Raises:
        ValueError: If it names no subclass of MMPose's BasicBlock.
    """
    kind = BLOCKS.get(name) or (MODELS.get(name) if isinstance(name, str) else None)
    if not (isinstance(kind, type) and issubclass(kind, BasicBlock)):
        raise ConfigError(
            f'{owner}: block={name!r} is no residual block',
            f'choose from {", ".join(map(repr, BLOCKS))}, or register a subclass of '
            'BasicBlock in mmpose.registry.MODELS',
        )
    return kind
