"""Rows: COCO's evaluation of key points through the metric."""

import contextlib
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from mmengine.logging import MMLogger
from mmpose.datasets.datasets.body import CocoDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.evaluation.metrics import CocoMetric

from ...evaluation.metrics import FastCocoMetric
from .rows import Row

GOAL = 20.0


def write_people(path: Path, people: int, per_image: int) -> list[tuple[dict, dict]]:
    """Write an annotation of random people, and return top-down predictions of them.

    Args:
        path (Path): The file to write.
        people (int): Their number.
        per_image (int): People in an image.

    Returns:
        list[tuple[dict, dict]]: What ``CocoMetric`` keeps of each prediction.
    """
    rng = np.random.default_rng(0)
    kept: list[tuple[dict, dict]] = []
    annotations = []
    for number in range(people):
        side = rng.uniform(40, 200)
        corner = rng.uniform(0, 400, 2)
        pose = corner + rng.uniform(0, 1, (17, 2)) * side
        seen = rng.integers(0, 3, (17, 1))
        box = [*corner.tolist(), side, side]
        annotations.append(
            dict(
                id=number + 1,
                image_id=number // per_image,
                category_id=1,
                iscrowd=int(rng.random() < 0.02),
                area=side**2 * 0.6,
                bbox=box,
                num_keypoints=int((seen > 0).sum()),
                keypoints=np.hstack([pose, seen]).ravel().tolist(),
            )
        )
        moved = pose + rng.normal(0, side / 20, pose.shape)
        pred = dict(
            id=number,
            img_id=number // per_image,
            category_id=1,
            keypoints=moved[None],
            keypoint_scores=rng.uniform(0.1, 1, (1, 17)).astype(np.float32),
            bbox=np.array([box], np.float32),
            bbox_scores=rng.uniform(0.2, 1, 1).astype(np.float32),
            areas=np.array([side * side], np.float32),
        )
        kept.append((pred, {}))
    images = [
        dict(id=i, width=640, height=480, file_name=f'{i}.jpg')
        for i in range(-(-people // per_image))
    ]
    content = dict(
        images=images,
        annotations=annotations,
        categories=[dict(id=1, name='person')],
    )
    path.write_text(json.dumps(content))
    return kept


def evaluation_rows(folder: Path, quick: bool = False) -> Iterator[Row]:
    """Rows of ``compute_metrics``.

    Args:
        folder (Path): Folder for temporary files.
        quick (bool): Whether to score a tenth of the people.

    Yields:
        Row: Of 20 and of 2 people an image.
    """
    people = 500 if quick else 5000
    MMLogger.get_current_instance().setLevel(logging.WARNING)
    meta = parse_pose_metainfo(CocoDataset.METAINFO)
    for per_image in (20, 2):
        path = folder / f'people_{per_image}.json'
        kept = write_people(path, people, per_image)
        yield Row(
            f'COCO evaluation, {people} people, {per_image} an image',
            theirs=_scoring(CocoMetric, path, meta, kept),
            ours=_scoring(FastCocoMetric, path, meta, kept),
            goal=GOAL,
            repeats=3,
            wall=False,
        )


def _scoring(
    kind: type, path: Path, meta: dict, kept: list[tuple[dict, dict]]
) -> Callable[[], Any]:
    with contextlib.redirect_stdout(io.StringIO()):
        metric = kind(ann_file=str(path))
        metric.dataset_meta = dict(meta)

    def score() -> Any:
        with contextlib.redirect_stdout(io.StringIO()):
            return metric.compute_metrics([(dict(p), g) for p, g in kept])

    return score
