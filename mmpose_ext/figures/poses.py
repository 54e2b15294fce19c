"""Random plausible poses as vectors of joint angles."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..utils import check_choice
from .body import Body
from .landmarks import LANDMARK_INDEX, landmarks_3d
from .pose_families import GESTURES, STANCES, Ranges, Stance
from .skeleton import (
    DOF_INDEX,
    DOFS,
    HIGH,
    LOW,
    NODE_INDEX,
    clip_to_limits,
    forward_kinematics,
)

_GAITS = ('walk', 'run')
#: Every pose family's name.
FAMILIES = (*STANCES, *_GAITS)
_GAIT_WEIGHT = (2.2, 1.8)
_WEIGHTS = {
    **{name: stance.weight for name, stance in STANCES.items()},
    **dict(zip(_GAITS, _GAIT_WEIGHT, strict=True)),
}
_SIDES = ('left', 'right')
_JITTER = 4.0  # degrees, on every entry of a drawn pose
_TRIES = 4

# Points that must not be inside the trunk or the head.
_LIMB_POINTS = [
    LANDMARK_INDEX[f'{side}_{name}']
    for side in _SIDES
    for name in ('elbow', 'wrist', 'hand_tip', 'knee')
]


def pose_vector(entries: Mapping[str, float]) -> np.ndarray:
    """Make a pose from named angles; the others are zero.

    Args:
        entries (Mapping[str, float]): Degrees by name, from :data:`.DOFS`.

    Returns:
        np.ndarray: A pose of shape (D,).

    Raises:
        ConfigError: If a name is unknown.
    """
    pose = np.zeros(len(DOFS))
    for name, value in entries.items():
        check_choice('pose_vector', 'entries', name, DOF_INDEX)
        pose[DOF_INDEX[name]] = value
    return pose


def gait_pose(
    phase: float, speed: float, stride: float = 1.0, lean: float = 0.0
) -> np.ndarray:
    """Compute one instant of walking or running.

    Args:
        phase (float): Radians; a full cycle of two steps is 2 pi.
        speed (float): 0 is walking, 1 is running; in between is a mixture.
        stride (float): Factor of the legs' swing.
        lean (float): Degrees of forward lean on top of the gait's own.

    Returns:
        np.ndarray: A pose of shape (D,), periodic in ``phase``.
    """
    pose = np.zeros(len(DOFS))
    swing = (24 + 16 * speed) * stride
    for side, shift in zip(_SIDES, (0.0, np.pi), strict=True):
        angle = phase + shift
        # The knee bends most while the leg swings forward.
        lift = np.clip(np.sin(angle + 2.1), 0, None) ** 1.5
        values = {
            'hip_flex': (6 + 12 * speed) + swing * np.sin(angle),
            'knee_flex': 6 + 14 * speed + (48 + 45 * speed) * lift,
            'ankle_flex': 4 - (14 + 12 * speed) * np.clip(-np.sin(angle), 0, None),
            'hip_abduct': 2.0,
            'shoulder_flex': -(16 + 22 * speed) * np.sin(angle) * stride,
            'shoulder_abduct': 8 + 6 * speed,
            'shoulder_twist': 12 * speed,
            'elbow_flex': 16 + 68 * speed - (8 + 10 * speed) * np.sin(angle),
        }
        for name, value in values.items():
            pose[DOF_INDEX[f'{side}_{name}']] = value
    pose[DOF_INDEX['root_pitch']] = 2 + 8 * speed + lean
    pose[DOF_INDEX['spine_twist']] = 7 * np.sin(phase)
    pose[DOF_INDEX['root_roll']] = 2 * np.cos(phase)
    return clip_to_limits(pose)


def _draw(rng: np.random.Generator, pose: np.ndarray, ranges: Ranges, prefix: str):
    low_high = np.array(list(ranges.values()))
    rows = [DOF_INDEX[prefix + name] for name in ranges]
    pose[rows] = rng.uniform(low_high[:, 0], low_high[:, 1])


def _draw_arms(rng: np.random.Generator, pose: np.ndarray, gestures: tuple) -> None:
    first = gestures[rng.integers(len(gestures))]
    second = first if rng.random() < 0.45 else gestures[rng.integers(len(gestures))]
    for side, gesture in zip(_SIDES, (first, second), strict=True):
        _draw(rng, pose, GESTURES[gesture], f'{side}_')


def _level_feet(pose: np.ndarray) -> None:
    for side in _SIDES:
        bend = (
            pose[DOF_INDEX[f'{side}_knee_flex']] - pose[DOF_INDEX[f'{side}_hip_flex']]
        )
        pitch = bend + pose[DOF_INDEX['root_pitch']]
        pose[DOF_INDEX[f'{side}_ankle_flex']] = pitch


def _draw_stance(rng: np.random.Generator, stance: Stance) -> np.ndarray:
    pose = np.zeros(len(DOFS))
    if stance.trunk:
        _draw(rng, pose, stance.trunk, '')
    sides = _SIDES if rng.random() < 0.5 else _SIDES[::-1]
    for side, own in zip(sides, (stance.front, stance.rear), strict=True):
        _draw(rng, pose, {**stance.both, **own}, f'{side}_')
    _draw_arms(rng, pose, stance.arms)
    if stance.flat:
        _level_feet(pose)
    return pose


def _draw_gait(rng: np.random.Generator, family: str) -> np.ndarray:
    speed = rng.uniform(0, 0.25) if family == 'walk' else rng.uniform(0.7, 1.1)
    phase, stride = rng.uniform(0, 2 * np.pi), rng.uniform(0.7, 1.25)
    pose = gait_pose(phase, speed, stride, rng.uniform(-4, 8))
    if rng.random() < 0.2:
        _draw_arms(rng, pose, ('front', 'carry', 'wave', 'to_head', 'side_up', 'any'))
    return pose


def draw_family(rng: np.random.Generator, family: str) -> tuple[np.ndarray, float]:
    """Draw one pose of a family, without checking for self-intersection.

    Args:
        rng (np.random.Generator): Source of randomness.
        family (str): One of :data:`FAMILIES`.

    Returns:
        tuple[np.ndarray, float]: The pose (D,) in degrees, inside the joint
        limits, and its height above the ground in statures.
    """
    if family in _GAITS:
        pose, lift = _draw_gait(rng, family), (0.0, 0.04 * (family == 'run'))
    else:
        pose, lift = _draw_stance(rng, STANCES[family]), STANCES[family].lift
    pose += rng.normal(0, _JITTER, len(DOFS)) * np.minimum(1, (HIGH - LOW) / 90)
    for side in _SIDES:
        # The shoulder blade follows a raised arm.
        raised = max(
            pose[DOF_INDEX[f'{side}_shoulder_{n}']] for n in ('flex', 'abduct')
        )
        pose[DOF_INDEX[f'{side}_clavicle_raise']] += 0.12 * max(0.0, raised - 60)
    return clip_to_limits(pose), float(rng.uniform(*lift))


def penetration(body: Body, positions: np.ndarray, rotations: np.ndarray) -> np.ndarray:
    """Measure how deep elbows, hands and knees lie inside the trunk and the head.

    Args:
        body (Body): The person's proportions.
        positions (np.ndarray): Nodes, of shape (B, N, 3), in meters.
        rotations (np.ndarray): Nodes' frames, of shape (B, N, 3, 3).

    Returns:
        np.ndarray: Depth of the deepest point as a fraction of the radius, of shape
        (B,); 0 if nothing intersects.
    """
    points = landmarks_3d(body, positions, rotations)[:, _LIMB_POINTS]
    width = body.stature * body.build
    depths = []
    for node, center, radii in (
        ('spine', (0, 0.05, 0), (0.078, 0.13, 0.062)),
        ('chest', (0, 0.05, 0), (0.086, 0.09, 0.066)),
        ('pelvis', (0, 0.0, 0), (0.070, 0.07, 0.062)),
        ('head', (0, 0.06, 0.012), (0.05, 0.07, 0.062)),
    ):
        frame = rotations[:, NODE_INDEX[node]]
        offset = points - positions[:, NODE_INDEX[node], None]
        local = offset @ frame / width - np.array(center)
        depths.append(1 - np.linalg.norm(local / np.array(radii), axis=-1))
    return np.clip(np.max(depths, axis=(0, 2)), 0, None)


def choose_family(rng: np.random.Generator, families: Sequence[str] = FAMILIES) -> str:
    """Draw a pose family by its weight.

    Args:
        rng (np.random.Generator): Source of randomness.
        families (Sequence[str]): Families to choose from, a subset of :data:`FAMILIES`.

    Returns:
        str: One of them.
    """
    sums = np.cumsum([_WEIGHTS[name] for name in families])
    return families[int(np.searchsorted(sums[:-1] / sums[-1], rng.random()))]


class DrawnPose(NamedTuple):
    """A pose with its posed skeleton.

    Args:
        pose (np.ndarray): Joint angles in degrees, (D,).
        lift (float): Height above the ground in statures.
        family (str): Its family.
        positions (np.ndarray): Nodes in meters, the pelvis at 0, (N, 3).
        rotations (np.ndarray): Nodes' frames, (N, 3, 3).
    """

    pose: np.ndarray
    lift: float
    family: str
    positions: np.ndarray
    rotations: np.ndarray


def sample_pose(
    rng: np.random.Generator, body: Body, family: str | None = None
) -> DrawnPose:
    """Draw a pose that does not intersect itself.

    Args:
        rng (np.random.Generator): Source of randomness.
        body (Body): Proportions of the person.
        family (str, optional): One of :data:`FAMILIES`; drawn when None.

    Returns:
        DrawnPose: The first of at most four candidates that does not intersect
        itself, or the one that does so least.
    """
    if family is None:
        family = choose_family(rng)
    best, least = None, np.inf
    offsets = body.offsets()
    for _ in range(_TRIES):
        pose, lift = draw_family(rng, family)
        positions, rotations = forward_kinematics(pose, offsets)
        depth = float(penetration(body, positions, rotations)[0])
        if depth < least:
            best = DrawnPose(pose, lift, family, positions[0], rotations[0])
            least = depth
        if depth == 0:
            break
    assert best is not None
    return best
