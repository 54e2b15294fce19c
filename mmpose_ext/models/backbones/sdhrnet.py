"""SDHRNet: HRNet of half-channel depthwise blocks with semantic enhancement.

Paper: "Lightweight Multi-Resolution Network for Human Pose Estimation",
section 3 (Li et al., CMES 138(3), 2024, doi 10.32604/cmes.2023.030677).
"""

from typing import Any

import torch
from mmpose.models.backbones.hrnet import HRNet
from mmpose.models.backbones.resnet import get_expansion
from mmpose.registry import MODELS
from torch import Tensor

from ...utils import ConfigError, check_choice
from ...utils.checks import check_bools
from ..layers.scr_block import SCRBlock
from ..utils.build import build_attention
from ..utils.hrnet import check_stages, fusion_divisor
from ..utils.image_size import check_image_size
from ..utils.inherited import check_inherited
from ..utils.layer_configs import explain_norm_groups
from ..utils.train_mode import ChainableTrain

SEM = dict(type='SemanticEnhancement')


def make_extra(
    width: int,
    modules: tuple[int, int, int],
    blocks: int,
    stem: tuple[int, int],
    block: str = 'SCR',
) -> dict:
    """Return HRNet's ``extra`` with one kind of block in stages 2 to 4.

    Args:
        width (int): Channels of the highest resolution; each lower one doubles.
        modules (tuple[int, int, int]): Number of modules in each of stages 2 to 4.
        blocks (int): Blocks per branch of a module.
        stem (tuple[int, int]): Blocks and channels of stage 1's Bottlenecks,
            whose output has four times the channels.
        block (str): The block of stages 2 to 4. Default: 'SCR'.
    """
    extra = dict(
        stage1=dict(
            num_modules=1,
            num_branches=1,
            block='BOTTLENECK',
            num_blocks=(stem[0],),
            num_channels=(stem[1],),
        )
    )
    for branches, count in enumerate(modules, start=2):
        extra[f'stage{branches}'] = dict(
            num_modules=count,
            num_branches=branches,
            block=block,
            num_blocks=(blocks,) * branches,
            num_channels=tuple(width * 2**i for i in range(branches)),
        )
    return extra


@MODELS.register_module()
class SDHRNet(ChainableTrain, HRNet):
    """HRNet whose BasicBlocks are SCR blocks, with SEM before its last stage.

    ``stem -> layer1 = f_LLF -> SDHRStage1-3 (HRNet's stages 2-4)``. Transitions
    and fusion are HRNet's. SEM ends the transition that makes the lowest
    resolution, before SDHRStage3 (section 3 and Fig. 2).

    Args:
        extra (dict, optional): The stages, as for :class:`~mmpose.models.HRNet`;
            besides ``'BASIC'`` and ``'BOTTLENECK'``, the block ``'SCR'`` is available.
            Default: the preset's.
        arch (str): The preset, used if ``extra`` is not given: ``'w32'`` is
            the paper's; ``'w16'`` and ``'w8'`` keep its depth; ``'w16-small'``
            and ``'w8-small'`` have one module per stage and two blocks per branch.
            Default: 'w32'.
        sem (dict, optional): SEM's config; ``in_channels`` is the width of the
            lowest resolution and may be left out. None: no SEM. Default:
            ``dict(type='SemanticEnhancement')``.
        out_low_level (bool): Whether to put f_LLF before the feature maps.
            Default: True.
        channels_last (bool): Whether to compute in the channels-last memory
            format, which changes only the speed. Default: False.
        **kwargs: Arguments of :class:`~mmpose.models.HRNet`. ``zero_init_residual``
            applies only to stage 1's Bottlenecks: an SCR block that starts at zero has
            no gradient.

    Raises:
        ConfigError: If the preset, a block, a width or SEM's channels do not fit.

    Example:
        >>> import torch
        >>> low, high = SDHRNet(arch='w8-small')(torch.rand(1, 3, 64, 64))
        >>> low.shape, high.shape
        (torch.Size([1, 128, 16, 16]), torch.Size([1, 8, 16, 16]))
    """

    blocks_dict = {**HRNet.blocks_dict, 'SCR': SCRBlock}

    arch_settings: dict[str, dict[str, Any]] = {
        'w32': dict(width=32, modules=(1, 4, 3), blocks=4, stem=(4, 64)),
        'w16': dict(width=16, modules=(1, 4, 3), blocks=4, stem=(4, 64)),
        'w8': dict(width=8, modules=(1, 4, 3), blocks=4, stem=(4, 64)),
        'w16-small': dict(width=16, modules=(1, 1, 1), blocks=2, stem=(2, 32)),
        'w8-small': dict(width=8, modules=(1, 1, 1), blocks=2, stem=(2, 32)),
    }

    @explain_norm_groups
    def __init__(
        self,
        extra: dict | None = None,
        arch: str = 'w32',
        sem: dict | None = SEM,
        out_low_level: bool = True,
        channels_last: bool = False,
        **kwargs: Any,
    ) -> None:
        if extra is None:
            check_choice(self, 'arch', arch, self.arch_settings)
            extra = make_extra(**self.arch_settings[arch])
        check_stages(self, extra, self.blocks_dict)
        check_inherited(self, num_stages=4, **kwargs)
        check_bools(self, out_low_level=out_low_level, channels_last=channels_last)
        if kwargs.get('zero_init_residual') and any(
            self.blocks_dict[extra[f'stage{number}']['block']] is SCRBlock
            for number in (1, 2, 3, 4)
        ):
            raise ConfigError(
                self,
                'zero_init_residual',
                True,
                'is not supported with SCR blocks: half of the channels of their last '
                'convolution pass a ReLU, and would stay zero',
                "leave it out, or choose the blocks 'BASIC' and 'BOTTLENECK'",
            )
        super().__init__(extra, **kwargs)
        self.out_low_level = out_low_level
        if sem is not None:
            self._append_sem(sem)
            self._freeze_stages()
        self.memory_format = torch.preserve_format
        if channels_last:
            self.memory_format = torch.channels_last
            self.to(memory_format=torch.channels_last)

    def _append_sem(self, sem: dict) -> None:
        """Append SEM to the transition to the lowest resolution."""
        before, after = self.stage3_cfg['num_branches'], self.stage4_cfg['num_branches']
        if after <= before:
            raise ConfigError(
                self,
                'sem',
                sem,
                "enhances the branch that stage4 adds, and extra['stage4'] with "
                f"num_branches={after} adds none to stage3's {before}",
                f'give it {before + 1}, or set sem=None',
            )
        block = self.blocks_dict[self.stage4_cfg['block']]
        width = self.stage4_cfg['num_channels'][-1] * get_expansion(block)
        given = sem.get('in_channels', width) if isinstance(sem, dict) else width
        if given != width:
            raise ConfigError(
                self,
                'sem.in_channels',
                given,
                f'does not fit the branch that it enhances, which is {width} wide',
                f'leave it out, or choose {width}',
            )
        layer = build_attention(
            sem,
            width,
            self,
            'sem',
            offered=dict(norm_cfg=self.norm_cfg, conv_cfg=self.conv_cfg),
        )
        self.transition3[-1].append(layer)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return f_LLF, if asked for, and the feature maps, highest first.

        Args:
            x (Tensor): Images, (N, 3, H, W); H and W multiples of 32.

        Returns:
            tuple[Tensor, ...]: f_LLF, (N, 4 stem width, H / 4, W / 4), and
            (N, width, H / 4, W / 4); lower resolutions too if ``extra['stage4']`` has
            ``multiscale_output``.

        Raises:
            ConfigError: If HRNet cannot fuse the resolutions of an input of this size.
        """
        check_image_size(self, x, fusion_divisor(self), 'HRNet cannot fuse', stem=4)
        x = x.to(memory_format=self.memory_format)
        x = self.relu(self.norm1(self.conv1(x)))
        x = self.relu(self.norm2(self.conv2(x)))
        low = self.layer1(x)
        maps = [low]
        for transition, stage in (
            (self.transition1, self.stage2),
            (self.transition2, self.stage3),
            (self.transition3, self.stage4),
        ):
            maps = stage(
                [
                    maps[i] if layer is None else layer(maps[-1])
                    for i, layer in enumerate(transition)
                ]
            )
        return (low, *maps) if self.out_low_level else tuple(maps)
