"""Entry point of ``mmpose-ext``: help, version, and the choice of a verb."""

import difflib
import importlib
import os
import runpy
import sys
import warnings
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import module_from_spec, spec_from_file_location

from .places import find_tools
from .verbs import VERBS, Verb

PROGRAM = 'mmpose-ext'
_EXITS = (
    'exit status: 0 done; 1 done, but something needs a look; 2 wrong input, explained '
    'in\none line; 130 interrupted'
)


def help_text() -> str:
    """Return the help of the command: its verbs and its exit statuses."""
    width = max(len(verb.name) for verb in VERBS)
    lines = [f'  {verb.name:<{width}}  {verb.summary}' for verb in VERBS]
    return '\n'.join(
        [
            f'usage: {PROGRAM} VERB ...',
            '',
            'Human pose estimation with MMPose and the papers of mmpose_ext.',
            '',
            *lines,
            '',
            f'{PROGRAM} VERB --help explains a verb; {PROGRAM} --version prints the '
            'version.',
            _EXITS,
        ]
    )


def own_version() -> str:
    """Return the installed version, or that of a source tree."""
    try:
        return version('mmpose_ext')
    except PackageNotFoundError:
        module = find_tools().parent / 'mmpose_ext' / 'version.py'
        return runpy.run_path(str(module))['__version__']


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a verb, and exit with its status.

    Args:
        arguments (Sequence[str], optional): The command line. Default: ``sys.argv``.

    Raises:
        SystemExit: Always.
    """
    try:
        _main(list(sys.argv[1:] if arguments is None else arguments))
    except BrokenPipeError:  # the reader of the output (head, less) has exited
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _main(given: list[str]) -> None:
    if not given or given[0] in ('-h', '--help', 'help'):
        print(help_text(), flush=True)
        sys.exit(0 if given else 2)
    if given[0] == '--version':
        print(f'{PROGRAM} {own_version()}')
        sys.exit(0)
    verbs = {verb.name: verb for verb in VERBS}
    if given[0] not in verbs:
        close = difflib.get_close_matches(given[0], verbs, n=1)
        names = ', '.join([*close, *(name for name in verbs if name not in close)])
        print(f'error: no verb {given[0]!r}; choose from {names}', file=sys.stderr)
        sys.exit(2)
    # OpenCV is imported later; its failures are reported in a line of our own.
    os.environ.setdefault('OPENCV_LOG_LEVEL', 'SILENT')
    os.environ.setdefault('OPENCV_FFMPEG_LOGLEVEL', '-8')  # AV_LOG_QUIET
    # pkg_resources, which MMEngine imports, warns of its own removal.
    warnings.filterwarnings('ignore', 'pkg_resources is deprecated')
    sys.argv = [f'{PROGRAM} {given[0]}', *given[1:]]
    try:
        sys.exit(_run(verbs[given[0]]))
    except KeyboardInterrupt:  # while the stack is imported
        print('interrupted', file=sys.stderr)
        sys.exit(130)


def _run(verb: Verb) -> int | None:
    name, _, function = verb.target.partition(':')
    if function:
        return getattr(importlib.import_module(name), function)()
    # Not with runpy, which would replace the verb's name in sys.argv[0].
    script = find_tools() / name
    spec = spec_from_file_location(f'mmpose_ext_{script.stem}', script)
    if spec is None or spec.loader is None:
        raise ImportError(f'{script} is not a script')
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    from mmpose_ext.utils import run_cli

    run_cli(module.main)
    return None
