"""NTU samples that are damaged, missing or too short are replaced and reported."""

import cv2
import numpy as np
import pytest
from ntu_fixtures import (
    NAMES,
    SIZE,
    add_sample,
    document,
    extract,
    frames,
    make_list,
    samples,
    skeleton_file,
    video_file,
    write_samples,
)

from mmpose_ext.datasets.converters.avi import (
    read_frames,
)
from mmpose_ext.datasets.synthetic.layouts.ntu_files import save_avi
from mmpose_ext.utils import UserError


@pytest.fixture
def root(tmp_path):
    return write_samples(tmp_path / 'ntu')


def test_frames_that_cannot_be_used_are_counted(root):
    name = NAMES[0]
    bodies = frames(10)
    for i, change in (
        (0, lambda b: b.pixels.__setitem__((4, 0), np.nan)),
        (1, lambda b: b.pixels.__setitem__((4, 0), SIZE[0])),
        (2, lambda b: b.pixels.__setitem__((4, 1), -1)),
    ):
        change(bodies[i][0])
    bodies[3] = []
    bodies[4] = [bodies[4][0]._replace(tracking=0)]
    for other in NAMES[1:]:
        skeleton_file(root, other).unlink()
    add_sample(root, name, bodies)
    report = extract(root, 5)
    assert report.dropped == {
        'with joints that are nan': 1,
        'with joints outside the image': 2,
        'without the body': 1,
        'with the body not tracked': 1,
    }
    assert [f for _, f in samples(report)] == [5, 6, 7, 8, 9]
    assert 'unusable frames: ' in str(report)
    assert report.samples.without_skeleton == sorted(NAMES[1:])


def test_listed_samples_are_left_out(root):
    make_list(root, NAMES[0], f'{NAMES[4]}.skeleton')
    report = extract(root, 6)
    assert not {NAMES[0], NAMES[4]} & {n for n, _ in samples(report)}
    assert report.num_images == 6
    assert report.samples.listed_missing == [NAMES[0], NAMES[4]]
    assert 'official list of missing skeletons: 2' in str(report)


def test_bad_samples_are_replaced_and_told(root):
    truncated, broken, empty = (video_file(root, NAMES[0]), NAMES[1], NAMES[3])
    truncated.write_bytes(truncated.read_bytes()[:-100])
    text = skeleton_file(root, broken).read_text()
    skeleton_file(root, broken).write_text('11' + text[2:])
    add_sample(root, empty, [[], []])
    report = extract(root, 6)
    assert report.per_action == {1: 3, 2: 3}
    assert {n for n, _ in samples(report)} == {NAMES[2], NAMES[4], NAMES[5]}
    assert len(report.problems) == 3
    problems = '\n'.join(report.problems)
    assert f'{truncated} is truncated: ' in problems
    assert 'the file ends in frame 11 of 11' in problems
    assert 'has no body in any of its 2 frames' in problems
    assert 'could not be used: 3' in str(report)
    # Fetched again, it is used by the next run.
    add_sample(root, NAMES[0])
    assert len(extract(root, 6).problems) == 2


def test_a_body_without_any_joint_is_replaced(root):
    """All states 0: Kinect saw nothing, whatever the coordinates say."""
    blind = [[b._replace(states=np.zeros(25)) for b in bodies] for bodies in frames()]
    add_sample(root, NAMES[0], blind)
    point = [
        [b._replace(pixels=np.full((25, 2), 50.0)) for b in bodies]
        for bodies in frames()
    ]
    add_sample(root, NAMES[1], point)
    report = extract(root, 6)
    assert report.num_images == 6
    assert {name for name, _ in samples(report)} == set(NAMES[2:])
    assert len(report.problems) == 2
    assert 'not tracked or span no area' in str(report)
    assert extract(root, 6).num_images == 6  # and the second time


def test_a_video_that_fails_midway_leaves_nothing(root, monkeypatch):
    def failing(path, numbers):
        for number, image in read_frames(path, numbers):
            yield number, image
            if NAMES[0] in str(path):
                raise cv2.error('bad macroblock')

    monkeypatch.setattr(
        'mmpose_ext.datasets.converters.ntu_frames.read_frames', failing
    )
    report = extract(root, 6)
    [problem] = report.problems
    assert NAMES[0] in problem
    assert 'bad macroblock' in problem
    images = {p.name for p in (root.parent / 'out' / 'images').iterdir()}
    assert images == {i['file_name'] for i in document(report)['images']}
    assert report.num_images == 6


def test_video_shorter_than_its_skeleton(root):
    save_avi(video_file(root, NAMES[0]), [np.zeros((*SIZE[::-1], 3), np.uint8)] * 4)
    for other in NAMES[1:]:
        skeleton_file(root, other).unlink()
    report = extract(root, 10)
    assert report.num_images == 4
    assert report.dropped == {'beyond the end of the video': 6}


def test_a_class_that_has_too_few_leaves_them_to_the_others(root):
    for name in NAMES[:3]:
        add_sample(root, name, frames(2))
    report = extract(root, 20)
    assert report.per_action == {1: 6, 2: 14}
    short = extract(root, 99, out=root.parent / 'b')
    assert short.num_images == 36
    assert '36 of 99 frames' in str(short)


def test_without_a_video(root):
    video_file(root, NAMES[0]).unlink()
    report = extract(root, 4)
    assert report.samples.without_video == [NAMES[0]]
    assert report.num_images == 4


def test_unusable_roots(root, tmp_path):
    with pytest.raises(UserError, match='cannot read the list of missing skeletons'):
        extract(tmp_path, 1)
    with pytest.raises(
        UserError, match='folder .*nturgb.d_rgb does not exist; unpack the official'
    ):
        extract(tmp_path, 1, missing_list=None)
    (root / 'empty.txt').write_text('nothing\n')
    with pytest.raises(UserError, match='empty.txt does not name any sample'):
        extract(root, 1, missing_list='empty.txt')
    with pytest.raises(UserError, match=r'no sample of the subjects .*--subjects'):
        extract(root, 1, subjects='xsub-train')
    for name in NAMES:
        skeleton_file(root, name).write_text('nothing')
    with pytest.raises(
        UserError, match='none of 6 samples can be used, e.g.: .*line 1'
    ):
        extract(root, 4)
    assert not (root.parent / 'out' / 'annotations').exists()
