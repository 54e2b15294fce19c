"""Output folders that a tool fills over several runs."""

import json
from pathlib import Path
from typing import Any

from .errors import UserError
from .io import write_json_atomic


def claim_folder(folder: Path, marker: Path, settings: dict[str, Any]) -> None:
    """Claim a folder for one set of settings, or check an earlier claim.

    A tool that continues an interrupted run calls it first, so that files made with
    different settings are never mixed.

    >>> claim_folder(Path('images'), Path('settings.json'), {'seed': 1})
    >>> claim_folder(Path('images'), Path('settings.json'), {'seed': 1})
    >>> claim_folder(Path('images'), Path('settings.json'), {'seed': 2})
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: images was made with other settings: ...

    Args:
        folder (Path): Where the tool's files go.
        marker (Path): The JSON file that records the settings.
        settings (dict[str, Any]): The settings, in types that JSON keeps.

    Raises:
        UserError: If the marker holds other settings or cannot be read, the folder
            has files but no marker, or the marker cannot be written.
    """
    if marker.exists():
        try:
            found = json.loads(marker.read_text(encoding='utf-8'))
        except (OSError, ValueError) as error:
            raise UserError(
                f'cannot read {marker}: {error}',
                f'so the settings of {folder} are unknown: choose another folder, or '
                'delete both',
            ) from error
        if found != settings:
            raise UserError(
                f'{folder} was made with other settings: {found}, not {settings}',
                'choose another folder, use the same settings, or delete both',
            )
        return
    try:
        used = any(folder.iterdir())
    except FileNotFoundError:
        used = False
    except OSError as error:
        raise UserError(
            f'cannot write to {folder}: {error.strerror}', 'choose another folder'
        ) from error
    if used:
        raise UserError(
            f'{folder} holds files that were not made by this tool',
            'choose another folder',
        )
    write_json_atomic(marker, settings, indent=1)
