"""Reader of MPII's layout, the form of HRNet's and MMPose's json files."""

import re
from typing import Any

import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ..conventions import metainfo_file
from ..formats.mpii import CENTER_SHIFT, PIXEL_STD
from .records import ImageRecord, PersonRecord, PoseFile
from .values import number, numbers

_KEYS = {'image', 'center', 'scale', 'joints', 'joints_vis'}


def read_mpii(file: PoseFile, content: list[Any]) -> None:
    """Read images and people, and note every field that cannot be used.

    Args:
        file (PoseFile): The file's record, which is filled in.
        content (list): The parsed json.
    """
    meta = file.usage.meta or parse_pose_metainfo(dict(from_file=metainfo_file('mpii')))
    file.origin = 1
    file.joint_number = meta['num_keypoints']
    file.names = [meta['keypoint_id2name'][i] for i in range(meta['num_keypoints'])]
    seen: set[str] = set()
    for i, entry in enumerate(content):
        where = f'entry {i}'
        if not isinstance(entry, dict) or not set(entry) >= _KEYS:
            file.fault('bad_entries', where)
            continue
        name = entry['image']
        if not isinstance(name, str) or not re.match(r'\s*[+-]?\d+\s*(\.|$)', name):
            file.fault('image_numbers', f'{where}, image {name!r:.60}')
            continue
        if name not in seen:
            seen.add(name)
            file.images.append(ImageRecord(name, file.image_dir / name, None))
        joints = _joints(file, where, entry)
        box = _box(file, where, entry)
        if joints is not None:
            file.people.append(PersonRecord(where, name, joints, box))


def _joints(file: PoseFile, where: str, entry: dict) -> np.ndarray | None:
    points, visible = entry['joints'], numbers(entry['joints_vis'])
    rows = [numbers(p) for p in points] if isinstance(points, list) else []
    pairs = [row for row in rows if row is not None and row.shape == (2,)]
    count = len(file.names)
    if visible is None or not len(pairs) == len(rows) == len(visible) == count:
        file.fault('misshapen_joints', where)
        return None
    if not np.isin(visible, (0, 1)).all():
        file.fault('visibilities', where)
    joints = np.column_stack([np.stack(pairs), 2 * (visible > 0)])
    joints[:, :2] -= file.origin
    return joints


def _box(file: PoseFile, where: str, entry: dict) -> np.ndarray:
    """Compute the square that MMPose crops, centered 15 pixels in 200 lower."""
    center, scale = numbers(entry['center']), number(entry['scale'])
    if center is None or center.shape != (2,) or scale is None:
        file.fault('centers', where)
        return np.full(4, np.nan)
    if not np.isfinite([*center, scale]).all():
        file.fault('centers', where)
    side = scale * PIXEL_STD
    low = CENTER_SHIFT / PIXEL_STD * side if center[0] != -1 else 0
    corner = center + np.array([0, low]) - file.origin - side / 2
    return np.array([*corner, side, side])
