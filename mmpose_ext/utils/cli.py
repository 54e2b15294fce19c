"""Entry point of the tools: errors and exit codes."""

import os
import sys
from collections.abc import Callable

from .errors import UserError


def run_cli(main: Callable[[], int | None]) -> None:
    """Run a tool's ``main`` and exit: one line for what a user can fix.

    Args:
        main (Callable): The tool; returns None or an exit status.

    Raises:
        SystemExit: Always; 0 or the status of ``main``, 2 for a
            :class:`~mmpose_ext.utils.errors.UserError`, 130 when interrupted.
    """
    try:
        status = main() or 0
    except UserError as error:
        print(f'error: {error}', file=sys.stderr)
        status = 2
    except KeyboardInterrupt:
        print('interrupted', file=sys.stderr)
        status = 130
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing to say, and nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 141
    sys.exit(status)
