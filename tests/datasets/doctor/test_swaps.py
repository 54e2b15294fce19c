"""Left and right exchanged in the labels."""

from standing_people import NAMES, diagnose, first, found, make, standing

from mmpose_ext.datasets.doctor.swaps import suspicious_swaps


def exchanged(*parts):
    joints = standing()
    for part in parts:
        i = NAMES.index(f'left_{part}')
        joints[[i, i + 1]] = joints[[i + 1, i]]
    return joints


def test_exchanged_sides():
    assert suspicious_swaps(standing(), NAMES) == []
    mirrored = standing() * [-1, 1, 1] + [120, 0, 0]  # from behind
    assert suspicious_swaps(mirrored, NAMES) == []
    assert suspicious_swaps(exchanged('hip', 'knee', 'ankle'), NAMES) == ['hip']
    assert suspicious_swaps(exchanged('knee', 'ankle'), NAMES) == ['knee']
    assert suspicious_swaps(exchanged('ankle'), NAMES) == ['ankle']
    assert suspicious_swaps(exchanged('wrist'), NAMES) == ['wrist']
    assert suspicious_swaps(exchanged('elbow', 'wrist'), NAMES) == ['elbow']


def test_exchanged_sides_need_a_torso_and_both_sides():
    joints = exchanged('hip', 'knee', 'ankle')
    joints[NAMES.index('left_hip'), 2] = 0
    assert suspicious_swaps(joints, NAMES) == []
    assert suspicious_swaps(joints, ['joint'] * 12) == []


def test_exchanged_sides_are_a_warning(tmp_path):
    content = make(tmp_path)
    first('keypoints', exchanged('hip', 'knee').ravel().tolist())(content)
    diagnosis = diagnose(tmp_path, content)
    assert found(diagnosis)['swapped_sides'][0] == 'warning'
    assert 'left and right look exchanged: 1 hip, 1 ankle' in str(diagnosis)
