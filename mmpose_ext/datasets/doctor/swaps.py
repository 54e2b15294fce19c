"""Detection of exchanged left and right joints."""

from collections.abc import Sequence

import numpy as np

# Pairs whose lines from right to left are about parallel.
_PARALLEL = (
    ('shoulder', 'hip'),
    ('shoulder', 'eye'),
    ('hip', 'knee'),
    ('knee', 'ankle'),
)
# Pairs that are connected along a limb.
_CHAINS = (
    ('shoulder', 'elbow'),
    ('elbow', 'wrist'),
    ('hip', 'knee'),
    ('knee', 'ankle'),
)


def suspicious_swaps(joints: np.ndarray, names: Sequence[str]) -> list[str]:
    """Find pairs whose left and right are probably exchanged.

    There are two signs, both measured in torso lengths (middle of the shoulders to
    middle of the hips): neighboring pairs, such as shoulders and hips, that are wide
    and point in opposite directions; and limbs that become much shorter when the far
    joints of left and right are exchanged. Crossed and twisted limbs show the same
    signs, so this is only a suspicion.

    Args:
        joints (np.ndarray): x, y, visibility, shape (K, 3).
        names (Sequence[str]): Names of the joints; joints without a counterpart
            named as ``left_shoulder`` and ``right_shoulder`` are ignored.

    Returns:
        list[str]: Names of the parts, e.g. ``'hip'`` or ``'ankle'``; empty if the
        torso cannot be measured.

    Example:
        >>> names = [f'{side}_{part}' for part in ('shoulder', 'hip', 'knee')
        ...          for side in ('left', 'right')]
        >>> joints = np.array([[60, 0, 2], [20, 0, 2], [50, 60, 2], [30, 60, 2],
        ...                    [50, 90, 2], [30, 90, 2.0]])
        >>> suspicious_swaps(joints, names)
        []
        >>> suspicious_swaps(joints[[0, 1, 2, 3, 5, 4]], names)
        ['knee']
    """
    index = {name: i for i, name in enumerate(names)}

    def pair(part: str) -> np.ndarray | None:
        """Left and right joint, shape (2, 2), if both are annotated."""
        rows = [index.get(f'{side}_{part}') for side in ('left', 'right')]
        if any(row is None or joints[row, 2] <= 0 for row in rows):
            return None
        return joints[rows, :2]

    shoulders, hips = pair('shoulder'), pair('hip')
    if shoulders is None or hips is None:
        return []
    torso = float(np.linalg.norm(shoulders.mean(axis=0) - hips.mean(axis=0)))
    if not np.isfinite(torso) or torso < 1:
        return []
    found = []
    for upper, lower in _PARALLEL:
        a, b = pair(upper), pair(lower)
        if a is not None and b is not None and _opposed(a, b, torso, lower):
            found.append(lower)
    for near, far in _CHAINS:
        a, b = pair(near), pair(far)
        if a is not None and b is not None and far not in found:
            as_is = np.linalg.norm(a - b, axis=1).sum()
            exchanged = np.linalg.norm(a - b[::-1], axis=1).sum()
            if exchanged < 0.5 * as_is and as_is - exchanged > 0.6 * torso:
                found.append(far)
    return found


def _opposed(a: np.ndarray, b: np.ndarray, torso: float, part: str) -> bool:
    u, v = a[0] - a[1], b[0] - b[1]
    lengths = np.linalg.norm(u), np.linalg.norm(v)
    wide = {'hip': 0.2, 'eye': 0.08, 'knee': 0.25, 'ankle': 0.3}[part] * torso
    if lengths[0] < 0.3 * torso or lengths[1] < wide:
        return False
    return float(u @ v) < -0.8 * float(lengths[0] * lengths[1])
