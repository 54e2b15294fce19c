"""Options, checks and runner shared by ``tools/train.py`` and ``tools/test.py``."""

import argparse
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from .config import NAME_HELP, add_cfg_options, load_config, merge_options
from .errors import UserError
from .io import check_output
from .reasons import reason_of
from .run_values import check_values

# MMEngine's deprecation notes about its own code, which users cannot act on.
_OUTDATED = ('"FileClient" will be deprecated', '"HardDiskBackend" is the alias')


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that MMPose's `train.py` and `test.py` have in common.

    Args:
        parser (argparse.ArgumentParser): The tool's parser.
    """
    add = parser.add_argument
    add('config', help=f'the config: {NAME_HELP}')
    add('--work-dir', help='folder of logs, checkpoints and results')
    add('--show-dir', help='folder for pictures of predictions')
    add('--show', action='store_true', help='show predictions in a window')
    add('--interval', type=int, default=1, help='draw every Nth sample (%(default)s)')
    add('--wait-time', type=float, default=1, help='seconds a window stays')
    add_cfg_options(parser)
    launchers = ('none', 'pytorch', 'slurm', 'mpi')
    add('--launcher', choices=launchers, default='none', help='job launcher')
    # torch.distributed.launch passes it.
    add('--local_rank', '--local-rank', type=int, default=0, help=argparse.SUPPRESS)


def config_of(
    args: argparse.Namespace, put_options: Callable[[Config], None], *parts: str
) -> Config:
    """Load the config of a run and apply the command-line options to it.

    Args:
        args (argparse.Namespace): Parsed options of :func:`add_run_options`.
        put_options (Callable): Function that applies the options of one tool to the
            config. ``--cfg-options`` are applied last and override them.
        *parts (str): Parts of the run: ``'train'``, ``'val'`` or ``'test'``.

    Returns:
        Config: The config.

    Raises:
        UserError: If the config cannot be loaded, lacks a part of the run, an option
            does not fit it, or a folder cannot be written to.
    """
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    config = load_config(args.config)
    check_values(config, *parts)  # the options below need the parts
    config.launcher = args.launcher
    if args.work_dir or not config.get('work_dir'):
        name = Path(args.config.rpartition('::')[2]).stem
        config.work_dir = args.work_dir or str(Path('work_dirs') / name)
    if args.show_dir:
        check_output(Path(args.show_dir) / 'picture')
    _show(config, args)
    put_options(config)
    merge_options(config, args.cfg_options or {}, args.config)
    check_values(config, *parts)
    check_output(Path(config.work_dir) / 'log')
    return config


def _show(config: Config, args: argparse.Namespace) -> None:
    """Enable the pictures of predictions if they are requested."""
    # With --badcase the window shows the bad cases.
    window = args.show and not getattr(args, 'badcase', False)
    if not window and not args.show_dir:
        return
    hook = config.get('default_hooks', {}).get('visualization')
    if not hook:
        raise UserError(
            f'{args.config} has no default_hooks.visualization for --show, --show-dir',
            "add visualization=dict(type='PoseVisualizationHook') to it",
        )
    hook.update(
        enable=True,
        show=window,
        out_dir=args.show_dir,
        interval=args.interval,
        wait_time=args.wait_time if window else 0,
    )


def resume_newest(config: Config) -> None:
    """Let a run continue, or start as its config says if there is nothing to continue.

    MMEngine would resume from ``load_from``, so :class:`.SafeCheckpointHook` gets it.

    Args:
        config (Config): The config; changed in place.
    """
    hook = checkpoint_hook(config)
    if config.get('load_from') and hook.get('type') == 'SafeCheckpointHook':
        hook.setdefault('start_from', config.load_from)
    config.resume = True
    config.load_from = None


def checkpoint_hook(config: Config) -> dict:
    """Return the settings of the hook that saves checkpoints, if there are any.

    Args:
        config (Config): The config.
    """
    return (config.get('default_hooks') or {}).get('checkpoint') or {}


def check_data(config: Config, *parts: str) -> None:
    """Check that the files of a config's data sets exist, before building anything.

    Args:
        config (Config): The config.
        *parts (str): ``'train'``, ``'val'`` or ``'test'``.

    Raises:
        UserError: For the first missing annotation, box file or image folder.
    """
    for part in parts:
        loader = config.get(f'{part}_dataloader')
        settings = loader.get('dataset') if isinstance(loader, dict) else None
        for dataset in _datasets(settings):
            for what, path in _files(dataset):
                there = os.path.isdir if what == 'folder' else os.path.isfile
                if '://' not in path and not there(path):
                    raise UserError(
                        f'the {part} data are missing: there is no {what} {path}',
                        'check data_root, or the *_ROOT variable that the config '
                        'reads it from (docs/datasets.md)',
                    )


def _datasets(dataset: Any) -> Iterator[dict]:
    """Yield the settings of a data set, or of those inside a wrapper."""
    if isinstance(dataset, dict):
        inner = [*(dataset.get('datasets') or ()), dataset.get('dataset')]
        yield dataset
        for part in inner:
            yield from _datasets(part)


def _files(dataset: dict) -> Iterator[tuple[str, str]]:
    """Yield the files that a data set reads, joined as in its ``_join_prefix``."""
    root = dataset.get('data_root') or ''
    if annotation := dataset.get('ann_file'):
        yield 'annotation file', os.path.join(root, annotation)
    prefixes = dataset.get('data_prefix') or {}
    if annotation:
        for prefix in prefixes.values():
            if isinstance(prefix, str):
                yield 'folder', os.path.join(root, prefix)
    if boxes := dataset.get('bbox_file'):
        yield 'box file', boxes


def build_runner(config: Config) -> Runner:
    """Build MMEngine's runner without its deprecation notes about its own code.

    Args:
        config (Config): The config.

    Returns:
        Runner: The runner.

    Raises:
        UserError: If the work folder cannot be created, or the settings cannot be
            used.
    """
    if 'preprocess_cfg' in config:
        config.model.setdefault('data_preprocessor', config.preprocess_cfg)
    try:
        os.makedirs(config.work_dir, exist_ok=True)
    except OSError as error:
        raise UserError(
            f'cannot write {config.work_dir}: {error.strerror}',
            'choose a folder that you can write to with --work-dir',
        ) from error
    try:
        runner = Runner.from_cfg(config)
    except UserError:
        raise
    except Exception as error:  # parts may raise anything
        raise _unusable(config, error) from error
    runner.logger.addFilter(_is_news)
    return runner


class _Started(Hook):
    """Notes that a run has been set up completely."""

    def __init__(self) -> None:
        self.started = False

    def before_train(self, runner: Runner) -> None:
        self.started = True

    def before_test(self, runner: Runner) -> None:
        self.started = True


@contextmanager
def setup_errors(runner: Runner) -> Iterator[None]:
    """Report an error of the settings as one line, until the run starts.

    MMEngine builds loaders, optimizer and hooks when a run starts, and they may raise
    anything for a setting that they do not take. Later errors are those of the code.

    Args:
        runner (Runner): The runner, whose method is called in the block.

    Yields:
        None: The block runs.

    Raises:
        UserError: If the run cannot be set up.
    """
    hook = _Started()
    runner.register_hook(hook, priority='LOWEST')
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        if hook.started:
            raise
        raise _unusable(runner.cfg, error) from error


def _unusable(config: Config, error: Exception) -> UserError:
    return UserError(
        f'the settings of {config.filename or "the config"} cannot be used: '
        f'{reason_of(error)}',
        'correct the config or --cfg-options, or check the data with '
        'tools/misc/check_dataset.py; MMPOSE_EXT_TRACEBACK=1 shows where',
    )


def _is_news(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(_OUTDATED)
