"""Builds data sets and models from configs."""

import copy
import os
import re
from collections.abc import Iterator
from typing import Any

import torch
from mmengine.config import Config
from mmengine.dataset import BaseDataset
from mmengine.registry import init_default_scope
from mmengine.runner.checkpoint import CheckpointLoader
from mmpose.registry import DATASETS, MODELS
from torch import nn

from ..compat.matching import all_weights_required, check_unless_partial
from ..compat.shipped_weights import SCHEME
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


def check_checkpoint(config: Config, path: str | None) -> None:
    """Check that a local checkpoint can be read and fits the model of a run.

    Called before the runner is built, since that prints the whole config.

    >>> config = Config(dict(model=dict(type='HRNet')))
    >>> check_checkpoint(config, 'none.pth')
    Traceback (most recent call last):
    mmpose_ext.compat.checkpoint.CheckpointError: checkpoint none.pth ...

    Args:
        config (Config): The config.
        path (str, optional): The file, or a URL, which is not checked.

    Raises:
        CheckpointError: If the file cannot be read, or fewer of the model's tensors are
            in it than a run asks for.
    """
    checkpoint = _load_here(path) if path else None
    if checkpoint is None:
        return
    try:
        with torch.device('meta'):
            model = build_model(config)
    except Exception:  # the runner says what is wrong with the model
        return
    # MMEngine leaves out the prefix of a distributed model, too.
    weights = checkpoint['state_dict'].items()
    state = {re.sub(r'^module\.', '', name): weight for name, weight in weights}
    check_unless_partial(model, state)


def _load_here(path: str) -> dict | None:
    """Load a checkpoint that is on this machine; None stands for a URL."""
    if '://' in path and not path.startswith(SCHEME):
        return None
    return CheckpointLoader.load_checkpoint(path, map_location='cpu', logger='silent')


def check_pretrained(config: Config) -> None:
    """Check that the local files of pretrained parts can be read.

    >>> part = dict(type='HRNet', init_cfg=dict(type='Pretrained', checkpoint='w.pth'))
    >>> check_pretrained(Config(dict(model=dict(backbone=part))))
    Traceback (most recent call last):
    mmpose_ext.compat.checkpoint.CheckpointError: checkpoint w.pth ...

    Args:
        config (Config): The config; URLs in it are not checked.

    Raises:
        CheckpointError: If a file cannot be read.
    """
    for path in sorted(set(_pretrained(config.get('model')))):
        _load_here(path)


def _pretrained(part: Any) -> Iterator[str]:
    """Yield the checkpoint of every ``init_cfg`` in a model's config."""
    if isinstance(part, list | tuple):
        part = dict(enumerate(part))
    if not isinstance(part, dict):
        return
    path = part.get('checkpoint')
    if part.get('type') == 'Pretrained' and isinstance(path, str):
        yield path
    for value in part.values():
        yield from _pretrained(value)
