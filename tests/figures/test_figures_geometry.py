"""Skeleton, joint limits, camera: values computed by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mmpose_ext.figures.body import Body, sample_body
from mmpose_ext.figures.camera import look_at
from mmpose_ext.figures.pose_families import GESTURES, STANCES
from mmpose_ext.figures.poses import (
    FAMILIES,
    draw_family,
    gait_pose,
    pose_vector,
    sample_pose,
)
from mmpose_ext.figures.skeleton import (
    DOF_INDEX,
    DOFS,
    HIGH,
    LOW,
    NODE_INDEX,
    NODES,
    PARENTS,
    clip_to_limits,
    forward_kinematics,
    heading,
)

BODY = Body(stature=2.0)  # lengths are twice the table's fractions
UPPER_ARM, FOREARM, THIGH, SHANK = 0.352, 0.292, 0.490, 0.492


def step(parent: str, child: str, **entries: float) -> np.ndarray:
    """World vector from one node to another in a pose."""
    positions, _ = forward_kinematics(pose_vector(entries), BODY.offsets())
    return positions[0, NODE_INDEX[child]] - positions[0, NODE_INDEX[parent]]


def test_left_is_the_persons_left_and_front_is_z():
    assert step('pelvis', 'left_shoulder')[0] > 0 > step('pelvis', 'right_shoulder')[0]
    assert_allclose(step('pelvis', 'left_hip'), (0.104, 0, 0))


@pytest.mark.parametrize(
    ('entries', 'parent', 'child', 'expected'),
    [
        ({}, 'left_shoulder', 'left_elbow', (0, -UPPER_ARM, 0)),
        ({'left_shoulder_flex': 90}, 'left_shoulder', 'left_elbow', (0, 0, UPPER_ARM)),
        (
            {'left_shoulder_abduct': 90},
            'left_shoulder',
            'left_elbow',
            (UPPER_ARM, 0, 0),
        ),
        (
            {'right_shoulder_abduct': 90},
            'right_shoulder',
            'right_elbow',
            (-UPPER_ARM, 0, 0),
        ),
        ({'left_elbow_flex': 90}, 'left_elbow', 'left_wrist', (0, 0, FOREARM)),
        # The arm is measured against the trunk: a raised shoulder blade and a
        # turned head leave its direction alone, a bent chest does not.
        (
            {'left_clavicle_raise': 30, 'neck_twist': 40},
            'left_shoulder',
            'left_elbow',
            (0, -UPPER_ARM, 0),
        ),
        ({'chest_flex': 90}, 'left_shoulder', 'left_elbow', (0, 0, -UPPER_ARM)),
        # Upper arm turned in: the forearm points to the other side.
        (
            {'left_shoulder_twist': 90, 'left_elbow_flex': 90},
            'left_elbow',
            'left_wrist',
            (-FOREARM, 0, 0),
        ),
        ({'right_hip_flex': 90}, 'right_hip', 'right_knee', (0, 0, THIGH)),
        ({'right_hip_abduct': 90}, 'right_hip', 'right_knee', (-THIGH, 0, 0)),
        ({'right_knee_flex': 90}, 'right_knee', 'right_ankle', (0, 0, -SHANK)),
        # Upside down, the legs point up.
        ({'root_pitch': 180}, 'left_hip', 'left_knee', (0, THIGH, 0)),
        # Leaning to the left by 90 degrees.
        ({'root_roll': 90}, 'left_hip', 'left_knee', (-THIGH, 0, 0)),
    ],
)
def test_each_joint_turns_the_right_way(entries, parent, child, expected):
    assert_allclose(step(parent, child, **entries), expected, atol=1e-12)


def test_a_raised_clavicle_lifts_the_shoulder_and_the_head_may_turn_alone():
    rest = step('chest', 'left_shoulder')
    raised = step('chest', 'left_shoulder', left_clavicle_raise=30)
    assert raised[1] > rest[1] + 0.05
    assert_allclose(step('chest', 'left_shoulder', neck_twist=40), rest)


def test_heading_90_faces_the_left_of_the_world():
    assert_allclose(heading(90) @ (0, 0, 1), (1, 0, 0), atol=1e-12)


@pytest.mark.parametrize('family', FAMILIES)
def test_poses_hold_the_joint_limits(family):
    rng = np.random.default_rng(1)
    poses = np.stack([draw_family(rng, family)[0] for _ in range(40)])
    assert (poses >= LOW).all()
    assert (poses <= HIGH).all()
    assert_allclose(clip_to_limits(poses), poses, err_msg='coupled limits')
    # Seen in the skeleton: no knee or elbow bends the wrong way.
    positions, rotations = forward_kinematics(poses, BODY.offsets())
    for middle, end, sign in (('knee', 'ankle', -1), ('elbow', 'wrist', 1)):
        for side in ('left', 'right'):
            upper = NODE_INDEX[f'{side}_{"hip" if middle == "knee" else "shoulder"}']
            joint, tip = NODE_INDEX[f'{side}_{middle}'], NODE_INDEX[f'{side}_{end}']
            front = rotations[:, upper, :, 2]
            bend = ((positions[:, tip] - positions[:, joint]) * front).sum(1)
            assert (sign * bend >= -1e-9).all()


def test_tables_name_existing_entries_inside_their_limits():
    sided = [(f'gesture {k}', v) for k, v in GESTURES.items()]
    for name, stance in STANCES.items():
        sided += [(name, stance.both), (name, stance.front), (name, stance.rear)]
        for entry in stance.trunk:
            assert entry in DOF_INDEX, name
        assert set(stance.arms) <= set(GESTURES), name
    for name, ranges in sided:
        for entry, (low, high) in ranges.items():
            dof = DOFS[DOF_INDEX[f'left_{entry}']]
            assert dof.low <= low < high <= dof.high, (name, entry)


def test_raised_arm_has_little_flexion_left():
    pose = pose_vector({'left_shoulder_abduct': 175, 'left_shoulder_flex': 170})
    assert clip_to_limits(pose)[DOF_INDEX['left_shoulder_flex']] == 30
    assert clip_to_limits(pose)[DOF_INDEX['left_shoulder_abduct']] == 175


def test_bones_keep_their_length():
    rng = np.random.default_rng(2)
    body = sample_body(rng)
    poses = np.stack([sample_pose(rng, body).pose for _ in range(30)])
    positions, _ = forward_kinematics(poses, body.offsets())
    length = np.linalg.norm(np.diff(positions[:, [0, 1]], axis=1), axis=-1)
    for node, parent in enumerate(PARENTS[1:], start=1):
        length = np.linalg.norm(positions[:, node] - positions[:, parent], axis=-1)
        expected = np.linalg.norm(body.offsets()[node])
        assert_allclose(length, expected, rtol=1e-9, err_msg=NODES[node])


def other_side(name):
    if name.startswith('left_'):
        return 'right_' + name[5:]
    return 'left_' + name[6:] if name.startswith('right_') else name


def mirror_pose(pose):
    """Exchange left and right, and turn central joints the other way."""
    swap = np.array([DOF_INDEX[other_side(dof.name)] for dof in DOFS])
    odd = [dof.name.endswith(('roll', 'side', 'twist')) for dof in DOFS]
    mirrored = pose[..., swap].copy()
    mirrored[..., np.array(odd) & (np.arange(len(DOFS)) == swap)] *= -1
    return mirrored


def test_mirrored_pose_is_the_mirror_image():
    rng = np.random.default_rng(3)
    pose = draw_family(rng, 'kick')[0]
    ours, _ = forward_kinematics(pose, BODY.offsets())
    mirrored, _ = forward_kinematics(mirror_pose(pose), BODY.offsets())
    swap = [
        NODE_INDEX[
            n.replace('left', 'right') if 'left' in n else n.replace('right', 'left')
        ]
        for n in NODES
    ]
    assert_allclose(mirrored[0][swap] * (-1, 1, 1), ours[0], atol=1e-12)
    assert_allclose(mirror_pose(mirror_pose(pose)), pose)


def test_gait_repeats_and_alternates():
    assert_allclose(gait_pose(0.3, 0.5), gait_pose(0.3 + 2 * np.pi, 0.5))
    opposite = gait_pose(0.3 + np.pi, 0.5)
    for name in ('hip_flex', 'knee_flex', 'shoulder_flex'):
        left, right = DOF_INDEX[f'left_{name}'], DOF_INDEX[f'right_{name}']
        assert_allclose(gait_pose(0.3, 0.5)[left], opposite[right])


def test_pose_vector_names_the_choices():
    with pytest.raises(ValueError, match=r"'elbow'.*left_elbow_flex"):
        pose_vector({'elbow': 3})


@pytest.mark.parametrize(
    ('point', 'pixel'),
    [
        ((0, 0, 0), (50, 40)),  # the target
        ((1, 0, 0), (75, 40)),  # 100 * 1 / 4 to the right
        ((0, 1, 0), (50, 15)),  # up is a smaller row
        ((1, 0, 2), (100, 40)),  # half as far: 100 * 1 / 2
    ],
)
def test_projection_of_known_points(point, pixel):
    camera = look_at(np.zeros(3), 4.0, 0.0, 0.0, 100.0, np.array([50.0, 40.0]))
    assert_allclose(camera.project(camera.to_camera(np.array(point))), pixel)


def test_camera_from_above_and_rolled():
    center = np.array([50.0, 40.0])
    above = look_at(np.zeros(3), 4.0, 90.0, 0.0, 100.0, center)
    assert_allclose(above.to_camera(np.array([0, 1.0, 0])), (0, 0, 3), atol=1e-12)
    assert_allclose(above.project(above.to_camera(np.array([0, 0, 1.0]))), (50, 65))
    # A camera turned clockwise by 90 degrees sees up as left.
    rolled = look_at(np.zeros(3), 4.0, 0.0, 90.0, 100.0, center)
    assert_allclose(rolled.project(rolled.to_camera(np.array([0, 1.0, 0]))), (25, 40))
