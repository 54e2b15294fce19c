"""Named points of the body."""

import numpy as np

from ..utils.errors import check_choice
from .body import Body
from .skeleton import NODE_INDEX

# Maps a name to its node, its offset in the node's frame, and how deep the point may
# lie under the visible skin (both as fractions of the stature). Offsets of the points
# of the head scale with the head.
_MIDDLE: dict[str, tuple[str, tuple[float, float, float], float]] = {
    'pelvis': ('pelvis', (0, 0, 0), 0.085),
    'spine_base': ('pelvis', (0, 0.02, 0), 0.085),
    'spine_mid': ('chest', (0, 0, 0), 0.080),
    'thorax': ('neck', (0, 0, 0), 0.070),
    'upper_neck': ('head', (0, 0, 0), 0.060),
    'head': ('head', (0, 0.066, 0.014), 0.080),
    'head_top': ('head', (0, 0.126, 0.008), 0.035),
    'nose': ('head', (0, 0.044, 0.076), 0.014),
}
_SIDED: dict[str, tuple[str, tuple[float, float, float], float]] = {
    'eye': ('head', (0.018, 0.062, 0.062), 0.016),
    'ear': ('head', (0.046, 0.052, 0.004), 0.018),
    'shoulder': ('shoulder', (0, 0, 0), 0.056),
    'elbow': ('elbow', (0, 0, 0), 0.042),
    'wrist': ('wrist', (0, 0, 0), 0.034),
    'hand': ('wrist', (0, -0.045, 0), 0.045),
    'hand_tip': ('wrist', (-0.005, -0.092, 0), 0.026),
    'thumb': ('wrist', (0, -0.052, 0.036), 0.020),
    'hip': ('hip', (0, 0, 0), 0.085),
    'knee': ('knee', (0, 0, 0), 0.055),
    'ankle': ('ankle', (0, 0, 0), 0.042),
    'foot': ('ankle', (0, -0.020, 0.070), 0.032),
}


def _table() -> dict[str, tuple[str, tuple[float, float, float], float]]:
    table = dict(_MIDDLE)
    for name, (node, (x, y, z), depth) in _SIDED.items():
        for side, mirror in (('left', 1), ('right', -1)):
            full = node if node == 'head' else f'{side}_{node}'
            table[f'{side}_{name}'] = (full, (mirror * x, y, z), depth)
    return table


_TABLE = _table()
#: All named points, in the order of the arrays in this package.
LANDMARKS = tuple(_TABLE)
LANDMARK_INDEX = {name: i for i, name in enumerate(LANDMARKS)}
#: How deep under the visible skin a point may lie, in statures.
SKIN_DEPTH = np.array([depth for _, _, depth in _TABLE.values()])
#: Whether trousers cover the point.
ON_LEGS = np.array(
    [
        node.endswith(('pelvis', 'hip', 'knee', 'ankle'))
        for node, _, _ in _TABLE.values()
    ]
)
_NODES = np.array([NODE_INDEX[node] for node, _, _ in _TABLE.values()])
_OFFSETS = np.array([offset for _, offset, _ in _TABLE.values()], dtype=np.float64)
_ON_HEAD = np.array([node == 'head' for node, _, _ in _TABLE.values()])


def landmark_indices(names: tuple[str, ...]) -> np.ndarray:
    """Look up the rows of landmarks in the landmark arrays.

    Args:
        names (tuple[str, ...]): Names from :data:`LANDMARKS`.

    Returns:
        np.ndarray: Indices of shape (K,).

    Raises:
        ConfigError: If a landmark is unknown.
    """
    for name in names:
        check_choice('landmark_indices', 'name', name, LANDMARKS)
    return np.array([LANDMARK_INDEX[name] for name in names])


def landmarks_3d(
    body: Body, positions: np.ndarray, rotations: np.ndarray
) -> np.ndarray:
    """Place the named points on a posed skeleton.

    Args:
        body (Body): The person's proportions.
        positions (np.ndarray): Nodes in meters, of shape (..., N, 3).
        rotations (np.ndarray): Nodes' frames, of shape (..., N, 3, 3).

    Returns:
        np.ndarray: Points in meters, of shape (..., M, 3), in the order of
        :data:`LANDMARKS`.
    """
    scale = np.where(_ON_HEAD, body.head, 1.0)[:, None] * body.stature
    offset = rotations[..., _NODES, :, :] @ (_OFFSETS * scale)[..., None]
    return positions[..., _NODES, :] + offset[..., 0]
