"""The articulated figure: nodes, degrees of freedom, forward kinematics.

Axes of every node at rest: x to the person's left, y up, z to the front; a
right-handed frame. At rest the person stands upright with hanging arms, palms
to the thighs.
"""

from dataclasses import dataclass

import numpy as np

#: Kinematic nodes; a parent always comes before its children.
NODES = (
    'pelvis', 'spine', 'chest', 'neck', 'head',
    'left_clavicle', 'left_shoulder', 'left_elbow', 'left_wrist',
    'right_clavicle', 'right_shoulder', 'right_elbow', 'right_wrist',
    'left_hip', 'left_knee', 'left_ankle',
    'right_hip', 'right_knee', 'right_ankle',
)  # fmt: skip
NODE_INDEX = {name: i for i, name in enumerate(NODES)}
PARENTS = (-1, 0, 1, 2, 3, 2, 5, 6, 7, 2, 9, 10, 11, 0, 13, 14, 0, 16, 17)
# The shoulder joint moves with the clavicle, but the arm's angles are measured
# relative to the trunk, as in medicine, so these two nodes turn with the chest.
_TURNS_WITH = {6: 2, 10: 2}


def _levels() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """List nodes, parents and the nodes they turn with, by distance from the root."""
    depth = [0]
    for parent in PARENTS[1:]:
        depth.append(depth[parent] + 1)
    levels = []
    for level in range(1, max(depth) + 1):
        nodes = [i for i, d in enumerate(depth) if d == level]
        parents = [PARENTS[i] for i in nodes]
        turns = [_TURNS_WITH.get(i, PARENTS[i]) for i in nodes]
        levels.append((np.array(nodes), np.array(parents), np.array(turns)))
    return levels


_LEVELS = _levels()


@dataclass(frozen=True)
class Dof:
    """One rotational degree of freedom.

    Args:
        name (str): Its name, e.g. ``'left_knee_flex'``.
        node (int): The node that it turns.
        axis (int): 0, 1, 2 for x, y, z of the node.
        sign (int): Sense of rotation of a positive value.
        low (float): Lower limit in degrees.
        high (float): Upper limit in degrees.
    """

    name: str
    node: int
    axis: int
    sign: int
    low: float
    high: float


# name, node, axis, sign, low, high. Positive: flexion is forward (knee:
# backward), side is to the person's left, twist is to the left.
_TRUNK = (
    ('root_pitch', 'pelvis', 0, 1, -360, 360),
    ('root_roll', 'pelvis', 2, -1, -360, 360),
    ('spine_flex', 'spine', 0, 1, -25, 50),
    ('spine_side', 'spine', 2, -1, -20, 20),
    ('spine_twist', 'spine', 1, 1, -25, 25),
    ('chest_flex', 'chest', 0, 1, -15, 30),
    ('chest_side', 'chest', 2, -1, -15, 15),
    ('chest_twist', 'chest', 1, 1, -25, 25),
    ('neck_flex', 'neck', 0, 1, -35, 35),
    ('neck_side', 'neck', 2, -1, -20, 20),
    ('neck_twist', 'neck', 1, 1, -45, 45),
    ('head_flex', 'head', 0, 1, -20, 20),
    ('head_side', 'head', 2, -1, -12, 12),
    ('head_twist', 'head', 1, 1, -25, 25),
)
# For the left side; z and y are mirrored on the right. Positive: clavicle up and
# forward, shoulder_twist and forearm_twist inward (thumb towards the body),
# wrist_flex to the palm, hip_twist outward, ankle_flex toes up.
_SIDED = (
    ('clavicle_raise', 'clavicle', 2, 1, -8, 35),
    ('clavicle_forward', 'clavicle', 1, -1, -20, 25),
    ('shoulder_flex', 'shoulder', 0, -1, -55, 178),
    ('shoulder_abduct', 'shoulder', 2, 1, -45, 175),
    ('shoulder_twist', 'shoulder', 1, -1, -85, 80),
    ('elbow_flex', 'elbow', 0, -1, 0, 148),
    ('forearm_twist', 'elbow', 1, -1, -80, 80),
    ('wrist_flex', 'wrist', 2, -1, -65, 70),
    ('wrist_side', 'wrist', 0, -1, -25, 20),
    ('hip_flex', 'hip', 0, -1, -25, 125),
    ('hip_abduct', 'hip', 2, 1, -25, 60),
    ('hip_twist', 'hip', 1, 1, -35, 45),
    ('knee_flex', 'knee', 0, 1, 0, 150),
    ('ankle_flex', 'ankle', 0, -1, -45, 25),
)


def _sided(side: str) -> list[Dof]:
    mirror = -1 if side == 'right' else 1
    return [
        Dof(
            f'{side}_{name}',
            NODE_INDEX[f'{side}_{node}'],
            axis,
            sign if axis == 0 else mirror * sign,
            low,
            high,
        )
        for name, node, axis, sign, low, high in _SIDED
    ]


#: The pose vector's entries, in order; a pose is an array of degrees.
DOFS = tuple(
    [Dof(n, NODE_INDEX[node], *rest) for n, node, *rest in _TRUNK]
    + _sided('left')
    + _sided('right')
)
DOF_INDEX = {dof.name: i for i, dof in enumerate(DOFS)}
LOW = np.array([dof.low for dof in DOFS], dtype=np.float64)
HIGH = np.array([dof.high for dof in DOFS], dtype=np.float64)

_NODE = np.array([dof.node for dof in DOFS])
_AXIS = np.array([dof.axis for dof in DOFS])
_SIGN = np.array([dof.sign for dof in DOFS], dtype=np.float64)
_ARMS = tuple(
    (DOF_INDEX[f'{s}_shoulder_flex'], DOF_INDEX[f'{s}_shoulder_abduct'])
    for s in ('left', 'right')
)
# Above this abduction, the arm can hardly flex.
_ABDUCT_FREE = 100.0


def clip_to_limits(pose: np.ndarray) -> np.ndarray:
    """Bring a pose inside the joint limits.

    In addition to each entry's own range, shoulder flexion and abduction are coupled:
    when an arm is raised sideways beyond 100 degrees, its range of flexion shrinks, to
    between -20 and 30 degrees at 175.

    Args:
        pose (np.ndarray): Degrees, of shape (..., D) in the order of
            :data:`DOFS`.

    Returns:
        np.ndarray: The clipped copy.
    """
    pose = np.clip(pose, LOW, HIGH)
    for flex, abduct in _ARMS:
        excess = np.clip((pose[..., abduct] - _ABDUCT_FREE) / 75.0, 0.0, 1.0)
        low = (1 - excess) * LOW[flex] + excess * -20.0
        high = (1 - excess) * HIGH[flex] + excess * 30.0
        pose[..., flex] = np.clip(pose[..., flex], low, high)
    return pose


def euler_xzy(angles: np.ndarray) -> np.ndarray:
    """Compute rotation matrices Rx @ Rz @ Ry.

    Args:
        angles (np.ndarray): Radians about x, y, z, of shape (..., 3).

    Returns:
        np.ndarray: Matrices of shape (..., 3, 3).
    """
    cx, cy, cz = np.moveaxis(np.cos(angles), -1, 0)
    sx, sy, sz = np.moveaxis(np.sin(angles), -1, 0)
    rows = (
        (cz * cy, -sz, cz * sy),
        (cx * sz * cy + sx * sy, cx * cz, cx * sz * sy - sx * cy),
        (sx * sz * cy - cx * sy, sx * cz, sx * sz * sy + cx * cy),
    )
    matrices = np.empty((*angles.shape[:-1], 3, 3))
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            matrices[..., i, j] = value
    return matrices


def forward_kinematics(
    pose: np.ndarray, offsets: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Compute positions and orientations of all nodes, with the pelvis at the origin.

    Args:
        pose (np.ndarray): Degrees, of shape (B, D).
        offsets (np.ndarray): Each node in its parent's frame, in meters, of
            shape (N, 3) or (B, N, 3).

    Returns:
        tuple[np.ndarray, np.ndarray]: Positions (B, N, 3) and rotations from
        the node's frame to the world (B, N, 3, 3).
    """
    pose = np.atleast_2d(pose)
    batch = len(pose)
    angles = np.zeros((batch, len(NODES), 3))
    angles[:, _NODE, _AXIS] = np.deg2rad(pose) * _SIGN
    local = euler_xzy(angles)
    offsets = np.broadcast_to(offsets, (batch, len(NODES), 3))[..., None]
    positions = np.zeros((batch, len(NODES), 3))
    rotations = np.empty_like(local)
    rotations[:, 0] = local[:, 0]
    for nodes, parents, turns in _LEVELS:
        rotations[:, nodes] = rotations[:, turns] @ local[:, nodes]
        step = (rotations[:, parents] @ offsets[:, nodes])[..., 0]
        positions[:, nodes] = positions[:, parents] + step
    return positions, rotations


def heading(yaw: float) -> np.ndarray:
    """Return the rotation about the vertical, (3, 3): 0 faces +z, 90 faces +x."""
    return euler_xzy(np.array([0.0, np.deg2rad(yaw), 0.0]))
