"""Checks shared by the backbones that derive from HRNet."""

from collections.abc import Container
from typing import Any

from mmpose.models.backbones.hrnet import HRNet

from ...utils import ConfigError, choose_from
from ...utils.checks import check_positive_int_lists, check_positive_ints
from ...utils.errors import list_choices

STAGE_KEYS = ('block', 'num_blocks', 'num_channels', 'num_modules', 'num_branches')


def check_stages(owner: Any, extra: Any, blocks: Container[str]) -> None:
    """Raise unless ``extra`` describes HRNet's four stages.

    Args:
        owner (str | type | object): The backbone.
        extra (dict): Its stages, in the form that :class:`~mmpose.models.HRNet` takes.
        blocks (Container[str]): Names of the blocks that it knows.

    Raises:
        ConfigError: If it does not; the error names the stage and what is wrong in it.
    """
    if not isinstance(extra, dict):
        raise ConfigError(
            owner, 'extra', extra, 'must be a dict', 'give stage1 to stage4'
        )
    for number in (1, 2, 3, 4):
        name = f"extra['stage{number}']"
        stage = extra.get(f'stage{number}')
        if not isinstance(stage, dict):
            raise ConfigError(owner, name, stage, 'must be a dict', 'give the stage')
        needed = STAGE_KEYS[:3] if number == 1 else STAGE_KEYS
        missing = [key for key in needed if key not in stage]
        if missing:
            raise ConfigError(
                owner,
                name,
                stage,
                f'lacks {", ".join(missing)}',
                f'give a stage {", ".join(needed)}',
            )
        if stage['block'] not in list_choices(blocks):
            raise ConfigError(
                owner,
                f"{name}['block']",
                stage['block'],
                'is unknown',
                choose_from(blocks, stage['block']),
            )
        length = None
        if number > 1:
            check_positive_ints(
                owner,
                **{f'{name}[{key!r}]': stage[key] for key in STAGE_KEYS[3:]},
            )
            length = stage['num_branches']
        check_positive_int_lists(
            owner,
            length=length,
            **{f'{name}[{key!r}]': stage[key] for key in STAGE_KEYS[1:3]},
        )


def fusion_divisor(network: HRNet) -> int:
    """Return the number that the sides of an input must be multiples of to be fused.

    Args:
        network (HRNet): The backbone.
    """
    return 4 * 2 ** (int(network.stage4_cfg['num_branches']) - 1)
