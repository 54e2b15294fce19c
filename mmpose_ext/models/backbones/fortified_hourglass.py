"""SADI-Net's backbone: an hourglass of selectable blocks that returns all scales.

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

from ...utils import ConfigError, choose_from
from ...utils.checks import check_positive_int_lists, check_positive_ints
from ..layers import RFM
from ..utils.build import check_arguments, find_registered
from ..utils.image_size import check_image_size
from ..utils.layer_configs import check_layer_configs, explain_norm_groups
from ..utils.train_mode import ChainableTrain

BLOCKS: dict[str, type[BasicBlock]] = {'BasicBlock': BasicBlock, 'RFM': RFM}


class HourglassLevel(BaseModule):
    """One level of the hourglass with all levels below it.

    The parts have the names of MMPose's ``HourglassModule``, so that its weights
    load.

    Args:
        block (type[BasicBlock]): The residual block.
        in_channels (int): Channels of the level's input.
        channels (Sequence[int]): Widths of this level and of those below.
        blocks (Sequence[int]): Number of blocks of each.
        kwargs (dict): Arguments of every block.
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
class FortifiedHourglass(ChainableTrain, BaseBackbone):
    """One hourglass, whose block is chosen by name, that returns all its scales.

    ``7x7 s2-BN-ReLU -> block s2 -> hourglass``. With ``stem_channels=128``,
    ``in_channels=256``, the widths ``(256, 256, 384, 384, 384, 512)``,
    ``stage_blocks=(2, 2, 2, 2, 2, 4)`` and ``block='BasicBlock'`` it is MMPose's
    Hourglass-52, weight for weight, without its last 3x3 convolution, which here
    belongs to the head, and without the 1.18 M parameters that it never uses.

    Args:
        stage_channels (Sequence[int]): Widths of the levels, fine to coarse.
            Default: the paper's F_1 to F_4.
        stage_blocks (Sequence[int]): Number of blocks of each.
        block (str): ``'RFM'``, ``'BasicBlock'``, or another registered subclass of
            MMPose's BasicBlock. Default: ``'RFM'``.
        in_channels (int): Width of the stem's output. Default: 64, F_1's.
        stem_channels (int): Width of the 7x7 convolution. Default: 64.
        num_outs (int, optional): Scales to return, from the finest. Default: all.
        block_cfg (dict, optional): More arguments of every block, such as
            ``dict(rate=3)`` or ``dict(with_cp=True)``.
        norm_cfg (dict, optional): The norm layers' config. Default: ``BN``.
        init_cfg (dict | list, optional): MMEngine's initialization config.
            Default: HourglassNet's.

    Raises:
        ConfigError: If a name or number is bad.

    Example:
        >>> import torch
        >>> hourglass = FortifiedHourglass((16, 32), (1, 1), in_channels=16)
        >>> [tuple(x.shape) for x in hourglass(torch.rand(1, 3, 64, 64))]
        [(1, 16, 16, 16), (1, 32, 8, 8)]
    """

    @explain_norm_groups
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
        check_layer_configs(self, norm_cfg=norm_cfg, init_cfg=init_cfg)
        super().__init__(init_cfg=default_init if init_cfg is None else init_cfg)
        check_positive_ints(self, in_channels=in_channels, stem_channels=stem_channels)
        self._check_levels(stage_channels, stage_blocks, num_outs)
        self.num_outs = num_outs or len(stage_channels)
        self.stride = 4 * 2 ** (len(stage_channels) - 1)
        kind = find_block(block, self)
        block_cfg = {} if block_cfg is None else block_cfg
        widths = ('in_channels', 'out_channels')
        check_arguments(self, 'block_cfg', block_cfg, kind, widths)
        if 'norm_cfg' in block_cfg:
            fix = "set the network's own norm_cfg, which applies to all its parts"
            raise ConfigError(self, 'block_cfg', block_cfg, 'contains norm_cfg', fix)
        norm_cfg = norm_cfg or dict(type='BN')
        kwargs = {'norm_cfg': norm_cfg, **block_cfg}
        self.stem = nn.Sequential(
            ConvModule(3, stem_channels, 7, padding=3, stride=2, norm_cfg=norm_cfg),
            ResLayer(kind, 1, stem_channels, in_channels, stride=2, **kwargs),
        )
        self.hourglass = HourglassLevel(
            kind, in_channels, tuple(stage_channels), tuple(stage_blocks), kwargs
        )

    def _check_levels(
        self, channels: Sequence[int], blocks: Sequence[int], num_outs: int | None
    ) -> None:
        check_positive_int_lists(self, least=2, stage_channels=channels)
        levels = len(channels)
        check_positive_int_lists(self, length=levels, stage_blocks=blocks)
        if num_outs is not None:
            check_positive_ints(self, num_outs=num_outs)
        if num_outs is not None and num_outs > levels:
            raise ConfigError(
                self,
                'num_outs',
                num_outs,
                f'is more than the {levels} levels of stage_channels',
                f'choose from 1 to {levels}, or None for all',
            )

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return F_1, F_2, ..., at strides 4, 8, ..., (N, C_n, H / s_n, W / s_n).

        Args:
            x (Tensor): (N, 3, H, W), H and W multiples of the coarsest stride.

        Raises:
            ConfigError: If they are not.
        """
        check_image_size(self, x, self.stride, "the levels' sizes do not match")
        return tuple(self.hourglass(self.stem(x))[: self.num_outs])


def find_block(name: str, owner: Any) -> type[BasicBlock]:
    """Return the residual block with a given name.

    Args:
        name (str): One of ``BLOCKS``, or a class registered in
            ``mmpose.registry.MODELS``.
        owner (str | type | object): The class named in the error.

    Raises:
        ConfigError: If it names no subclass of MMPose's BasicBlock.
    """
    kind: Any = None
    if isinstance(name, str):
        kind = BLOCKS.get(name) or find_registered(MODELS, name)
    if not (isinstance(kind, type) and issubclass(kind, BasicBlock)):
        raise ConfigError(
            owner,
            'block',
            name,
            'names no residual block',
            f'{choose_from(BLOCKS, name)}, or register a subclass of BasicBlock in '
            'mmpose.registry.MODELS',
        )
    return kind
