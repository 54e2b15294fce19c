"""Safe reading of MATLAB files, which may be damaged."""

import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from . import mat_child
from .errors import UserError

#: Time limit for reading a file, in seconds. MPII's release takes a tenth of it.
TIME_LIMIT = 300.0


def load_mat(
    path: str | os.PathLike, fields: tuple[str, ...], fix: str, **options: Any
) -> dict[str, Any]:
    """Read a MATLAB file that must contain certain variables.

    SciPy reads it in a child process with limited time and memory, since its reader
    can crash or hang on a damaged file.

    Args:
        path (str | os.PathLike): The file, MATLAB 5 to 7.2.
        fields (tuple[str, ...]): Required variables.
        fix (str): What the user can do if the file cannot be used.
        **options: Passed to :func:`scipy.io.loadmat`.

    Returns:
        dict[str, Any]: The variables by name.

    Raises:
        UserError: If the file is missing, not a MATLAB file, damaged, or lacks a
            variable.
    """
    path = Path(path)
    if not path.is_file():
        raise UserError(f'no annotation file {path}', fix)
    kind, content = _ask_child(path, options)
    if kind == 'problem':
        raise UserError(f'{path} is not a readable MATLAB file ({content})', fix)
    for field in fields:
        if field not in content:
            raise UserError(f'{path} has no field {field!r}, only {[*content]}', fix)
    return content


def _ask_child(path: Path, options: dict[str, Any]) -> tuple[str, Any]:
    """Run :mod:`.mat_child` and return its answer, or its failure as a problem."""
    request = pickle.dumps((str(path.resolve()), options))
    command = [sys.executable, str(mat_child.__file__)]
    try:
        done = subprocess.run(
            command, input=request, capture_output=True, timeout=TIME_LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return 'problem', f'not read within {TIME_LIMIT:g} s: the file is damaged'
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        return 'problem', f'the reader crashed with {name}: the file is damaged'
    try:
        return pickle.loads(done.stdout)
    except Exception:  # no valid answer, since the interpreter itself failed
        text = done.stderr.decode(errors='replace').strip().splitlines()
        return 'problem', text[-1] if text else f'exit status {done.returncode}'
