"""NTU frames: the protocol, what is replaced, and what a run leaves behind."""

import json
import os
import shutil

import cv2
import numpy as np
import pytest
from ntu_fixtures import (
    SIZE,
    add_sample,
    body,
    frames,
    make_list,
    skeleton_file,
    video_file,
)

from mmpose_ext.datasets.body import Ntu60Dataset
from mmpose_ext.datasets.converters import extract_ntu60
from mmpose_ext.datasets.converters.avi import (
    VideoError,
    read_avi_header,
    read_frames,
)
from mmpose_ext.datasets.converters.ntu_frames import frame_order, kinect_head_size
from mmpose_ext.datasets.formats.ntu60 import SUBJECTS, NtuName
from mmpose_ext.datasets.synthetic.layouts.ntu_files import save_avi
from mmpose_ext.utils import UserError

TOOL = 'dataset_converters/ntu60_frames.py'
# Subjects 3, 6, 7 are of the X-Sub validation set, 1 is not.
NAMES = [f'S001C001P00{p}R001A00{a}' for a in (1, 2) for p in (3, 6, 7)]


@pytest.fixture
def root(tmp_path):
    root = tmp_path / 'ntu'
    for name in NAMES:
        add_sample(root, name)
    make_list(root, 'S001C002P005R002A008')
    return root


def extract(root, number, **kwargs):
    out = kwargs.pop('out', root.parent / 'out')
    kwargs.setdefault('workers', 1)
    return extract_ntu60(root, out, num_frames=number, progress=False, **kwargs)


def document(report):
    return json.loads(report.path.read_text())


def samples(report):
    return [(i['sample'], i['frame']) for i in document(report)['images']]


def test_xsub_validation_subjects():
    assert len(SUBJECTS['xsub-val']) == len(SUBJECTS['xsub-train']) == 20
    assert {3, 6, 7, 10, 11, 12, 20, 40} <= SUBJECTS['xsub-val']
    assert not SUBJECTS['xsub-val'] & {1, 2, 4, 5, 8, 9, 13, 35, 38}


def test_frames_are_spread_over_classes_and_videos(root):
    add_sample(root, 'S001C001P001R001A001')  # a training subject
    add_sample(root, 'S001C001P003R001A061')  # of NTU-120
    report = extract(root, 6)
    assert report.per_action == {1: 3, 2: 3}
    assert [name for name, _ in samples(report)] == sorted(NAMES)
    assert report.num_samples == 6
    more = extract(root, 15, out=root.parent / 'more')
    assert more.per_action == {1: 8, 2: 7}
    per_video = [n for n, _ in samples(more)]
    assert sorted(per_video.count(n) for n in NAMES) == [2, 2, 2, 3, 3, 3]
    assert len(set(samples(more))) == 15


def test_what_is_written(root):
    report = extract(root, 6)
    content = document(report)
    image, person = content['images'][0], content['annotations'][0]
    assert image['file_name'] == f'{image["sample"]}_f{image["frame"]:04d}.jpg'
    assert (image['width'], image['height']) == SIZE
    assert (image['action'], image['subject']) == (1, 3)
    pixels = cv2.imread(str(report.path.parents[1] / 'images' / image['file_name']))
    # Frame i of the video is gray of value 20 i.
    assert abs(int(pixels[60, 80, 0]) - 20 * image['frame']) <= 3
    one = body(image['frame'], step=0.01)
    joints = np.array(person['keypoints']).reshape(25, 3)
    np.testing.assert_allclose(joints[:, :2], one.pixels, atol=1e-3)
    np.testing.assert_array_equal(joints[:, 2], one.states)
    assert person['num_keypoints'] == 25
    # Neck to head is 0.13 m at 100 pixels a meter: 0.75 x 2 x 13.
    assert person['head_size'] == pytest.approx(19.5, abs=0.01)
    assert content['info']['frames_per_action'] == {'1': 3, '2': 3}
    [category] = content['categories']
    assert category['keypoints'][3] == 'head'


def test_the_data_set_reads_it(root):
    report = extract(root, 6)
    dataset = Ntu60Dataset(
        data_root=str(report.path.parents[1]),
        ann_file='annotations/ntu60_xsub-val.json',
        data_prefix=dict(img='images/'),
    )
    assert len(dataset) == 6
    sample = dataset[2]
    assert os.path.isfile(sample['img_path'])
    assert sample['keypoints'].shape == (1, 25, 2)
    np.testing.assert_allclose(sample['head_size'], [[19.5]], atol=0.01)


def test_the_same_whatever_the_number_of_workers(root):
    def everything(folder, workers):
        report = extract(root, 11, out=root.parent / folder, workers=workers)
        images = sorted((root.parent / folder / 'images').iterdir())
        return report.path.read_text(), {i.name: i.read_bytes() for i in images}

    assert everything('a', 1) == everything('b', 3)


def test_another_seed_draws_other_frames(root):
    first = samples(extract(root, 6))
    other = samples(extract(root, 6, out=root.parent / 'b', seed=1))
    assert [n for n, _ in first] == [n for n, _ in other]
    assert first != other


def test_an_interrupted_run_is_taken_up(root):
    report = extract(root, 11)
    images = sorted((root.parent / 'out' / 'images').iterdir())
    state = {i: (i.read_bytes(), i.stat().st_mtime_ns) for i in images}
    lost = [i for i in images if i.name.startswith(NAMES[0])]
    assert lost
    # As after an interruption: some samples are not done, and no annotation.
    lost[0].unlink()
    (root.parent / 'out' / '.extraction' / f'{NAMES[4]}.json').unlink()
    text = report.path.read_text()
    report.path.unlink()
    assert extract(root, 11).path.read_text() == text
    for image, (content, changed) in state.items():
        assert image.read_bytes() == content
        again = image.name.startswith((NAMES[0], NAMES[4]))
        assert (image.stat().st_mtime_ns != changed) == again


def test_other_settings_need_another_folder(root):
    extract(root, 2)
    with pytest.raises(
        UserError, match=r"other settings: .*'seed': 0.* not .*'seed': 1"
    ):
        extract(root, 2, seed=1)


def test_truncated_settings_are_refused(root):
    extract(root, 2)
    file = root.parent / 'out' / '.extraction' / 'settings.json'
    file.write_text(file.read_text()[:10])
    with pytest.raises(UserError, match=r'cannot read .*settings\.json.*delete both'):
        extract(root, 2)


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


def test_temporaries_of_a_killed_run_are_removed_and_nothing_else(root):
    extract(root, 6)
    folder = root.parent / 'out' / 'images'
    left, mine = folder / f'.{NAMES[0]}_f0001.abcd_123.jpg', folder / '.mine.jpg'
    left.write_bytes(b'half')
    mine.write_bytes(b'keep')
    extract(root, 6)
    assert not left.exists()
    assert mine.exists()


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


def test_the_body_that_moves_most(root):
    for name in NAMES[1:]:
        skeleton_file(root, name).unlink()
    bodies = [
        [body(i, 'still'), body(i, 'mover', step=0.02, shift=0.1)] for i in range(10)
    ]
    add_sample(root, NAMES[0], bodies)
    report = extract(root, 1)
    image, person = (document(report)[k][0] for k in ('images', 'annotations'))
    expected = body(image['frame'], step=0.02, shift=0.1).pixels[0]
    np.testing.assert_allclose(person['keypoints'][:2], expected, atol=1e-3)
    assert report.ties == []
    twins = [[body(i, 'a', step=0.02), body(i, 'b', step=0.02)] for i in range(10)]
    add_sample(root, NAMES[0], twins)
    tied = extract(root, 1, out=root.parent / 'tied')
    assert tied.ties == [NAMES[0]]
    assert 'two bodies move alike (the first was taken): 1' in str(tied)
    assert document(tied)['info']['samples_with_ties'] == [NAMES[0]]


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


@pytest.mark.parametrize(
    'arguments',
    [dict(seed=-1), dict(subjects='1,2'), dict(padding=0.5), dict(quality=0)],
)
def test_bad_arguments(root, arguments):
    with pytest.raises(UserError, match=next(iter(arguments))):
        extract(root, 1, **arguments)
    with pytest.raises(UserError, match='num_frames 0 is not positive'):
        extract(root, 0)


@pytest.mark.parametrize('workers', [1, 2])
def test_full_disk(root, workers):
    out = root.parent / 'out'
    out.mkdir()
    (out / 'images').write_text('')  # stands for what cannot be written to
    with pytest.raises(UserError, match='cannot write .*images'):
        extract(root, 4, workers=workers)
    assert not (out / 'annotations').exists()
    (out / 'images').unlink()
    assert extract(root, 4, workers=workers).num_images == 4


def test_first_frames_of_the_order_are_spread():
    for number in (1, 2, 7, 100):
        order = frame_order(NAMES[0], 0, number)
        assert sorted(order) == list(range(number))
    ten = np.sort(frame_order(NAMES[0], 0, 100)[:10])
    assert np.diff(ten).max() <= 18
    assert np.diff(ten).min() >= 4


def test_head_size_of_a_bowed_head_is_not_small():
    one = body()
    size = kinect_head_size(one.xyz, one.pixels)
    assert size == pytest.approx(0.75 * 2 * 13, abs=1e-3)
    assert kinect_head_size(one.xyz * np.nan, one.pixels) is None


def test_names():
    name = NtuName.parse('S017C003P020R002A060')
    assert (name.setup, name.camera, name.subject) == (17, 3, 20)
    assert (name.replication, name.action) == (2, 60)
    assert NtuName.parse('S017C003P020R002A060_rgb') is None


def test_avi_headers_and_damage(root, tmp_path):
    video = video_file(root, NAMES[0])
    assert read_avi_header(video) == (10, *SIZE)
    whole = video.read_bytes()
    for content, message in (
        (whole[:5000], f'is truncated: 5000 of {len(whole)} bytes'),
        (whole[:50], 'is not an AVI file'),
        (b'<html>' * 20, 'is not an AVI file'),
        (whole[:24] + b'junk' + whole[28:], 'has no AVI header'),
    ):
        video.write_bytes(content)
        with pytest.raises(VideoError, match=message):
            read_avi_header(video)
    with pytest.raises(VideoError, match='cannot read video .*No such file'):
        read_avi_header(tmp_path / 'no.avi')
    with pytest.raises(VideoError, match='no.avi cannot be decoded'):
        list(read_frames(tmp_path / 'no.avi', [0]))


def test_frames_by_number(root):
    read = dict(read_frames(video_file(root, NAMES[0]), [0, 3, 9]))
    assert [*read] == [0, 3, 9]
    assert abs(int(read[3].mean()) - 60) <= 2
    with pytest.raises(VideoError, match='ends after 10 frames, before frame 13'):
        list(read_frames(video_file(root, NAMES[0]), [2, 12]))


def test_tool(root, run_tool, capsys):
    args = [root, root.parent / 'out', '-n', 4, '--workers', 1]
    assert run_tool(TOOL, *args) == 0
    assert '4 of 4 frames, 2 classes with 2 to 2 each' in capsys.readouterr().out
    video_file(root, NAMES[0]).unlink()
    assert run_tool(TOOL, *args) == 1
    assert 'without a video: 1' in capsys.readouterr().out
    assert run_tool(TOOL, *args, '--allow-missing') == 0
    skeleton_file(root, NAMES[4]).write_text('nothing')
    args[3] = 7
    assert run_tool(TOOL, *args, '--allow-missing') == 1
    assert 'could not be used: 1' in capsys.readouterr().out
    assert run_tool(TOOL, root / 'no', root.parent / 'out') == 2
    error = capsys.readouterr().err
    assert error.startswith('error: cannot read the list of missing skeletons')


def test_real_video(shared_data, tmp_path):
    report = extract(shared_data / 'ntu60', 3, out=tmp_path / 'out', subjects='all')
    assert report.num_images == 3
    assert len(report.samples.without_video) == 2
    for image, person in zip(
        document(report)['images'], document(report)['annotations'], strict=True
    ):
        assert (image['width'], image['height']) == (1920, 1080)
        assert 800 < person['bbox'][0] < 1100
        assert 48 < person['head_size'] < 66
        joints = np.array(person['keypoints']).reshape(25, 3)
        assert joints[3, 1] < joints[2, 1] < joints[0, 1] < joints[14, 1]
    with pytest.raises(UserError, match='the default is the X-Sub validation'):
        extract(shared_data / 'ntu60', 3, out=tmp_path / 'b')
    shutil.rmtree(tmp_path / 'out')
