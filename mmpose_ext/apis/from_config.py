"""Builds data sets and models from configs."""

import copy
import os
from typing import Any

from mmengine.config import Config
from mmengine.dataset import BaseDataset
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS, MODELS
from torch import nn

from ..compat.matching import all_weights_required
from ..compat.weight_cache import fetch_weights
from ..utils.config import require
from ..utils.devices import check_device
from ..utils.errors import UserError
from ..utils.reasons import reason_of


def build_dataset(config: Config, split: str = 'test', **overrides: Any) -> BaseDataset:
    """Build the data set of a config's loader.

    >>> config = Config(dict(test_dataloader=dict(dataset=dict(
    ...     type='SyntheticPoseDataset', num_images=2))))
    >>> len(build_dataset(config, persons=(1, 1)))
    2

    Args:
        config (Config): The config.
        split (str): ``'train'``, ``'val'`` or ``'test'``. Default: ``'test'``.
        **overrides (Any): Arguments of the data set to override.

    Returns:
        BaseDataset: The data set, fully initialized.

    Raises:
        UserError: If the config has no such data set, or it cannot be built.
    """
    settings = require(config, f'{split}_dataloader.dataset')
    init_default_scope(config.get('default_scope', 'mmpose'))
    try:
        return DATASETS.build({**settings, **overrides})
    # A data set may raise anything for its arguments and its files.
    except Exception as error:
        raise UserError(
            f'the data set of {split}_dataloader in {config.filename or "the config"} '
            f'cannot be built: {reason_of(error)}',
            'give the files with data_root, or check them with '
            'tools/misc/check_dataset.py',
        ) from error


def build_model(config: Config) -> nn.Module:
    """Build a config's model with fresh weights, in training mode.

    Args:
        config (Config): The config.

    Returns:
        nn.Module: The model; ``init_weights`` has not been called.

    Raises:
        UserError: If the config has no model, or it cannot be built.
    """
    require(config, 'model.type')
    init_default_scope(config.get('default_scope', 'mmpose'))
    try:
        return MODELS.build(config.model)
    except UserError:
        raise
    except Exception as error:  # a model may raise anything for its arguments
        raise UserError(
            f'the model of {config.filename or "the config"} cannot be built: '
            f'{reason_of(error)}',
            'correct its arguments, or choose the config of a pose estimator',
        ) from error


def load_model(
    config: Config, checkpoint: str | os.PathLike | None = None, device: str = 'cpu'
) -> nn.Module:
    """Build a config's model, load its weights, and put it into evaluation mode.

    Args:
        config (Config): The config.
        checkpoint (str | os.PathLike, optional): The weights, which must be complete.
            Default: none, for random weights.
        device (str): Device to use. Default: ``'cpu'``.

    Returns:
        nn.Module: The model.

    Raises:
        UserError: If the config has no model, or the model, the weights or the device
            cannot be used.
    """
    # mmpose.models cannot be imported before the plugin, which may import this.
    from mmpose.apis import init_model

    require(config, 'model.type')
    check_device(device)
    try:
        weights = None if checkpoint is None else str(checkpoint)
        if weights and weights.startswith(('http://', 'https://')):
            # MMEngine's loader would suggest options that only training has.
            weights = str(fetch_weights(weights))
        with all_weights_required():
            return init_model(copy.deepcopy(config), weights, device)
    except UserError:
        raise
    except Exception as error:  # a model may raise anything for its arguments
        raise UserError(
            f'the model of {config.filename or "the config"} with checkpoint '
            f'{checkpoint} cannot be used: {reason_of(error)}',
            'give a config of MMPose and the weights that were trained with it',
        ) from error
