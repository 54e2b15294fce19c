"""Entry point of the tools: errors and exit codes."""

import os
import sys
import traceback
from collections.abc import Callable

from .errors import UserError
from .reasons import BUILD_PREFIX


def run_cli(main: Callable[[], int | None]) -> None:
    """Run a tool's ``main`` and exit, printing user errors as one line.

    With the environment variable ``MMPOSE_EXT_TRACEBACK=1`` the traceback is printed
    too.

    >>> def main():
    ...     raise UserError('--num 0 is too small', 'give 1 or more')
    >>> run_cli(main)  # prints to the standard error stream
    Traceback (most recent call last):
    SystemExit: 2

    Args:
        main (Callable): The tool; returns None or an exit status.

    Raises:
        SystemExit: Always; 0 or the status of ``main``, 2 for a
            :class:`~mmpose_ext.utils.errors.UserError`, 130 when interrupted.
    """
    try:
        status = main() or 0
    except UserError as error:
        if os.environ.get('MMPOSE_EXT_TRACEBACK'):
            traceback.print_exc()
        # MMEngine's registries put the class that they build before the message.
        text = ' '.join(BUILD_PREFIX.sub('', str(error)).split())
        print(f'error: {text}', file=sys.stderr)
        status = 2
    except KeyboardInterrupt:
        print('interrupted', file=sys.stderr)
        status = 130
    except BrokenPipeError:
        # The reader of the output (head, less) has exited.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 141
    sys.exit(status)
