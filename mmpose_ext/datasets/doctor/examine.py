"""The doctor: everything that is checked, on files or on a config."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS

from ...utils import UserError
from ..formats.coco import load_json
from .annotations import check_annotations
from .findings import Diagnosis
from .image_checks import check_images, check_overlap, look_at_all
from .records import PoseFile, load_pose_file


def examine(
    files: Mapping[str, PoseFile],
    *,
    deep: bool = True,
    workers: int | None = None,
    progress: bool = True,
) -> list[Diagnosis]:
    """Check annotation files, their images, and whether they share images.

    Args:
        files (Mapping[str, PoseFile]): By name; those called ``train...`` are
            compared with the others.
        deep (bool): Decode the images, which finds truncated, duplicate and shared
            ones; otherwise only their headers are read.
        workers (int, optional): Threads. Defaults to all cores.
        progress (bool): Show a progress bar.

    Returns:
        list[Diagnosis]: One for each file, and one for each comparison.
    """
    looks = look_at_all(list(files.values()), deep, workers, progress)
    diagnoses = []
    for name, file in files.items():
        diagnosis = Diagnosis(f'{name}: {file.path}')
        found = {i.id: i.size or looks[i.path].size for i in file.images}
        sizes = {image: size for image, size in found.items() if size != (0, 0)}
        check_annotations(file, sizes, diagnosis)
        check_images(file, looks, diagnosis)
        diagnoses.append(diagnosis)
    train = [item for item in files.items() if item[0].startswith('train')]
    others = [item for item in files.items() if not item[0].startswith('train')]
    for first in train:
        for second in others:
            diagnosis = Diagnosis(f'{first[0]} against {second[0]}')
            check_overlap(first, second, looks, diagnosis)
            diagnoses.append(diagnosis)
    return diagnoses


def files_of_config(
    path: str | os.PathLike, options: Mapping[str, Any] | None = None
) -> tuple[dict[str, PoseFile], list[Diagnosis]]:
    """Read the annotation files that a config names.

    Args:
        path (str | os.PathLike): The config.
        options (Mapping, optional): Overrides, as ``--cfg-options``.

    Returns:
        tuple[dict[str, PoseFile], list[Diagnosis]]: The files as ``train``,
        ``val``, ``test`` (one that serves two loaders is there once), and what was
        found in the files of detected boxes.

    Raises:
        UserError: If there is no such config, a file is missing, or no loader has
            an annotation file.
    """
    if not Path(path).is_file():
        raise UserError(f'no config {path}')
    config = Config.fromfile(path)
    config.merge_from_dict(dict(options or {}))
    init_default_scope(config.get('default_scope', 'mmpose'))
    files: dict[str, PoseFile] = {}
    diagnoses: list[Diagnosis] = []
    for split in ('train', 'val', 'test'):
        loader = config.get(f'{split}_dataloader')
        leaves = _leaves(loader.dataset) if loader else []
        for i, leaf in enumerate(leaves):
            name = f'{split}[{i}]' if len(leaves) > 1 else split
            dataset = DATASETS.build({**leaf, 'pipeline': [], 'lazy_init': True})
            if not dataset.ann_file:
                continue  # generated, such as the synthetic figures
            file = load_pose_file(dataset.ann_file, dataset.data_prefix.get('img', ''))
            if all(_key(file) != _key(known) for known in files.values()):
                files[name] = file
            if boxes := getattr(dataset, 'bbox_file', None):
                diagnosis = check_detections(boxes, file)
                if diagnosis.name not in [d.name for d in diagnoses]:
                    diagnoses.append(diagnosis)
    if not files:
        raise UserError(f'no data set of {path} has an annotation file')
    return files, diagnoses


def _key(file: PoseFile) -> tuple[Path, Path]:
    return file.path.resolve(), file.image_dir


def _leaves(dataset: Any) -> list[dict]:
    """The data sets inside wrappers."""
    if isinstance(dataset.get('dataset'), dict):
        return _leaves(dataset['dataset'])
    if 'datasets' in dataset:
        return [leaf for part in dataset['datasets'] for leaf in _leaves(part)]
    return [dict(dataset)]


def check_detections(path: str | os.PathLike, file: PoseFile) -> Diagnosis:
    """Check a file of detected persons against an annotation file.

    Args:
        path (str | os.PathLike): As MMPose publishes it for COCO.
        file (PoseFile): The annotations of the same images.

    Returns:
        Diagnosis: What was found.

    Raises:
        UserError: If it is missing or no list of boxes.
    """
    mend = 'fetch the person detections that MMPose publishes, or set bbox_file=None'
    boxes = load_json(path, mend)
    if not isinstance(boxes, list) or any(
        not isinstance(b, dict) or not {'image_id', 'bbox', 'score'} <= set(b)
        for b in boxes
    ):
        raise UserError(f'{path} is no list of detected boxes', mend)
    diagnosis = Diagnosis(f'detected boxes: {path}')
    known = {image.id for image in file.images}
    people = [box for box in boxes if box.get('category_id', 1) == 1]
    found = {box['image_id'] for box in people}
    diagnosis.counts.update(
        {'boxes of people': len(people), 'images with boxes': len(found & known)}
    )
    named = [
        f'image {box["image_id"]}' for box in people if box['image_id'] not in known
    ]
    diagnosis.add(
        'fatal', 'unknown_image', 'boxes of an image that is not annotated', named
    )
    empty = [f'image {box["image_id"]}' for box in people if _is_empty(box['bbox'])]
    diagnosis.add('fatal', 'empty_boxes', 'empty boxes', empty)
    without = [str(image) for image in sorted(known - found, key=str)]
    diagnosis.add('note', 'no_detections', 'annotated images without a box', without)
    return diagnosis


def _is_empty(box: Sequence[float]) -> bool:
    return len(box) < 4 or not (box[2] > 0 and box[3] > 0)
