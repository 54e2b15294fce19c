"""Puts packed data in place of a config's data sets."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmpose.registry import DATASETS

from ..datasets.conventions import metainfo_file

SPLITS = ('train', 'val', 'test')


def use_packed(config: Config, files: Mapping[str, str], folder: Path) -> None:
    """Put packed data into a config, and change nothing else in it.

    Args:
        config (Config): The config; changed in place.
        files (Mapping[str, str]): Names of packed data by split, and of annotation
            files by the evaluator's key, such as ``val_evaluator``; what is not named
            stays.
        folder (Path): The folder with these files.
    """
    for split in SPLITS:
        if split not in files:
            continue
        old = config[f'{split}_dataloader'].dataset
        test_mode = bool(old.get('test_mode', False))
        config[f'{split}_dataloader'].dataset = dict(
            type='PackedPoseDataset',
            pack_file=str(folder / files[split]),
            metainfo=metainfo_of(old),
            data_mode='topdown',
            test_mode=test_mode,
            pipeline=with_original_units(old.pipeline) if test_mode else old.pipeline,
        )
    for key, evaluator in annotated_evaluators(config):
        if key in files:
            evaluator['ann_file'] = str(folder / files[key])


def metainfo_of(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of a data set's joints, from its config or class.

    Args:
        dataset (Mapping[str, Any]): The data set's config.
    """
    if dataset.get('metainfo'):
        return dict(dataset['metainfo'])
    kind = dataset['type']
    cls = DATASETS.get(kind) if isinstance(kind, str) else kind
    if 'convention' in dataset:
        return dict(from_file=metainfo_file(dataset['convention']))
    return dict(cls.METAINFO)


def with_original_units(pipeline: Sequence[Any]) -> list[Any]:
    """Return a test's pipeline with ``OriginalUnits`` before its last step.

    Args:
        pipeline (Sequence[dict]): The pipeline's config.
    """
    *steps, last = pipeline
    if 'transforms' in last:  # a pyramid of inputs
        return [*steps, {**last, 'transforms': with_original_units(last['transforms'])}]
    return [*steps, dict(type='OriginalUnits'), last]


def annotated_evaluators(config: Config) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the evaluators that read an annotation file, with their keys.

    Args:
        config (Config): The config.
    """
    for key in ('val_evaluator', 'test_evaluator'):
        found = config.get(key) or []
        for evaluator in found if isinstance(found, list) else [found]:
            if evaluator.get('ann_file'):
                yield key, evaluator
