"""Healthy data sets of a few people, written in each layout."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from scipy.io import savemat

from mmpose_ext.datasets.conventions import metainfo_file

WIDTH, HEIGHT = 96, 128
_PLACES = {
    'eye': (2, -52), 'ear': (4, -50), 'shoulder': (10, -36), 'elbow': (14, -18),
    'wrist': (15, 0), 'hand': (15, 2), 'hip': (7, 0), 'knee': (7, 22), 'ankle': (7, 44),
    'foot': (8, 48), 'hand_tip': (16, 4), 'thumb': (14, 3),
}  # fmt: skip
_MIDDLE = {
    'head_top': -58, 'head': -50, 'nose': -50, 'spine_mid': -18, 'spine_base': 0,
    'pelvis': 0,
}  # fmt: skip


def meta_of(convention: str) -> dict:
    """Parsed meta information of a convention."""
    return parse_pose_metainfo(dict(from_file=metainfo_file(convention)))


def joints_of(convention: str, seed: int) -> np.ndarray:
    """A standing person who faces the camera, (K, 2), within the image."""
    meta, rng = meta_of(convention), np.random.default_rng(seed)
    points = []
    for k in range(meta['num_keypoints']):
        name = meta['keypoint_id2name'][k]
        side, _, part = name.partition('_')
        if side in ('left', 'right'):
            x, y = _PLACES[part]
            x = x if side == 'left' else -x
        else:
            x, y = 0, _MIDDLE.get(name, -38)
        points.append((x, y))
    noise = rng.uniform(-2, 2, (len(points), 2))
    return np.array(points) + np.array([44, 66]) + noise


def write_images(folder: Path, count: int, seed: int) -> list[str]:
    """Pictures that resemble nothing else; names as MPII's."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for i in range(count):
        rng = np.random.default_rng(100 * seed + i)
        rough = rng.integers(0, 255, (8, 6, 3), dtype=np.uint8)
        names.append(f'{100 * seed + i:09d}.jpg')
        image = cv2.resize(rough, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / names[-1]), image)
    return names


def coco_content(convention: str, names: list[str], head_size: bool = False) -> dict:
    """A person on each image, two on the last, a crowd and somebody without joints."""
    meta = meta_of(convention)
    images: list[dict] = [
        dict(id=int(name[:9]) + 1, file_name=name, width=WIDTH, height=HEIGHT)
        for name in names
    ]
    people: list[dict] = []

    def add(image: dict, joints: np.ndarray, visible: Any, **extra: Any) -> None:
        low, high = joints.min(axis=0) - 3, joints.max(axis=0) + 3
        box = [*low, *(high - low)]
        values = np.column_stack([joints, visible]).round(2)
        values[values[:, 2] == 0] = 0
        person = dict(
            id=10 + len(people),
            image_id=image['id'],
            category_id=1,
            iscrowd=0,
            bbox=[round(float(v), 2) for v in box],
            area=round(float(0.53 * box[2] * box[3]), 2),
            num_keypoints=int((values[:, 2] > 0).sum()),
            keypoints=values.ravel().tolist(),
            segmentation=[],
        )
        if head_size:
            person['head_size'] = 9.5
        people.append({**person, **extra})

    count = meta['num_keypoints']
    for i, image in enumerate([*images, images[-1]]):
        visible = np.full(count, 2)
        visible[2 + i % 3] = i % 2
        add(image, joints_of(convention, i) + np.array([4 * i, 0]), visible)
    nobody = joints_of(convention, 9)
    add(images[0], nobody, np.zeros(count))
    add(images[1], nobody, np.zeros(count), iscrowd=1)
    names = [meta['keypoint_id2name'][k] for k in range(count)]
    category = dict(id=1, name='person', keypoints=names, skeleton=[[1, 2]])
    return dict(images=images, annotations=people, categories=[category])


def mpii_content(names: list[str]) -> list[dict]:
    """A person on each image, two on the last; pixels count from 1."""
    people = []
    for i, name in enumerate([*names, names[-1]]):
        joints = joints_of('mpii', i) + np.array([4 * i, 1])
        visible = [1] * 16
        visible[i] = 0
        people.append(
            dict(
                image=name,
                center=[49.0 + 4 * i, 58.0],
                scale=0.55,
                joints=joints.round(2).tolist(),
                joints_vis=visible,
            )
        )
    return people


def write_head_boxes(path: Path, count: int) -> None:
    """The part of ``mpii_gt_val.mat`` that MMPose's data set reads."""
    boxes = np.zeros((2, 2, count))
    boxes[1] = 12
    savemat(path, dict(headboxes_src=boxes))


def save(path: Path, content: Any) -> None:
    """Write json as it comes, nan and lone surrogates included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
