"""The annotation files that a config names, and how it uses them."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mmengine.registry import init_default_scope
from mmpose.evaluation.metrics import CocoMetric
from mmpose.registry import DATASETS, METRICS

from ...utils import UserError
from ...utils.config import load_config
from .detections import check_detections
from .findings import Diagnosis
from .records import PoseFile, load_pose_file
from .scoring import check_evaluator_file, check_head_rows
from .usage import Usage

_SPLITS = ('train', 'val', 'test')


def files_of_config(
    path: str | os.PathLike, options: Mapping[str, Any] | None = None
) -> tuple[dict[str, PoseFile], list[Diagnosis]]:
    """Read the annotation files that a config names.

    Args:
        path (str | os.PathLike): The config.
        options (Mapping, optional): Overrides, as in ``--cfg-options``.

    Returns:
        tuple[dict[str, PoseFile], list[Diagnosis]]: The files as ``train``, ``val``
        and ``test`` (a file that serves two loaders is listed once), and the findings
        about the files of detected boxes, the files of the evaluators, and the choice
        of files.

    Raises:
        UserError: If the config does not exist, a data set cannot be built, a file is
            missing, or no loader has an annotation file.
    """
    config = load_config(path, dict(options or {}))
    init_default_scope(config.get('default_scope', 'mmpose'))
    files: dict[str, PoseFile] = {}
    diagnoses: dict[str, Diagnosis] = {}
    roles: dict[str, set[str]] = {}
    for split, name, dataset in _datasets(config, path):
        usage = usage_of(dataset, _evaluators(config, split))
        known = _same(files, dataset)
        if known:
            usage = usage.joined(files[known].usage)
        file = load_pose_file(dataset.ann_file, dataset.data_prefix.get('img'), usage)
        files[known or name] = file
        roles.setdefault(known or name, set()).add(split)
        for diagnosis in _companions(dataset, file, _evaluators(config, split)):
            diagnoses.setdefault(diagnosis.name, diagnosis)
    if not files:
        raise UserError(f'no data set of {path} has an annotation file')
    choice = Diagnosis(f'choice of files: {path}')
    twice = [
        files[n].path.name for n, r in roles.items() if 'train' in r and len(r) > 1
    ]
    choice.add('same_file', twice)
    choice.add('swapped_files', _exchanged(files))
    if choice.findings:
        diagnoses[choice.name] = choice
    return files, list(diagnoses.values())


def _datasets(config: Any, path: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield split, name and data set (not loaded) of all that have a file."""
    for split in _SPLITS:
        loader = config.get(f'{split}_dataloader')
        if not loader:
            continue
        if not isinstance(loader, dict) or not isinstance(loader.get('dataset'), dict):
            raise UserError(f'{split}_dataloader of {path} has no dataset')
        leaves = _leaves(loader['dataset'])
        for i, leaf in enumerate(leaves):
            try:
                dataset = DATASETS.build({**leaf, 'pipeline': [], 'lazy_init': True})
            except Exception as error:  # data sets may raise anything
                reason = str(error).split('\n')[0] or type(error).__name__
                raise UserError(
                    f'{split}_dataloader of {path}: {leaf.get("type")} cannot be '
                    f'built: {reason}'
                ) from error
            if getattr(dataset, 'ann_file', ''):  # synthetic figures have none
                yield split, f'{split}[{i}]' if len(leaves) > 1 else split, dataset


def _leaves(dataset: Mapping[str, Any]) -> list[dict]:
    """List the data sets inside wrappers."""
    if isinstance(dataset.get('dataset'), dict):
        return _leaves(dataset['dataset'])
    if isinstance(dataset.get('datasets'), (list, tuple)):
        return [leaf for part in dataset['datasets'] for leaf in _leaves(part)]
    return [dict(dataset)]


def _same(files: Mapping[str, PoseFile], dataset: Any) -> str:
    """Return the name under which a data set's file was read before, if any."""
    key = Path(dataset.ann_file).resolve(), Path(dataset.data_prefix.get('img', ''))
    for name, file in files.items():
        if (file.path.resolve(), file.image_dir) == key:
            return name
    return ''


def _evaluators(config: Any, split: str) -> list[dict]:
    found = config.get(f'{split}_evaluator') or []
    found = found if isinstance(found, (list, tuple)) else [found]
    return [dict(evaluator) for evaluator in found if isinstance(evaluator, dict)]


def usage_of(dataset: Any, evaluators: list[dict]) -> Usage:
    """Determine how the file of a data set is used.

    Args:
        dataset (Any): The data set; it need not be loaded.
        evaluators (list[dict]): Configs of the metrics that score it.

    Returns:
        Usage: The demands on the file.
    """
    detected = bool(getattr(dataset, 'bbox_file', None))
    bottomup = getattr(dataset, 'data_mode', 'topdown') == 'bottomup'
    usage = Usage(
        reader=_reader(dataset),
        meta=dataset.metainfo,
        trained=not detected,
        bottomup=bottomup,
        coco_scored=False,
        use_area=False,
        head_file=str(getattr(dataset, 'headbox_file', None) or ''),
    )
    for evaluator in evaluators:
        usage = _scored(usage, evaluator, detected or bottomup)
    return usage


def _reader(dataset: Any) -> str:
    """Return the layout that a data set reads; empty for other layouts of MMPose."""
    names = [cls.__name__ for cls in type(dataset).__mro__]
    return 'mpii' if 'MpiiDataset' in names else 'coco'


def _scored(usage: Usage, evaluator: Mapping[str, Any], anonymous: bool) -> Usage:
    kind = evaluator.get('type')
    cls = METRICS.get(kind) if isinstance(kind, str) else kind
    name = getattr(cls, '__name__', '')
    if isinstance(cls, type) and issubclass(cls, CocoMetric):
        strict = not any(c.__name__ == 'CocoPersonMetric' for c in cls.__mro__)
        return replace(
            usage,
            coco_scored=True,
            strict=strict,
            use_area=usage.use_area or evaluator.get('use_area', True),
            suppressed=usage.suppressed
            or evaluator.get('nms_mode', 'oks_nms') != 'none',
            predicted=1 if strict and anonymous else usage.predicted,
        )
    if name == 'TorsoPCKAccuracy':
        torso = tuple(evaluator.get('torso', ('left_shoulder', 'right_hip')))
        return replace(usage, torso=torso)
    names = (usage.meta or {}).get('keypoint_name2id', {})
    if name == 'PCKhAccuracy' and not {'upper_neck', 'head_top'} <= set(names):
        return replace(usage, head_size=True)
    return usage


def _companions(
    dataset: Any, file: PoseFile, evaluators: list[dict]
) -> Iterator[Diagnosis]:
    """Check the other files that are read together with an annotation file."""
    if boxes := getattr(dataset, 'bbox_file', None):
        yield check_detections(boxes, file)
    if file.usage.head_file:
        yield check_head_rows(file)
    for evaluator in evaluators:
        other = evaluator.get('ann_file')
        if other and Path(other).resolve() != file.path.resolve():
            yield check_evaluator_file(other, file)


def _exchanged(files: Mapping[str, PoseFile]) -> list[str]:
    """List files whose names suggest the opposite role."""
    trained = [f.path.stem for n, f in files.items() if n.startswith('train')]
    scored = [f.path.stem for n, f in files.items() if not n.startswith('train')]
    wrong = [name for name in trained if 'val' in name or 'test' in name]
    if wrong and any('train' in name for name in scored):
        return wrong
    return []
