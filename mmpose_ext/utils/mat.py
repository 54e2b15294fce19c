"""Reading MATLAB files that may be damaged or something else."""

import os
from pathlib import Path
from typing import Any

from scipy.io import loadmat

from .errors import UserError


def load_mat(
    path: str | os.PathLike, fields: tuple[str, ...], mend: str, **kwargs: Any
) -> dict[str, Any]:
    """Read a MATLAB file that must have certain variables.

    Args:
        path (str | os.PathLike): The file, MATLAB 5 to 7.2.
        fields (tuple[str, ...]): Variables that it must have.
        mend (str): What the user can do when it cannot be used.
        **kwargs: Passed to :func:`scipy.io.loadmat`.

    Returns:
        dict[str, Any]: The variables by name.

    Raises:
        UserError: If the file is missing, no MATLAB file, or lacks a variable.
    """
    path = Path(path)
    if not path.is_file():
        raise UserError(f'no annotation file {path}', mend)
    try:
        content = loadmat(path, **kwargs)
    except MemoryError:
        raise
    except Exception as error:  # scipy raises a dozen types on a damaged file
        reason = ' '.join(str(error).split()) or type(error).__name__
        raise UserError(f'{path} is no readable MATLAB file ({reason})', mend) from None
    variables = {k: v for k, v in content.items() if not k.startswith('__')}
    for field in fields:
        if field not in variables:
            raise UserError(f'{path} has no field {field!r}, only {[*variables]}', mend)
    return variables
