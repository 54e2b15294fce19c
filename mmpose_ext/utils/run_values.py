"""Checks of a run's settings, before anything is built."""

from typing import Any

from mmengine.config import Config

from .checks.values import is_int
from .config import require
from .errors import UserError

# What each part of a run cannot do without.
_REQUIRED = {
    'train': ('model', 'train_dataloader.dataset', 'train_cfg', 'optim_wrapper'),
    'val': (),
    'test': ('model', 'test_dataloader.dataset', 'test_evaluator'),
}
# Whole numbers of loops and loaders, with their least values.
_LOOP = {'max_epochs': 1, 'max_iters': 1, 'val_interval': 1}
_LOADER = {'batch_size': 1, 'num_workers': 0, 'prefetch_factor': 1}


def check_values(config: Config, *parts: str) -> None:
    """Check that a config has the parts of a run, and the numbers of its loops.

    MMEngine trains nothing for -1 epochs and finds an interval of 0 after the first
    epoch.

    >>> loader = dict(batch_size=0, dataset=dict(type='CocoDataset'))
    >>> config = Config(dict(model=dict(type='X'), test_evaluator=dict(type='Y')))
    >>> config.test_dataloader = loader
    >>> check_values(config, 'test')
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: test_dataloader.batch_size=0 is not a whole ...

    Args:
        config (Config): The config.
        *parts (str): ``'train'``, ``'val'`` or ``'test'``.

    Raises:
        UserError: For the first part that is missing or value that cannot be used.
    """
    for part in parts:
        for key in _REQUIRED[part]:
            require(config, key)
        for name, least in ((f'{part}_cfg', _LOOP), (f'{part}_dataloader', _LOADER)):
            settings = config.get(name)
            if settings is None:
                continue
            if not isinstance(settings, dict):
                raise UserError(
                    f'{name}={settings!r:.60} is not a dict', f'write {name}=dict(...)'
                )
            for key, low in least.items():
                _check_number(settings.get(key), f'{name}.{key}', low)
    if not isinstance(config.get('work_dir', ''), str):
        raise UserError(f'work_dir={config.work_dir!r} is not a path', 'give a folder')


def _check_number(value: Any, name: str, low: int) -> None:
    """Raise unless a value is None or a whole number from ``low``."""
    if value is not None and not (is_int(value) and value >= low):
        raise UserError(
            f'{name}={value!r:.60} is not a whole number from {low}',
            'correct it in the config or with --cfg-options',
        )
