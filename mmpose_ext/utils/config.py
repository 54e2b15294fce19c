"""Loading of configs by path, or by name inside a package."""

import argparse
import difflib
import inspect
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config, DictAction
from mmengine.runner import Runner

from .errors import UserError
from .reasons import reason_of

# Data sets whose folder a config reads from NAME_ROOT.
_DATA_SETS = ('COCO', 'LSP', 'LSPET', 'MPII', 'NTU60')
NAME_HELP = 'a path, or a name such as mmpose::body_2d_keypoint/.../x.py'


class _OptionAction(DictAction):
    """MMEngine's action, with a one-line error for arguments other than KEY=VALUE."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        wrong = [value for value in values if not value.partition('=')[1]]
        if wrong:
            parser.error(f'argument {option_string}: {wrong[0]!r} is not KEY=VALUE')
        try:
            super().__call__(parser, namespace, values, option_string)
        except Exception as error:
            parser.error(f'argument {option_string}: {reason_of(error)}')


def add_cfg_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--cfg-options``, in the same form for every tool.

    Args:
        parser (argparse.ArgumentParser): The tool's parser.
    """
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=_OptionAction,
        metavar='KEY=VALUE',
        help='settings of the config to override',
    )


def add_config_arguments(
    parser: argparse.ArgumentParser, what: str = 'the config'
) -> None:
    """Add the argument ``config`` and the option ``--cfg-options``.

    :func:`load_config` takes both.

    >>> parser = argparse.ArgumentParser()
    >>> add_config_arguments(parser)
    >>> args = parser.parse_args(['net.py', '--cfg-options', 'train_cfg.max_epochs=1'])
    >>> args.config, args.cfg_options
    ('net.py', {'train_cfg.max_epochs': 1})

    Args:
        parser (argparse.ArgumentParser): The tool's parser.
        what (str): What the config must be, such as "a top-down config".
    """
    parser.add_argument('config', help=f'{what}: {NAME_HELP}')
    add_cfg_options(parser)


def add_models(parser: argparse.ArgumentParser) -> None:
    """Add ``--model NAME CONFIG CHECKPOINT``, for tools that compare networks.

    Args:
        parser (argparse.ArgumentParser): The tool's parser.
    """
    parser.add_argument(
        '--model',
        action='append',
        nargs=3,
        required=True,
        metavar=('NAME', 'CONFIG', 'CHECKPOINT'),
        help='may be repeated; the test set is that of the first config',
    )


def load_config(
    name: str | os.PathLike, options: dict | None = None, imports: bool = True
) -> Config:
    """Load a config from its path, or from a package by ``package::path``.

    >>> _ = Path('net.py').write_text('optimizer = dict(lr=0.1)')
    >>> load_config('net.py', {'optimizer.lr': 0.01}).optimizer.lr
    0.01
    >>> load_config('mmpose::_base_/default_runtime.py').default_scope
    'mmpose'
    >>> load_config('nte.py')
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: no config nte.py; give a path, or a name ...

    Args:
        name (str | os.PathLike): The config, such as ``configs/.../x.py`` or
            ``mmpose::body_2d_keypoint/.../x.py``.
        options (dict, optional): Settings to override, with dotted keys, as parsed
            from ``--cfg-options``.
        imports (bool): Whether to import the config's ``custom_imports``.
            Default: True.

    Returns:
        Config: The config, with its bases and the options merged.

    Raises:
        UserError: If the config does not exist or cannot be read, or an option does
            not fit it.
    """
    text, fix = str(name), f'give {NAME_HELP}'
    try:
        if '::' in text:
            config = Config.fromstring(f'_base_ = [{text!r}]', '.py')
        elif not Path(text).is_file():
            raise UserError(f'no config {text}', fix)
        else:
            config = Config.fromfile(text, import_custom_modules=imports)
    except UserError:
        raise
    # A config is a program: it may raise anything, or call exit().
    except (Exception, SystemExit) as error:
        _check_roots(os.environ)
        raise UserError(
            f'cannot read the config {text}: {reason_of(error)}', fix
        ) from error
    # With double quotes the config is valid Python, but its folder does not exist.
    _check_roots(config.env_variables)
    merge_options(config, options or {}, text)
    # For messages, since a config by name was read from a temporary file.
    if '::' in text:
        object.__setattr__(config, '_filename', text)
    return config


def _check_roots(variables: Mapping[str, str]) -> None:
    """Raise if a data folder's name is why a config cannot be read.

    MMEngine pastes environment variables into the config's Python source.
    """
    for name, value in sorted(variables.items()):
        wrong = not value or any(sign in value for sign in '\'"\\\n')
        if name.endswith('_ROOT') and name.split('_')[0] in _DATA_SETS and wrong:
            raise UserError(
                f'{name}={value!r} is empty or holds a quote or backslash, which '
                'MMEngine cannot read in a config',
                'link the data to another path, or leave it out and give the '
                'paths with --cfg-options',
            )


def merge_options(config: Config, options: dict, name: str) -> None:
    """Override settings of a config.

    >>> config = Config(dict(optimizer=dict(lr=0.1)))
    >>> merge_options(config, {'optimizer.lr': 0.01}, 'net.py')
    >>> config.optimizer.lr
    0.01

    Args:
        config (Config): The config; changed in place.
        options (dict): Settings with dotted keys, as parsed from ``--cfg-options``.
        name (str): The config's name, for messages.

    Raises:
        UserError: If an option does not fit the config, or its key is probably a
            misspelled one of the config.
    """
    for key in options:
        _check_spelling(config, key)
    try:
        config.merge_from_dict(options)
    except Exception as error:  # MMEngine raises several types for a wrong key
        raise UserError(
            f'the options {options} do not fit the config {name}: {reason_of(error)}',
            'give keys that the config has, such as train_cfg.max_epochs=1',
        ) from error


def _check_spelling(config: Config, key: str) -> None:
    """Raise if a key is new and nearly a known one: MMEngine would add it unread."""
    part: Any = config
    names = key.split('.')
    # Settings of the runner, which a config may leave out.
    others = [*inspect.signature(Runner.__init__).parameters, 'auto_scale_lr']
    for number, name in enumerate(names):
        # An item of a list; or arguments of a class, which knows its own.
        if not isinstance(part, (dict, Config)) or 'type' in part:
            return
        if name not in part:
            known = [*map(str, part), *(others if part is config else [])]
            close = [] if name in known else _near(name, known)
            if close:
                meant = '.'.join([*names[:number], close[0], *names[number + 1 :]])
                raise UserError(
                    f'the config has no setting {".".join(names[: number + 1])}',
                    f'write {meant}, or put a new setting into the config',
                )
            return
        part = part[name]


def _near(name: str, known: list[str]) -> list[str]:
    # stage2 beside stage1 is no mistake.
    bare = re.sub(r'\d', '', name)
    others = [k for k in known if re.sub(r'\d', '', k) != bare]
    return difflib.get_close_matches(name, others, n=1, cutoff=0.85)


def require(config: Config, key: str) -> Any:
    """Return a part of a config that a tool requires.

    >>> config = Config(dict(model=dict(type='TopdownPoseEstimator')))
    >>> require(config, 'model.type')
    'TopdownPoseEstimator'
    >>> require(config, 'test_dataloader.dataset')
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: the config has no test_dataloader; choose ...

    Args:
        config (Config): The config.
        key (str): Names separated by dots.

    Raises:
        UserError: If the config lacks it, or it is empty.
    """
    part: Any = config
    names = key.split('.')
    for number, name in enumerate(names, start=1):
        part = part.get(name) if isinstance(part, (dict, Config)) else None
        if not part:
            raise UserError(
                f'{config.filename or "the config"} has no {".".join(names[:number])}',
                'choose the config of a pose estimator that can be trained and tested',
            )
    return part
