"""Whole scenes: determinism, visibility, boxes."""

from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from mmpose_ext.figures import LANDMARKS, SyntheticFigures
from mmpose_ext.figures.body import Body
from mmpose_ext.figures.camera import look_at
from mmpose_ext.figures.clutter import draw_panels
from mmpose_ext.figures.landmarks import LANDMARK_INDEX
from mmpose_ext.figures.layout import pose_figure
from mmpose_ext.figures.poses import FAMILIES, DrawnPose, pose_vector
from mmpose_ext.figures.raster import Buffers, draw
from mmpose_ext.figures.scene import OCCLUDER, annotate, visibility_flags
from mmpose_ext.figures.skeleton import forward_kinematics
from mmpose_ext.figures.solids import Projected, figure_solids, rods
from mmpose_ext.figures.wardrobe import Wardrobe
from mmpose_ext.utils.processes import process_map

FIGURES = SyntheticFigures(seed=5, size=(128, 128))
COUNT = 24


@pytest.fixture(scope='module')
def scenes():
    return [FIGURES[i] for i in range(COUNT)]


def standing(yaw: float = 0.0, **entries: float):
    body = Body(stature=1.7)
    pose = pose_vector(entries)
    positions, rotations = forward_kinematics(pose, body.offsets())
    drawn = DrawnPose(pose, 0.0, 'test', positions[0], rotations[0])
    return pose_figure(
        body, Wardrobe(hair='short', loose_top=1, loose_leg=1), drawn, yaw
    )


def photograph(figure, panels=(), front=()):
    """Draw one figure, 170 pixels high, in the middle of 256x256."""
    camera = look_at(np.array([0, 0.85, 0]), 5.0, 0.0, 0.0, 500.0, np.full(2, 127.5))
    solids = [figure_solids(figure, camera, 0), *front]
    buffers = Buffers((256, 256))
    draw(Projected(type(solids[0]).join(solids), camera), buffers)
    draw_panels(buffers, list(panels))
    return annotate(figure, 0, camera, buffers), buffers


def flags(person) -> dict[str, int]:
    return dict(zip(LANDMARKS, person.visibility.tolist(), strict=True))


def summary(index: int, figures: SyntheticFigures = FIGURES):
    scene = figures[index]
    return scene.image, [p.keypoints() for p in scene.persons]


def test_image_does_not_depend_on_order_or_process(scenes):
    np.random.seed(1)  # noqa: NPY002  the global state must not matter
    forward = [(s.image, [p.keypoints() for p in s.persons]) for s in scenes[:6]]
    backward = [summary(i) for i in reversed(range(6))][::-1]
    processes = list(process_map(partial(summary, figures=FIGURES), range(6), 2))
    for (image, points), *others in zip(forward, backward, processes, strict=True):
        for other_image, other_points in others:
            assert_array_equal(image, other_image)
            assert_array_equal(np.stack(points), np.stack(other_points))


def test_global_random_state_is_left_alone():
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    FIGURES[3]
    assert_array_equal(state, np.random.get_state()[1])  # noqa: NPY002


def test_annotations_do_not_depend_on_painting(scenes):
    for scene in scenes:
        bare = FIGURES.render(scene.index, image=False)
        assert bare.image is None
        for a, b in zip(scene.persons, bare.persons, strict=True):
            assert_array_equal(a.keypoints(), b.keypoints())
            assert_array_equal(a.mask, b.mask)


def test_seeds_and_indices_differ(scenes):
    assert (scenes[0].image != scenes[1].image).any()
    assert (SyntheticFigures(seed=6, size=(128, 128))[0].image != scenes[0].image).any()


def test_sizes_need_not_be_square():
    scene = SyntheticFigures(size=(96, 160))[0]
    assert scene.image.shape == (160, 96, 3)
    assert scene.image.dtype == np.uint8
    assert scene.persons[0].mask.shape == (160, 96)


def test_number_of_persons():
    one = SyntheticFigures(seed=1, size=(64, 64), persons=(1, 1), min_area=0)
    assert {len(one.render(i, image=False).persons) for i in range(20)} == {1}
    many = SyntheticFigures(seed=1, size=(64, 64), persons=(1, 4), min_area=0)
    counts = {len(many.render(i, image=False).persons) for i in range(40)}
    assert counts <= {1, 2, 3, 4}
    assert len(counts) >= 3


def test_an_unknown_landmark_is_named(scenes):
    with pytest.raises(ValueError, match=r"name='tail' is unknown.*'nose'"):
        scenes[0].persons[0].keypoints(('nose', 'tail'))


def test_joints_are_the_exact_projections(scenes):
    for person in scenes[0].persons:
        camera = scenes[0].camera
        x, y, z = person.joints3d.T
        assert_allclose(person.joints2d[:, 0], camera.focal * x / z + camera.center[0])
        assert_allclose(person.joints2d[:, 1], camera.focal * y / z + camera.center[1])


def test_boxes_and_areas_are_those_of_the_mask(scenes):
    for scene in scenes:
        for person in scene.persons:
            rows, columns = np.nonzero(person.mask)
            x, y, w, h = person.bbox
            assert (x, y) == (columns.min(), rows.min())
            assert (x + w - 1, y + h - 1) == (columns.max(), rows.max())
            assert person.area == len(rows)
            # Thumbs narrower than a pixel are not drawn, so a little slack.
            seen = person.joints2d[person.visibility == 2]
            assert (seen >= (x - 2.5, y - 2.5)).all()
            assert (seen <= (x + w + 1.5, y + h + 1.5)).all()


def test_masks_of_different_persons_do_not_overlap(scenes):
    for scene in scenes:
        assert sum(p.mask.astype(int) for p in scene.persons).max() == 1


def test_front_view_shows_everything_and_left_is_on_the_right():
    person, _ = photograph(standing())
    assert set(flags(person).values()) == {2}
    points = dict(zip(LANDMARKS, person.joints2d, strict=True))
    for name in ('eye', 'ear', 'shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'):
        assert points[f'left_{name}'][0] > points[f'right_{name}'][0]
    # 1.7 m at 5 m and f = 500 are 170 pixels.
    assert person.bbox[3] == pytest.approx(170, abs=6)


def test_back_view_hides_the_face():
    person, _ = photograph(standing(yaw=180))
    seen = flags(person)
    assert {seen[n] for n in ('nose', 'left_eye', 'right_eye')} == {1}
    assert {seen[n] for n in ('left_shoulder', 'right_hip', 'left_knee', 'pelvis')} == {
        2
    }
    points = dict(zip(LANDMARKS, person.joints2d, strict=True))
    assert points['left_shoulder'][0] < points['right_shoulder'][0]


def test_side_view_hides_the_far_side():
    seen = flags(photograph(standing(yaw=90))[0])  # shows the right side
    near = ('right_shoulder', 'right_hip', 'right_knee', 'right_ear')
    far = ('left_shoulder', 'left_hip', 'left_ear', 'left_eye')
    assert {seen[n] for n in near} == {2}
    assert {seen[n] for n in far} == {1}


def test_occluders_hide_exactly_what_they_cover():
    free, _ = photograph(standing())
    knee = free.joints2d[LANDMARK_INDEX['left_knee']]
    square = knee + np.array([(-9, -9), (9, -9), (9, 9), (-9, 9)])
    person, buffers = photograph(standing(), panels=[square])
    assert buffers.owner[tuple(np.rint(knee[::-1]).astype(int))] == OCCLUDER
    assert [n for n, flag in flags(person).items() if flag == 1] == ['left_knee']
    assert_array_equal(person.joints2d, free.joints2d)
    assert person.area < free.area
    # A rod one meter in front of the right wrist.
    wrist = free.joints3d[LANDMARK_INDEX['right_wrist']]
    end = wrist * (wrist[2] - 1) / wrist[2]
    bar = rods(
        end[None] - (0, 0.05, 0),
        end[None] + (0, 0.05, 0),
        np.array([[0.03, 0.03]]),
        np.array([0]),
        OCCLUDER,
    )
    person, _ = photograph(standing(), front=[bar])
    assert flags(person)['right_wrist'] == 1
    assert flags(person)['left_wrist'] == 2


def test_own_limbs_hide_joints():
    # The left arm is stretched towards the camera, the right one hangs.
    person, _ = photograph(standing(left_shoulder_flex=90))
    hidden = {name for name, flag in flags(person).items() if flag == 1}
    assert hidden >= {'left_shoulder', 'left_elbow'}
    assert all(name.startswith('left_') for name in hidden)


def test_flags_of_a_constructed_buffer():
    buffers = Buffers((4, 3))
    buffers.owner[:] = [[0, 0, 1, -1], [0, 0, 1, -1], [0, 0, OCCLUDER, -1]]
    buffers.depth[:] = 2.0
    joints = np.array([(0, 0), (1, 0), (2, 0), (2, 2), (3, 1), (4, 0), (0, -0.6)])
    depth = np.array([2.04, 2.30, 1.0, 1.0, 2.0, 2.0, 2.0])
    found = visibility_flags(joints, depth, np.full(7, 0.05), 0, buffers)
    # under own skin, behind own body, another person, occluder, background,
    # right of the image, above the image
    assert found.tolist() == [2, 1, 1, 1, 2, 0, 0]


@pytest.mark.parametrize(
    ('argument', 'value'),
    [
        ('seed', -1),
        ('size', (16, 64)),
        ('persons', (0, 2)),
        ('persons', (3, 2)),
        ('occluders', -1),
        ('clutter', 9),
        ('min_area', 0.5),
        ('families', ()),
        ('families', ('stand', 'fly')),
        ('turn', 181),
        ('whole', True),  # of one to four people
    ],
)
def test_wrong_arguments_are_named(argument, value):
    with pytest.raises(ValueError, match=f'SyntheticFigures: {argument}='):
        SyntheticFigures(**{argument: value})


def test_clutter_changes_the_image_and_not_the_annotations():
    plain = SyntheticFigures(seed=5, size=(64, 64), occluders=0, clutter=0)
    full = SyntheticFigures(seed=5, size=(64, 64), occluders=0, clutter=1)
    for i in range(4):
        assert (plain[i].image != full[i].image).any()
        for a, b in zip(plain[i].persons, full[i].persons, strict=True):
            assert_array_equal(a.keypoints(), b.keypoints())


def test_occluders_take_away_pixels_and_nothing_else():
    free, hidden = (
        SyntheticFigures(seed=5, size=(64, 64), persons=(1, 1), occluders=o, min_area=0)
        for o in (0, 3)
    )
    areas = []
    for i in range(20):
        (a,), (b,) = (f.render(i, image=False).persons for f in (free, hidden))
        assert (a.mask | b.mask == a.mask).all()
        assert_array_equal(a.joints2d, b.joints2d)
        assert (b.visibility <= a.visibility).all()
        areas.append((a.area, b.area))
    assert sum(b < a for a, b in areas) >= 5


def test_families_choose_the_poses_and_all_of_them_change_nothing():
    street = SyntheticFigures(seed=3, size=(64, 64), families=('stand', 'walk'))
    drawn = {
        p.figure.family for i in range(12) for p in street.render(i, False).persons
    }
    assert drawn == {'stand', 'walk'}
    everything = SyntheticFigures(seed=3, size=(64, 64), families=FAMILIES)
    plain = SyntheticFigures(seed=3, size=(64, 64))
    assert_array_equal(everything[4].image, plain[4].image)


def test_turn_makes_people_face_the_camera():
    figures = SyntheticFigures(seed=3, size=(64, 64), turn=45)
    yaws = [p.figure.yaw for i in range(12) for p in figures.render(i, False).persons]
    assert max(map(abs, yaws)) <= 45
    assert max(map(abs, yaws)) > 30


def test_whole_people_are_inside_and_others_stay_as_they_are():
    plain, whole = (
        SyntheticFigures(seed=3, size=(64, 64), persons=(1, 1), occluders=0, whole=w)
        for w in (False, True)
    )
    cut = 0
    for i in range(40):
        (a,), (b,) = (f.render(i, image=False).persons for f in (plain, whole))
        assert (b.joints2d >= 0).all()
        assert (b.joints2d <= 63).all()
        if ((a.joints2d >= 0) & (a.joints2d <= 63)).all():
            assert_array_equal(a.joints2d, b.joints2d)
        else:
            cut += 1
    assert 0 < cut < 30
