"""``mmpose-ext run``: runs a script with the stack prepared.

MMPose's scripts import mmpose before they read a config, so with mmcv-lite they fail
with "No module named 'mmcv._ext'". Here the plugin is imported first.
"""

import difflib
import runpy
import sys
from pathlib import Path

from .places import list_scripts

USAGE = """\
usage: mmpose-ext run SCRIPT ...
       mmpose-ext run --list

Run a script in an interpreter that is prepared for MMPose: SCRIPT is a path, or the
name of a script of MMPose or of this project (get_flops, image_demo, make_synthetic).
Everything after it goes to the script; mmpose-ext run SCRIPT --help prints its help.

  --list      print the names of all scripts
  -h, --help  print this help"""


def find_script(name: str) -> Path:
    """Find a script by its path or name.

    Args:
        name (str): A path, a base name (``get_flops``), or a longer end of a full name
            (``misc/browse_dataset``, ``mmpose_ext::misc/browse_dataset``), each with or
            without its suffix. If both projects have one, MMPose's is taken.

    Returns:
        Path: The script.

    Raises:
        LookupError: If there is none or more than one; the message names candidates.
    """
    if Path(name).is_file():
        return Path(name)
    scripts = list_scripts()
    wanted = name.removesuffix('.py')
    ends = (f'/{wanted}', f'::{wanted}')
    fits = [full for full in scripts if full == wanted or full.endswith(ends)]
    fits = [full for full in fits if full.startswith('mmpose::')] or fits
    if len(fits) == 1:
        return scripts[fits[0]]
    if fits:
        raise LookupError(f'{name} is the name of several scripts: {", ".join(fits)}')
    stems = {full.replace('::', '/').rpartition('/')[2] for full in scripts}
    close = difflib.get_close_matches(Path(wanted).name, sorted(stems), n=3)
    hint = f'did you mean {" or ".join(close)}? ' if close else ''
    raise LookupError(
        f'no script {name}; {hint}mmpose-ext run --list prints the names of all'
    )


def main() -> int:
    """Run the script that the command line names."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ('-h', '--help'):
        print(USAGE)
        return 0 if arguments else 2
    if arguments[0] == '--list':
        print('\n'.join(list_scripts()))
        return 0
    try:
        script = find_script(arguments[0])
    except LookupError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    import mmpose_ext  # noqa: F401  (prepares the stack)
    from mmpose_ext.utils import run_cli

    sys.argv = [str(script), *arguments[1:]]
    sys.path.insert(0, str(script.parent.resolve()))
    run_cli(lambda: _execute(script))
    return 0


def _execute(script: Path) -> None:
    runpy.run_path(str(script), run_name='__main__')
