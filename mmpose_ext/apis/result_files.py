"""Conversion of results to COCO JSON, CSV and the library supervision."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..utils.errors import UserError
from ..utils.io import atomic_write, write_json_atomic
from .results import PoseResult

# Least score of a key point that is marked as visible in COCO's annotations.
KEYPOINT_SCORE = 0.3


def coco_document(
    results: Sequence[PoseResult], keypoint_score: float = KEYPOINT_SCORE
) -> dict[str, Any]:
    """Return results in the form of a COCO annotation file.

    In addition to COCO's keys an annotation has ``score``, ``keypoint_scores``,
    ``box_source``, and ``track_id`` where people were tracked.

    Args:
        results (Sequence[PoseResult]): One for each image; image ids count from 1.
        keypoint_score (float): Least score of a key point that is marked as visible
            (2); others are marked as hidden (1). Default: 0.3.

    Returns:
        dict: ``images``, ``annotations``, ``categories``.
    """
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, result in enumerate(results, start=1):
        width, height = result.size
        images.append(
            dict(id=number, file_name=result.name, width=width, height=height)
        )
        for index in range(len(result)):
            scores = result.keypoint_scores[index]
            marks = np.where(scores >= keypoint_score, 2, 1)
            points = np.concatenate([result.keypoints[index], marks[:, None]], axis=1)
            note = dict(
                id=len(annotations) + 1,
                image_id=number,
                category_id=1,
                bbox=_xywh(result.boxes[index]),
                area=float(np.prod(_xywh(result.boxes[index])[2:])),
                iscrowd=0,
                keypoints=_rounded(points.ravel()),
                num_keypoints=int((marks > 1).sum()),
                score=float(result.scores[index]),
                keypoint_scores=_rounded(scores),
                box_source=result.box_source,
            )
            if result.ids is not None:
                note['track_id'] = int(result.ids[index])
            annotations.append(note)
    categories = [_category(results[0])] if results else []
    return dict(images=images, annotations=annotations, categories=categories)


def coco_results(
    results: Sequence[PoseResult], image_ids: Sequence[int]
) -> list[dict[str, Any]]:
    """Return results in the form that COCO's evaluation loads (``loadRes``).

    Args:
        results (Sequence[PoseResult]): One for each image.
        image_ids (Sequence[int]): The images' ids in the annotation file.
    """
    found = []
    for result, image_id in zip(results, image_ids, strict=True):
        for index in range(len(result)):
            scores = result.keypoint_scores[index][:, None]
            points = np.concatenate([result.keypoints[index], scores], axis=1)
            found.append(
                dict(
                    image_id=int(image_id),
                    category_id=1,
                    keypoints=_rounded(points.ravel()),
                    bbox=_xywh(result.boxes[index]),
                    score=float(result.scores[index]),
                )
            )
    return found


def write_coco(path: str | os.PathLike, results: Sequence[PoseResult]) -> Path:
    """Write :func:`coco_document` to a file, completely or not at all."""
    write_json_atomic(path, coco_document(results))
    return Path(path)


CSV_COLUMNS = (
    *('file', 'person', 'id', 'person_score', 'left', 'top', 'right', 'bottom'),
    *('box_score', 'box_source', 'keypoint', 'x', 'y', 'score'),
)


def csv_rows(results: Sequence[PoseResult]) -> list[list[Any]]:
    """Return a row for each key point, in the order of :data:`CSV_COLUMNS`."""
    rows = []
    for result in results:
        names = result.keypoint_names
        for index in range(len(result)):
            person = [
                result.name,
                index,
                '' if result.ids is None else int(result.ids[index]),
                *_rounded([result.scores[index], *result.boxes[index]]),
                *_rounded([result.box_scores[index]]),
                result.box_source,
            ]
            points = np.column_stack(
                [result.keypoints[index], result.keypoint_scores[index]]
            )
            rows += [
                [*person, name, *_rounded(point)]
                for name, point in zip(names, points, strict=True)
            ]
    return rows


def write_csv(path: str | os.PathLike, results: Sequence[PoseResult]) -> Path:
    """Write :func:`csv_rows` with a header, completely or not at all."""
    with (
        atomic_write(path) as temporary,
        open(temporary, 'w', encoding='utf-8', newline='') as file,
    ):
        writer = csv.writer(file)
        writer.writerow(CSV_COLUMNS)
        writer.writerows(csv_rows(results))
    return Path(path)


def to_supervision(result: PoseResult) -> Any:
    """Return a result as ``supervision.KeyPoints``.

    Args:
        result (PoseResult): Result of one image.

    Returns:
        supervision.KeyPoints: The key points, with the scores of key points and people.

    Raises:
        UserError: If supervision is not installed.
    """
    try:
        import supervision
    except ImportError as error:
        raise UserError(
            'supervision is not installed', 'type: pip install supervision'
        ) from error
    return supervision.KeyPoints(
        xy=result.keypoints,
        class_id=np.zeros(len(result), int),
        keypoint_confidence=result.keypoint_scores,
        detection_confidence=result.scores,
    )


def _category(result: PoseResult) -> dict[str, Any]:
    links = result.meta.get('skeleton_links') or []
    skeleton = [[int(a) + 1, int(b) + 1] for a, b in links]  # COCO counts from 1
    return dict(id=1, name='person', keypoints=result.keypoint_names, skeleton=skeleton)


def _xywh(box: np.ndarray) -> list[float]:
    left, top, right, bottom = box
    return _rounded([left, top, right - left, bottom - top])


def _rounded(values: Any) -> list[float]:
    """Return floats for JSON, to a thousandth of a pixel."""
    return [round(float(value), 3) for value in values]
