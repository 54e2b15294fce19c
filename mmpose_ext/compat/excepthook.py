"""Exception hook that prints errors a user can fix as one line, without traceback.

``mim train mmpose`` runs MMPose's own script, so the project has no ``main`` in
which it could catch errors there. The hook shortens the project's own error
classes and a few of MMPose's and MMEngine's that come from bad input; set
``MMPOSE_EXT_TRACEBACK=1`` to see tracebacks again.
"""

import errno
import json
import os
import re
import sys
import traceback
from types import TracebackType

from ..utils.errors import MissingOpError, UserError
from ..utils.reasons import BUILD_PREFIX
from .requirements import DependencyError

OWN_ERRORS = (UserError, DependencyError, MissingOpError)
NO_PLACE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)


def _last_line(error: BaseException) -> str:
    """Return the message; for a data loader's worker, the end of its traceback."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    text = lines[-1]
    prefix, _, rest = text.partition(': ')
    if len(lines) > 1 and prefix.startswith('mmpose_ext.') and ' ' not in prefix:
        text = rest
    return BUILD_PREFIX.sub('', text)


def _file_being_read(trace: TracebackType | None) -> str | None:
    """Find the file that ``json.load`` reads in a frame of the traceback."""
    for frame, _ in traceback.walk_tb(trace):
        if frame.f_code.co_name == 'load' and 'fp' in frame.f_locals:
            return getattr(frame.f_locals['fp'], 'name', None)
    return None


def _within(trace: TracebackType | None, *packages: str) -> bool:
    names = [
        frame.f_globals.get('__name__', '') for frame, _ in traceback.walk_tb(trace)
    ]
    return any(name.split('.')[0] in packages for name in names)


def _loader(error: BaseException, trace: TracebackType | None) -> str | None:
    """Describe errors of PyTorch's data loader and MMEngine's data set in one line."""
    text = str(error)
    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    names = [frame.f_code.co_name for frame in frames]
    # While a loop is built, or runs; validation runs within training.
    loops = {type(frame.f_locals.get('self')).__name__ for frame in frames}
    kind = next(
        (
            k
            for k in ('test', 'val', 'train')
            if f'build_{k}_loop' in names or f'{k.title()}Loop' in loops
        ),
        'train',
    )
    if 'persistent_workers option needs num_workers' in text:
        return (
            f'{kind}_dataloader: num_workers=0 goes with persistent_workers=False; add '
            f'--cfg-options {kind}_dataloader.persistent_workers=False'
        )
    if isinstance(error, (ConnectionError, EOFError)) and _within(trace, 'torch'):
        # The pipe of a dead worker is read before PyTorch is told of its end.
        text = f'DataLoader worker exited unexpectedly ({error})'
    if re.search(r'DataLoader worker (\(pid.*?\) )?(is killed|exited unexp)', text):
        return (
            f'{text.strip().splitlines()[-1].rstrip(". ")}, often for lack of memory; '
            f'use fewer workers (--cfg-options {kind}_dataloader.num_workers=1)'
            f'{"" if kind == "test" else " and continue with --resume"}'
        )
    if isinstance(error, ValueError) and names[-1:] == ['_serialize_data']:
        data = frames[-1].f_locals.get('self')
        file = getattr(data, 'ann_file', None) or type(data).__name__
        return (
            f'{kind}_dataloader: {file} has nobody with annotated key points; check '
            'the file with tools/misc/check_dataset.py'
        )
    return None


def _foreign(error: BaseException, trace: TracebackType | None) -> str | None:
    """Describe other errors of MMPose and MMEngine about bad input in one line."""
    if not _within(trace, 'mmpose', 'mmengine', 'xtcocotools'):
        return None
    loader = _loader(error, trace)
    if loader:
        return loader
    if isinstance(error, json.JSONDecodeError):
        file = _file_being_read(trace)
        problem = f'{file} is not a JSON file ({error})'
        return file and f'{problem}; convert or download it again'
    missing = re.search(r'(\w+) file `(.+?)` ?does not exist', str(error))
    if isinstance(error, AssertionError) and missing:
        kind, path = missing.group(1).lower(), missing.group(2)
        return (
            f'{kind} file {path} does not exist; check data_root, or the *_ROOT '
            'variable that the config reads it from'
        )
    making = any(f.f_code.co_name == 'makedirs' for f, _ in traceback.walk_tb(trace))
    if isinstance(error, OSError) and (making or error.errno in NO_PLACE):
        return (
            f'cannot write {error.filename}: {error.strerror}; choose a folder that '
            'you can write to with --work-dir'
        )
    return None


def one_line(error: BaseException, trace: TracebackType | None = None) -> str | None:
    """Return the line to print for an error, or None to print its traceback.

    Args:
        error (BaseException): The exception.
        trace (TracebackType, optional): Its traceback. Default: the error's own.

    Returns:
        str | None: A line that begins with ``error:``.
    """
    if isinstance(error, OWN_ERRORS):
        return f'error: {_last_line(error)}'
    text = _foreign(error, trace or error.__traceback__)
    return f'error: {text}' if text else None


def install_excepthook() -> None:
    """Install the hook once, before the existing one."""
    previous = sys.excepthook
    if getattr(previous, 'of_mmpose_ext', False):
        return

    def hook(
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        text = (
            None if os.environ.get('MMPOSE_EXT_TRACEBACK') else one_line(error, trace)
        )
        if text is None:
            previous(kind, error, trace)
        else:
            print(text, file=sys.stderr)

    hook.of_mmpose_ext = True  # type: ignore[attr-defined]
    sys.excepthook = hook
