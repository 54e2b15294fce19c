"""Random subsets of COCO, in COCO's own layout."""

import json
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

from ...utils import UserError, atomic_write, write_json_atomic
from ...utils.folders import remove_temporaries
from ..doctor.refusal import refuse_malformed
from ..formats.coco import ANNOTATIONS, DETECTIONS, INSTANCES, load_coco, load_json
from .image_sizes import noted_size, require_folder
from .report import SplitReport


class SubsetSplit(NamedTuple):
    """One split to draw.

    Attributes:
        name (str): What it is called in the subset, e.g. ``val2017``.
        number (int): Images to draw.
        source (str): The split to draw from.
    """

    name: str
    number: int
    source: str

    @classmethod
    def parse(cls, text: str) -> 'SubsetSplit':
        """Parse ``name=number`` or ``name=number:source``.

        Args:
            text (str): E.g. ``'val2017=50'`` or ``'val2017=50:train2017'``.

        Returns:
            SubsetSplit: The split; its source defaults to its name.

        Raises:
            UserError: If it has another form.
        """
        match = re.fullmatch(r'([\w-]+)=([1-9]\d*)(?::([\w-]+))?', text)
        if not match:
            raise UserError(
                f'split {text!r} is not name=number or name=number:source',
                'write e.g. train2017=500',
            )
        return cls(match[1], int(match[2]), match[3] or match[1])


def subset_coco(
    root: str | os.PathLike,
    out_root: str | os.PathLike,
    splits: Sequence[SubsetSplit],
    *,
    seed: int = 0,
    any_image: bool = False,
    link: bool = False,
    allow_missing: bool = False,
    progress: bool = True,
) -> dict[str, SplitReport]:
    """Draw random images of COCO together with all their annotations.

    The subset has COCO's layout, so a config reads it once ``data_root`` is changed.
    It holds the images and, where the source has these files, the key points, the
    instances and the detected persons. Splits drawn from the same source have no
    image in common.

    Args:
        root (str | os.PathLike): COCO's folder with ``annotations/``, the image
            folders and optionally ``person_detection_results/``.
        out_root (str | os.PathLike): Folder to write the subset to.
        splits (Sequence[SubsetSplit]): Splits to draw, in this order.
        seed (int): Seed of the random choice, not negative.
        any_image (bool): Draw from all images; otherwise only from those with a
            person whose key points are annotated.
        link (bool): Link the images instead of copying them.
        allow_missing (bool): Draw only from the images that exist.
        progress (bool): Show progress bars.

    Returns:
        dict[str, SplitReport]: What was written, by split.

    Raises:
        UserError: If the input is missing or malformed, there are fewer images
            than asked for, the seed is negative, or the output cannot be written.

    Example:
        >>> from mmpose_ext.datasets.synthetic import write_coco_dataset
        >>> from mmpose_ext.figures import SyntheticFigures
        >>> figures = SyntheticFigures(size=(64, 64))
        >>> _ = write_coco_dataset(figures, 'coco', num_images=3)
        >>> split = SubsetSplit.parse('train2017=2')
        >>> reports = subset_coco('coco', 'small', [split], progress=False)
        >>> reports['train2017'].num_images
        2
    """
    if seed < 0:
        raise UserError(f'seed={seed} is negative', 'give 0 or more')
    root, out_root = Path(root), Path(out_root)
    if root.resolve() == out_root.resolve():
        raise UserError(f'the subset would replace {root}', 'give another folder')
    if len({split.name for split in splits}) < len(splits):
        raise UserError('a split is named twice', 'give each name once')
    taken: dict[str, set[int]] = {}
    reports, drawn = {}, {}
    for number, split in enumerate(splits):
        file = root / ANNOTATIONS.format(split.source)
        content = load_coco(file)
        refuse_malformed(file, content)
        folder = require_folder(root / split.source, 'unpack the images of COCO there')
        report = SplitReport(out_root / ANNOTATIONS.format(split.name))
        used = taken.setdefault(split.source, set())
        pool = _candidates(content, any_image, used)
        if allow_missing:
            pool = [i for i in pool if noted_size(folder / i['file_name'], report)]
        images = _draw(pool, split, np.random.default_rng([seed, number]))
        if not allow_missing:
            for image in images:
                noted_size(folder / image['file_name'], report)
        report.num_images = len(images)
        report.require_images(len(images), folder, allow_missing)
        report.num_people = _count_people(content, images)
        used.update(image['id'] for image in images)
        reports[split.name], drawn[split.name] = report, images
    # Everything is read and checked before the first file is written.
    outputs = {s.name: _select(root, out_root, s, drawn[s.name]) for s in splits}
    for split in splits:
        images = drawn[split.name]
        _clean(out_root / split.name, images, outputs[split.name][0])
        _copy_images(root / split.source, out_root / split.name, images, link, progress)
        files, notes = outputs[split.name]
        for path, content in files.items():
            write_json_atomic(path, content)
        reports[split.name].notes += notes
    return reports


def _candidates(
    content: dict[str, Any], any_image: bool, used: set[int]
) -> list[dict[str, Any]]:
    """Return the images that may be drawn, ordered by id."""
    posed = {a['image_id'] for a in content['annotations'] if a.get('num_keypoints')}
    return sorted(
        (
            image
            for image in content['images']
            if image['id'] not in used and (any_image or image['id'] in posed)
        ),
        key=lambda image: image['id'],
    )


def _draw(
    pool: list[dict[str, Any]], split: SubsetSplit, random: np.random.Generator
) -> list[dict[str, Any]]:
    """Return a split's images, in the pool's order."""
    if len(pool) < split.number:
        raise UserError(
            f'{split.name}: {split.number} images asked for, {len(pool)} of '
            f'{split.source} can be drawn',
            'ask for fewer, or give --any-image',
        )
    order = random.permutation(len(pool))
    return [pool[i] for i in sorted(order[: split.number])]


def _count_people(content: dict[str, Any], images: list[dict[str, Any]]) -> int:
    ids = {image['id'] for image in images}
    people = (a for a in content['annotations'] if a.get('num_keypoints'))
    return sum(a['image_id'] in ids for a in people)


def _clean(target: Path, images: list[dict[str, Any]], files: Iterable[Path]) -> None:
    """Delete the temporary files of a killed call with the same outputs."""
    written: dict[Path, list[str]] = {}
    for path in (*(target / image['file_name'] for image in images), *files):
        written.setdefault(path.parent, []).append(path.name)
    for folder, names in written.items():
        remove_temporaries(folder, *names)


def _copy_images(
    source: Path, target: Path, images: list[dict[str, Any]], link: bool, progress: bool
) -> None:
    for image in tqdm(images, desc=target.name, disable=not progress):
        name = image['file_name']
        if (target / name).exists():
            continue
        if link:
            _link(source / name, target / name)
            continue
        with atomic_write(target / name) as temporary:
            shutil.copyfile(source / name, temporary)


def _link(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # a dangling link
        target.symlink_to(source.resolve())
    except OSError as error:
        raise UserError(
            f'cannot link {target}: {error.strerror}', 'copy the images: omit --link'
        ) from None


def _select(
    root: Path, out_root: Path, split: SubsetSplit, images: list[dict[str, Any]]
) -> tuple[dict[Path, Any], list[str]]:
    """Return a split's files of annotations and detected persons, and notes."""
    ids = {image['id'] for image in images}
    files: dict[Path, Any] = {}
    notes = []
    for pattern in (ANNOTATIONS, INSTANCES):
        file = root / pattern.format(split.source)
        if not file.is_file():
            notes.append(f'the source has no {file.name}')
            continue
        content = load_coco(file)
        if pattern == INSTANCES:  # the key points have been checked
            refuse_malformed(file, content)
        for key in ('images', 'annotations'):
            of = 'id' if key == 'images' else 'image_id'
            content[key] = [entry for entry in content[key] if entry[of] in ids]
        _check_finite(content, file)
        files[out_root / pattern.format(split.name)] = content
    file = root / DETECTIONS.format(split.source)
    if file.is_file():
        boxes = _load_detections(file)
        kept = [box for box in boxes if box['image_id'] in ids]
        _check_finite(kept, file)
        files[out_root / DETECTIONS.format(split.name)] = kept
    else:
        notes.append('no detected persons found; evaluate on ground-truth boxes')
    return files, notes


def _check_finite(content: Any, source: Path) -> None:
    try:
        json.dumps(content, allow_nan=False)
    except ValueError:  # json has no nan, though Python reads it
        raise UserError(
            f'{source} contains nan or infinity', 'correct the file'
        ) from None


def _load_detections(path: Path) -> list[dict[str, Any]]:
    fix = 'fetch the person detections that MMPose publishes'
    boxes = load_json(path, fix)
    if not isinstance(boxes, list):
        raise UserError(f'{path} is not a list of detections', fix)
    for i, box in enumerate(boxes):
        if not isinstance(box, dict) or not isinstance(box.get('image_id'), int):
            raise UserError(f'entry {i} of {path} has no integer image_id', fix)
    return boxes
