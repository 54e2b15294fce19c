"""Smooth motion: a person who walks, or moves from one pose to another and back."""

import numpy as np

from .body import Body, sample_body
from .camera import Camera, look_at
from .layout import Figure, pose_figure
from .poses import DrawnPose, gait_pose, sample_pose
from .skeleton import forward_kinematics
from .wardrobe import sample_wardrobe

# Pose families between which a person moves; their people stay near one place.
_FAMILIES = (
    'stand',
    'contrapposto',
    'lunge',
    'kick',
    'balance',
    'crouch',
    'bend',
    'walk',
)
_GAIT_SHARE = 0.35
# Focal length over width of Kinect v2's color camera: 1081 of 1920 pixels.
_FOCAL = 0.563
# For walking on the spot: meters to the camera, and the share of the picture's height
# that the person fills.
_DISTANCE, _FILLED = 4.0, 0.84
#: Frames per second of the motion.
FRAME_RATE = 30.0


def pose_sequence(rng: np.random.Generator, body: Body, num_frames: int) -> np.ndarray:
    """Draw a motion as poses.

    Args:
        rng (np.random.Generator): Source of randomness.
        body (Body): Proportions of the person.
        num_frames (int): Number of frames.

    Returns:
        np.ndarray: Joint angles in degrees, (T, D).
    """
    time = np.arange(num_frames) / FRAME_RATE
    phase = rng.uniform(0, 2 * np.pi)
    if rng.random() < _GAIT_SHARE:
        speed, steps = rng.uniform(0, 0.6), rng.uniform(0.8, 1.3)
        angles = phase + 2 * np.pi * steps * time
        stride = rng.uniform(0.8, 1.2)
        return np.stack([gait_pose(angle, speed, stride) for angle in angles])
    first, second = (
        sample_pose(rng, body, str(rng.choice(_FAMILIES))).pose for _ in range(2)
    )
    cycles = rng.uniform(0.4, 0.8)
    share = 0.5 - 0.5 * np.cos(phase + 2 * np.pi * cycles * time)
    return first + share[:, None] * (second - first)


def sample_motion(
    rng: np.random.Generator, size: tuple[int, int], num_frames: int
) -> tuple[list[Figure], Camera]:
    """Draw a person in motion in front of a fixed camera, as in NTU RGB+D.

    Args:
        rng (np.random.Generator): Source of randomness.
        size (tuple[int, int]): Width and height of the video.
        num_frames (int): Number of frames.

    Returns:
        tuple[list[Figure], Camera]: The person in every frame, and the camera.
    """
    body, wardrobe = sample_body(rng), sample_wardrobe(rng, upright=False)
    # NTU's three cameras stand at -45, 0 and 45 degrees.
    yaw = float(rng.choice((-45, 0, 45)) + rng.normal(0, 12))
    poses = pose_sequence(rng, body, num_frames)
    positions, rotations = forward_kinematics(poses, body.offsets())
    figures = [
        pose_figure(body, wardrobe, DrawnPose(pose, 0.0, 'motion', p, r), yaw)
        for pose, p, r in zip(poses, positions, rotations, strict=True)
    ]
    target = np.array([rng.normal(0, 0.15), rng.uniform(0.85, 1.05), 0.0])
    center = (np.array(size) - 1) / 2
    # A person with arms raised sideways must fit into the image.
    focal = _FOCAL * min(size[0], size[1] * 16 / 9)
    distance, pitch = rng.uniform(2.8, 3.8), rng.uniform(-2, 8)
    return figures, look_at(target, distance, pitch, 0.0, focal, center)


def walk_on_the_spot(
    rng: np.random.Generator, size: tuple[int, int], num_frames: int, turn: float
) -> tuple[list[Figure], Camera]:
    """Draw a person who walks on the spot, turns from side to side and fills the view.

    The last frame leads over to the first.

    Args:
        rng (np.random.Generator): Source of randomness.
        size (tuple[int, int]): Width and height of the video.
        num_frames (int): Number of frames.
        turn (float): Largest angle between heading and camera, in degrees.

    Returns:
        tuple[list[Figure], Camera]: The person in every frame, and the camera.
    """
    body, wardrobe = sample_body(rng), sample_wardrobe(rng, upright=True)
    cycle = 2 * np.pi * np.arange(num_frames) / num_frames
    steps = max(1, round(num_frames / 12))
    poses = np.stack([gait_pose(steps * angle, 0.1) for angle in cycle])
    positions, rotations = forward_kinematics(poses, body.offsets())
    figures = [
        pose_figure(body, wardrobe, DrawnPose(pose, 0.0, 'walk', p, r), yaw)
        for pose, p, r, yaw in zip(
            poses, positions, rotations, turn * np.sin(cycle), strict=True
        )
    ]
    target = np.array([0.0, 0.5 * body.stature, 0.0])
    focal = _FILLED * size[1] * _DISTANCE / body.stature
    center = (np.array(size) - 1) / 2
    return figures, look_at(target, _DISTANCE, 4.0, 0.0, focal, center)
