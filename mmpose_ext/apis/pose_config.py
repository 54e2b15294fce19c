"""Reading and adapting the config of a pose estimator that predicts."""

import copy
import os
from typing import Any

from mmengine.config import Config

from ..datasets.conventions import CONVENTIONS, metainfo_file
from ..utils.errors import UserError
from .zoo import find_model


def find_config(
    config: str | os.PathLike | Config, weights: str | os.PathLike | None
) -> tuple[Config, str | os.PathLike | None, str]:
    """Return a config that may be changed, its weights, and what they are."""
    if isinstance(config, Config):
        return copy.deepcopy(config), weights, f'weights {weights}'
    model = find_model(config, weights)
    return copy.deepcopy(model.config), model.weights, model.about


def name_of(config: Config) -> str:
    """Return the file of a config, for messages."""
    return config.filename or 'the config'


def return_heatmaps(config: Config, one_stage: bool) -> None:
    """Set a config so that the network returns its heat maps."""
    if one_stage:
        raise UserError(
            f'{name_of(config)} makes no heat maps', 'choose a top-down network'
        )
    config.merge_from_dict({'model.test_cfg.output_heatmaps': True})


def data_mode(config: Config) -> str:
    """Return ``'topdown'`` or ``'bottomup'``, as MMPose's inferencers read it."""
    mode = config.get('data_mode') or config.test_dataloader.dataset.get('data_mode')
    if mode not in ('topdown', 'bottomup'):
        raise UserError(
            f'{name_of(config)} is not of a 2D pose estimator: its '
            f'data_mode is {mode!r}',
            "choose one with data_mode 'topdown' or 'bottomup'",
        )
    return mode


def correct_meta(model: Any, config: Config) -> None:
    """Take the joints from the config's ``convention``, which MMPose does not know.

    This applies only if the checkpoint has no metainfo of its data set.
    """
    data = config.get('train_dataloader') or config.test_dataloader
    convention = data.dataset.get('convention')
    if convention in CONVENTIONS and 'metainfo' not in data.dataset:
        from mmpose.datasets.datasets.utils import parse_pose_metainfo

        joints = len(CONVENTIONS[convention])
        if len(model.dataset_meta['keypoint_id2name']) != joints:
            file = metainfo_file(convention)
            model.dataset_meta = parse_pose_metainfo(dict(from_file=file))
