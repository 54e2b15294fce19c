"""Prints an error that the user can mend as one line instead of a traceback.

``mim train mmpose`` runs MMPose's own script, so the project has no ``main`` in
which it could catch its errors there. The hook touches only the project's own
error classes; set ``MMPOSE_EXT_TRACEBACK=1`` to see tracebacks again.
"""

import os
import sys
from types import TracebackType

from ..utils.errors import UserError
from .mmcv_ops import MissingOpError
from .requirements import DependencyError

ONE_LINE = (UserError, DependencyError, MissingOpError)


def one_line(error: BaseException) -> str | None:
    """Return what to print for ``error``, or None to print its traceback.

    A data loader's worker hands its traceback over inside the message; only
    the last line of it is the error.
    """
    if not isinstance(error, ONE_LINE):
        return None
    lines = str(error).strip().splitlines() or [type(error).__name__]
    text = lines[-1]
    prefix, _, rest = text.partition(': ')
    if len(lines) > 1 and prefix.startswith('mmpose_ext.') and ' ' not in prefix:
        text = rest
    return f'error: {text}'


def install_excepthook() -> None:
    """Chain the hook before the present one, once."""
    previous = sys.excepthook
    if getattr(previous, 'of_mmpose_ext', False):
        return

    def hook(
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        text = None if os.environ.get('MMPOSE_EXT_TRACEBACK') else one_line(error)
        if text is None:
            previous(kind, error, trace)
        else:
            print(text, file=sys.stderr)

    hook.of_mmpose_ext = True  # type: ignore[attr-defined]
    sys.excepthook = hook
