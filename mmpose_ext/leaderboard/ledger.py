"""The ledger: writes and reads the entry that every finished run leaves."""

import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..utils.errors import UserError
from ..utils.io import write_json_atomic
from .fingerprint import digest
from .manifest import read_object

SCHEMA = 1
ENTRY, METRICS, CONFIG = 'entry.json', 'metrics.json', 'config.py'
_FIX = 'delete the folder of that run and run it again'
_NEEDED = (
    *(
        'schema',
        'board',
        'config',
        'config_hash',
        'protocol',
        'budget',
        'seed',
        'options',
    ),
    *('data', 'code', 'environment', 'datasets', 'curve', 'seconds', 'digest'),
)


@dataclass(frozen=True)
class Entry:
    """A finished run.

    Attributes:
        folder (Path): The run's folder.
        facts (dict[str, Any]): What ``entry.json`` holds.
        metrics (dict[str, float]): The test's result, as the evaluator gave it.
    """

    folder: Path
    facts: dict[str, Any]
    metrics: dict[str, float]

    @property
    def config(self) -> str:
        """The config's name, without its folder and suffix."""
        return self.facts['config'].rpartition('/')[2].removesuffix('.py')


def write_entry(folder: Path, facts: dict[str, Any], metrics: dict[str, float]) -> None:
    """Write the ledger entry of a finished run; ``entry.json`` comes last.

    Args:
        folder (Path): The run's folder.
        facts (dict[str, Any]): All of the entry but ``schema`` and ``digest``.
        metrics (dict[str, float]): The test's result; what is not finite is left out.
    """
    metrics = {k: float(v) for k, v in metrics.items() if math.isfinite(float(v))}
    facts = json.loads(json.dumps({'schema': SCHEMA, **facts}))
    write_json_atomic(folder / METRICS, metrics, indent=1)
    facts['digest'] = digest([facts, metrics])
    write_json_atomic(folder / ENTRY, facts, indent=1)


def read_entry(folder: str | os.PathLike) -> Entry:
    """Read the ledger entry of a run.

    Args:
        folder (str | os.PathLike): The run's folder.

    Raises:
        UserError: If it is incomplete, of another version, or was changed after the
            run wrote it.
    """
    folder = Path(folder)
    facts, metrics = (read_object(folder / name, _FIX) for name in (ENTRY, METRICS))
    if facts.get('schema') != SCHEMA:
        raise UserError(
            f'{folder / ENTRY} has schema {facts.get("schema")}, not {SCHEMA}',
            'read it with the version of the plugin that wrote it',
        )
    missing = [key for key in _NEEDED if key not in facts]
    if missing:
        raise UserError(f'{folder / ENTRY} lacks {", ".join(missing)}', _FIX)
    rest = {key: value for key, value in facts.items() if key != 'digest'}
    if digest([rest, metrics]) != facts['digest']:
        raise UserError(
            f'{folder}: {ENTRY} or {METRICS} was changed after the run wrote it', _FIX
        )
    return Entry(folder, facts, metrics)


def is_finished(folder: Path) -> bool:
    """Return whether a run wrote its entry."""
    return (folder / ENTRY).is_file()


def find_entries(results: str | os.PathLike, board: str) -> Iterator[Entry]:
    """Read all finished runs of a board.

    Args:
        results (str | os.PathLike): The folder of all results.
        board (str): The board.

    Raises:
        UserError: If an entry cannot be used; see :func:`read_entry`.
    """
    for file in sorted(Path(results, board).glob(f'*/{ENTRY}')):
        yield read_entry(file.parent)
