"""The papers' metafiles, the only place that holds counts and measured results.

Each folder below ``configs/`` that belongs to a paper holds a ``metafile.yml`` in
OpenMMLab's format. An entry of ``Models`` adds to that format:

- ``Metadata``: ``Parameters`` (of the whole estimator), ``Operations`` (weights of
  convolutions and linear layers times output positions, as HRNet's code counts them,
  for one image of the config's input size), ``Training Operations`` (the same for
  what SADI-Net's training adds, the flow left out) and ``FLOPs`` (MMEngine's
  multiply-adds), all as exact integers;
- ``Paper Counts``: the counts that the paper prints, with their unit in the key;
- ``Results``: one item per data set, its ``Metrics`` in percent.

``Collections`` hold ``Baselines`` (measured, but without a network of their own). What
the papers print is in ``tables.yml``, see :mod:`mmpose_ext.leaderboard.table_files`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..utils.errors import UserError
from .complexity import MAC_GIGA, PAPER_GIGA

UNITS = {'M': 10**6, '10^9': MAC_GIGA, '2^30': PAPER_GIGA}


@dataclass(frozen=True)
class ModelEntry:
    """A model of a metafile.

    Attributes:
        name (str): The name of the config, without its suffix.
        config (Path): The config file.
        collection (str): The paper's network.
        metadata (dict): Counts and facts.
        results (dict[str, dict]): Metrics by data set.
        printed (dict[str, float]): Counts that the paper prints, by key and unit.
    """

    name: str
    config: Path
    collection: str
    metadata: dict[str, Any] = field(default_factory=dict)
    results: dict[str, dict[str, float]] = field(default_factory=dict)
    printed: dict[str, float] = field(default_factory=dict)

    def lookup(self, key: str, dataset: str | None = None) -> Any:
        """Return a count or a metric.

        Args:
            key (str): A key of ``Metadata`` or of the metrics. A count takes its
                unit in parentheses: ``Parameters (M)``, ``Operations (2^30)``; with
                ``printed`` before it, it is the paper's.
            dataset (str, optional): The data set of a metric.

        Returns:
            The value, or None if there is none.
        """
        if key.startswith('printed '):
            return self.printed.get(key.removeprefix('printed '))
        stem, _, unit = key.partition(' (')
        scale = UNITS.get(unit.rstrip(')'))
        if scale and stem in self.metadata:
            return self.metadata[stem] / scale
        if key in self.metadata:
            return self.metadata[key]
        return self.results.get(dataset or '', {}).get(key)


@dataclass(frozen=True)
class Metafile:
    """A paper's metafile.

    Attributes:
        path (Path): The file.
        entries (list[ModelEntry]): Its models.
        baselines (dict[str, dict]): Measured results by name and data set.
    """

    path: Path
    entries: list[ModelEntry]
    baselines: dict[str, dict[str, dict[str, float]]]


def by_dataset(results: list[dict] | None) -> dict[str, dict]:
    """Index a list of results by data set (and by model, where one is named)."""
    found: dict[str, dict] = {}
    for item in results or []:
        model = item.get('Model')
        name = f'{item["Dataset"]}: {model}' if model else item['Dataset']
        found[name] = dict(item['Metrics'])
    return found


def read_metafile(path: str | os.PathLike) -> Metafile:
    """Read a paper's metafile.

    Args:
        path (str | os.PathLike): ``configs/<paper>/metafile.yml``.

    Returns:
        Metafile: Its contents.

    Raises:
        UserError: If it is missing, not YAML, or lacks a key that is needed.
    """
    file = Path(path)
    root = file.resolve().parents[2]
    try:
        content = yaml.safe_load(file.read_text(encoding='utf-8'))
        entries = [
            ModelEntry(
                model['Name'],
                root / model['Config'],
                model['In Collection'],
                dict(model.get('Metadata') or {}),
                by_dataset(model.get('Results')),
                dict(model.get('Paper Counts') or {}),
            )
            for model in content['Models']
        ]
        collection = content['Collections'][0]
        baselines = {
            item['Name']: by_dataset(item['Results'])
            for item in collection.get('Baselines') or []
        }
    except OSError as error:
        raise UserError(f'cannot read {file}: {error.strerror}') from error
    except yaml.YAMLError as error:
        reason = str(error).replace('\n', ' ')
        raise UserError(f'{file} is not valid YAML: {reason}') from error
    except (KeyError, TypeError, IndexError) as error:
        raise UserError(
            f'{file}: an entry lacks {error}',
            'write it as CONTRIBUTING.md, "Adding a paper", shows',
        ) from error
    return Metafile(file, entries, baselines)


def find_metafiles(configs: str | os.PathLike) -> Iterator[Metafile]:
    """Read the metafile of every paper below a folder of configs, sorted by name.

    Args:
        configs (str | os.PathLike): The folder ``configs``.

    Yields:
        Metafile: One for each paper.

    Raises:
        UserError: See :func:`read_metafile`.
    """
    for path in sorted(Path(configs).glob('*/metafile.yml')):
        yield read_metafile(path)
