"""Comparison of a file's joints with those of the config's data set."""

import math
import re
import sys
from collections.abc import Mapping
from typing import Any

from .findings import Diagnosis
from .records import PoseFile


def check_joint_names(file: PoseFile, diagnosis: Diagnosis) -> None:
    """Compare number, order and names of the joints, and the flip pairs.

    Args:
        file (PoseFile): The annotation file; its usage has the meta information
            of the data set, if a config was given.
        diagnosis (Diagnosis): Receives the findings.
    """
    if not file.names and file.people:
        diagnosis.add('no_names', ['the file'])
    meta = file.usage.meta
    numbers = {
        'people': file.joint_number,
        'names in "categories"': len(file.names),
        "config's data set": meta['num_keypoints'] if meta else 0,
    }
    if len({number for number in numbers.values() if number}) > 1:
        detail = ', '.join(f'{key} {number}' for key, number in numbers.items())
        diagnosis.add('joint_number', ['the file'], detail=detail)
    if not meta:
        return
    _check_lists(meta, diagnosis)
    if not _check_ids(meta, diagnosis):
        return
    _check_flip_pairs(meta, diagnosis)
    count = meta['num_keypoints']
    wanted = [str(meta['keypoint_id2name'].get(i, '')) for i in range(count)]
    if len(file.names) != count:
        return
    ours, theirs = list(map(_plain, file.names)), list(map(_plain, wanted))
    differing = [k for k in range(count) if ours[k] != theirs[k]]
    places = [f'joint {k} is {file.names[k]}, expected {wanted[k]}' for k in differing]
    same = sorted(ours) == sorted(theirs)
    diagnosis.add('joint_order' if same else 'joint_names', places)


def _plain(name: str) -> str:
    """Reduce a name to lower case without spaces, hyphens and underscores."""
    return re.sub(r'[\W_]+', '', name).lower()


def _check_ids(meta: Mapping[str, Any], diagnosis: Diagnosis) -> bool:
    """Check that the joints are numbered 0, 1, 2, ..."""
    ids = sorted(meta['keypoint_id2name'])
    wrong = [f'id {k}' for k in ids if k not in range(meta['num_keypoints'])]
    diagnosis.add('joint_ids', wrong)
    return not wrong


def _check_flip_pairs(meta: Mapping[str, Any], diagnosis: Diagnosis) -> None:
    """Check that the flip pairs of the meta information exchange left and right."""
    flipped, number = meta['flip_indices'], meta['keypoint_name2id']
    wrong = []
    for name, k in number.items():
        if flipped[flipped[k]] != k:
            wrong.append(f'{name} and {meta["keypoint_id2name"][flipped[k]]}')
            continue
        mirrored = _mirrored(name)
        if mirrored in number and flipped[k] != number[mirrored]:
            wrong.append(f'{name} and {mirrored}')
    diagnosis.add('flip_pairs', wrong)


def _check_lists(meta: Mapping[str, Any], diagnosis: Diagnosis) -> None:
    """Check the numbers and values of sigmas and weights of the meta information."""
    count = meta['num_keypoints']
    wrong = []
    for key in ('sigmas', 'dataset_keypoint_weights'):
        values = [] if meta.get(key) is None else list(map(float, meta[key]))
        if values and len(values) != count:
            wrong.append(f'{key}: {len(values)} for {count} joints')
        # OKS divides by a sigma; a weight of 0 leaves a joint out.
        least = sys.float_info.min if key == 'sigmas' else 0
        bad = [v for v in values if not least <= v < math.inf]
        wrong += [f'{key}: {v:g}' for v in bad]
    diagnosis.add('sigmas', wrong)


def _mirrored(name: str) -> str:
    """Return the name of the joint on the other side; empty for central joints."""
    sides = {'left': 'right', 'right': 'left', 'l': 'r', 'r': 'l'}
    parts = re.split(r'([\W_]+)', name)
    if not any(part in sides for part in parts):
        return ''
    return ''.join(sides.get(part, part) for part in parts)
