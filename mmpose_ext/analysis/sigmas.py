"""Estimates the sigmas of OKS from repeated labels, and writes them to a metainfo file.

The method is COCO's (cocodataset.org, keypoint evaluation): sigma is the standard
deviation of the labels of a joint, relative to the person's scale, on images that
several people labeled.
"""

import ast
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from scipy.optimize import linear_sum_assignment
from xtcocotools.coco import COCO

from ..evaluation.coco_files import load_truth
from ..utils.errors import UserError
from ..utils.io import atomic_write
from ..utils.reasons import reason_of

#: Labels of two files belong to one person if their joints are nearer than this on
#: average, as a share of the person's scale (the root of the area).
NEAR = 0.5


@dataclass(frozen=True)
class SigmaEstimate:
    """Sigmas and what they were estimated from.

    Attributes:
        sigmas (tuple[float, ...]): One for each joint.
        labels (tuple[int, ...]): For each joint, the number of people on whom it was
            labeled at least twice; a joint and its mirror image share people and sigma.
        people (int): Number of people in at least two files.
    """

    sigmas: tuple[float, ...]
    labels: tuple[int, ...]
    people: int


def load_metainfo(path: str | os.PathLike) -> dict[str, Any]:
    """Read a metainfo file.

    Args:
        path (str | os.PathLike): A file in MMPose's format, with ``dataset_info``.

    Returns:
        dict[str, Any]: The description, as parsed by MMPose, and ``joints``, the names.

    Raises:
        UserError: If it cannot be read.
    """
    path = Path(path)
    fix = 'write one as in docs/own_joints.md'
    if not path.is_file():  # MMPose would take another file of the same name
        raise UserError(f'there is no metainfo file {path}', fix)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            meta = parse_pose_metainfo(dict(from_file=str(path)))
        meta['joints'] = [
            meta['keypoint_id2name'][i] for i in range(len(meta['sigmas']))
        ]
    except (Exception, SystemExit) as error:  # the file is Python code
        what = f'{path} is not a metainfo file: {reason_of(error) or "incomplete"}'
        raise UserError(what, fix) from error
    return meta


def estimate_sigmas(
    paths: Sequence[str | os.PathLike], meta: Mapping[str, Any]
) -> SigmaEstimate:
    r"""Estimate sigmas from files that label the same images.

    With :math:`p_{na}` the label of person n by annotator a and :math:`s_n^2` the mean
    of the areas,

    .. math::
        \sigma^2 = \frac1N \sum_n \frac{1}{A_n - 1}
        \sum_a \frac{\lVert p_{na} - \bar p_n \rVert^2}{s_n^2}

    so that with two labels at distance d, :math:`\sigma^2` is the mean of
    :math:`d^2 / 2 s^2`. People are matched by their joints and images by their file
    names, so ids may differ. Left and right share their sigma, as in COCO.

    Args:
        paths (Sequence[str | os.PathLike]): Annotations in COCO's layout, one for each
            annotator.
        meta (Mapping): The description, from :func:`load_metainfo`.

    Returns:
        SigmaEstimate: The sigmas.

    Raises:
        UserError: If a file cannot be read, a joint was not labeled twice, or all its
            labels are alike.
    """
    if len(paths) < 2:
        raise UserError('one file holds no repeated labels', 'name two or more')
    files = [_people_by_image(path, len(meta['joints'])) for path in paths]
    squares: list[list[float]] = [[] for _ in meta['joints']]
    people = 0
    for image in sorted(set().union(*files)):
        for labels in _groups([file.get(image, []) for file in files]):
            people += 1
            for joint, spread in _spread(np.array(labels)):
                squares[joint].append(spread)
    if not people:
        raise UserError(
            f'nobody is labeled in two of the {len(paths)} files',
            'the files must label the same people of the same images',
        )
    return _pooled(squares, meta, people)


def _pooled(
    squares: Sequence[Sequence[float]], meta: Mapping[str, Any], people: int
) -> SigmaEstimate:
    """Estimate the sigmas, each of a joint and its mirror image together."""
    sigmas, labels = [], []
    for joint, mirror in enumerate(meta['flip_indices']):
        values = [*squares[joint], *(squares[mirror] if mirror != joint else ())]
        name = meta['joints'][joint]
        if not values:
            raise UserError(
                f'{name} was not labeled twice on anybody',
                'label more images twice, or set all sigmas alike (--alike)',
            )
        if not any(values):
            raise UserError(
                f'all repeated labels of {name} are alike, which makes its sigma 0',
                'give files of different annotators',
            )
        sigmas.append(float(np.sqrt(np.mean(values))))
        labels.append(len(values))
    return SigmaEstimate(tuple(sigmas), tuple(labels), people)


def _people_by_image(
    path: str | os.PathLike, num_keypoints: int
) -> dict[str, list[np.ndarray]]:
    """Return each image's people: (K + 1, 3), the joints and a row with the area."""
    truth: COCO = load_truth(path, num_keypoints)
    people: dict[str, list[np.ndarray]] = {}
    for person in truth.dataset['annotations']:
        image = truth.imgs.get(person['image_id'])
        if image is None or person['iscrowd']:
            continue
        joints = np.array(person['keypoints'], dtype=float).reshape(-1, 3)
        if (joints[:, 2] > 0).any():
            joints[joints[:, 2] <= 0] = 0
            row = np.vstack([joints, [person['area'], 0, 0]])
            people.setdefault(image['file_name'], []).append(row)
    return people


def _groups(files: Sequence[list[np.ndarray]]) -> list[list[np.ndarray]]:
    """Group the labels of the same people, from two or more files."""
    groups: list[list[np.ndarray]] = []
    for people in files:
        if not people:
            continue
        costs = np.array(
            [[_gap(group[0], person) for person in people] for group in groups]
        )
        taken = set()
        if groups:
            for row, column in zip(*linear_sum_assignment(costs), strict=True):
                if costs[row, column] < NEAR:
                    groups[row].append(people[column])
                    taken.add(column)
        groups += [[p] for i, p in enumerate(people) if i not in taken]
    return [group for group in groups if len(group) > 1]


def _gap(first: np.ndarray, second: np.ndarray) -> float:
    """Return the mean distance of joints in both labels, as a share of the scale."""
    both = (first[:-1, 2] > 0) & (second[:-1, 2] > 0)
    if not both.any():
        return 1e6
    gaps = np.linalg.norm(first[:-1][both, :2] - second[:-1][both, :2], axis=1)
    return min(float(gaps.mean() / np.sqrt((first[-1, 0] + second[-1, 0]) / 2)), 1e6)


def _spread(labels: np.ndarray) -> list[tuple[int, float]]:
    """Return joints with two or more (A, K + 1, 3) labels, and relative variances."""
    area = labels[:, -1, 0].mean()
    found = []
    for joint in range(labels.shape[1] - 1):
        points = labels[labels[:, joint, 2] > 0, joint, :2]
        if len(points) > 1:
            total = ((points - points.mean(axis=0)) ** 2).sum()
            found.append((joint, float(total / (len(points) - 1) / area)))
    return found


def write_sigmas(
    source: str | os.PathLike,
    target: str | os.PathLike,
    sigmas: Sequence[float],
    comment: str,
) -> None:
    """Write a copy of a metainfo file with other sigmas; the rest stays as it is.

    Args:
        source (str | os.PathLike): The metainfo file.
        target (str | os.PathLike): The file to write; may be ``source``.
        sigmas (Sequence[float]): One for each joint.
        comment (str): Their origin; written above them.

    Raises:
        UserError: If the file does not state its sigmas itself, or the copy cannot be
            written.
    """
    text = Path(source).read_text(encoding='utf-8')
    node = _sigmas_in(text)
    if node is None or node.end_lineno is None or node.end_col_offset is None:
        raise UserError(
            f'{source} does not state its sigmas itself',
            'write sigmas=[...] into its dataset_info',
        )
    # Columns in ast are counted in bytes.
    lines = text.encode().splitlines(keepends=True)
    before = (
        b''.join(lines[: node.lineno - 1]) + lines[node.lineno - 1][: node.col_offset]
    )
    after = lines[node.end_lineno - 1][node.end_col_offset :]
    after += b''.join(lines[node.end_lineno :])
    rows = ''.join(f'        {sigma:.4g},\n' for sigma in sigmas)
    new = f'[\n        # {comment}\n{rows}    ]'
    with atomic_write(target) as temporary:
        temporary.write_bytes(before + new.encode() + after)


def _sigmas_in(text: str) -> ast.expr | None:
    """Return the node of the sigmas within ``dataset_info``."""
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if 'dataset_info' in names:
            return _entry(statement.value, 'sigmas')
    return None


def _entry(mapping: ast.expr | None, name: str) -> ast.expr | None:
    """Return the value of a key in ``dict(key=...)`` or ``{'key': ...}``."""
    if isinstance(mapping, ast.Call):
        return next((k.value for k in mapping.keywords if k.arg == name), None)
    if isinstance(mapping, ast.Dict):
        pairs = zip(mapping.keys, mapping.values, strict=True)
        return next((v for k, v in pairs if getattr(k, 'value', None) == name), None)
    return None
