"""Official layouts of MPII, LSP and NTU, read by the project's own readers."""

import json

import cv2
import numpy as np
import pytest
from mmpose.datasets.datasets.body import MpiiDataset
from numpy.testing import assert_allclose, assert_array_equal

from mmpose_ext.datasets.body import LspDataset, Ntu60Dataset
from mmpose_ext.datasets.conventions import CONVENTIONS
from mmpose_ext.datasets.converters import convert_lsp, convert_mpii, extract_ntu60
from mmpose_ext.datasets.converters.avi import read_frames
from mmpose_ext.datasets.converters.lsp_joints import load_lsp_joints
from mmpose_ext.datasets.converters.ntu_skeleton import load_skeleton
from mmpose_ext.datasets.formats.ntu60 import XSUB_TRAIN, NtuName
from mmpose_ext.datasets.synthetic import write_coco_dataset
from mmpose_ext.datasets.synthetic.files import VAL_START
from mmpose_ext.datasets.synthetic.layouts import (
    write_lsp,
    write_lspet,
    write_mpii,
    write_ntu,
)
from mmpose_ext.datasets.synthetic.layouts.ntu import render_motion, sample_name
from mmpose_ext.figures import SyntheticFigures
from mmpose_ext.utils import UserError

FIGURES = SyntheticFigures(seed=4, size=(96, 80), persons=(1, 3))
VIDEO = SyntheticFigures(seed=4, size=(240, 136))


def people(index):
    return FIGURES.render(index, image=False).persons


def main_person(index):
    return max(people(index), key=lambda person: person.area)


@pytest.fixture(scope='module')
def mpii(tmp_path_factory):
    out = tmp_path_factory.mktemp('mpii')
    write_mpii(FIGURES, out, 4, 3)
    return out


def read(path):
    return json.loads(path.read_text())


def mpii_dataset(root, split):
    boxes = {'headbox_file': str(root / 'annotations' / 'mpii_gt_val.mat')}
    return MpiiDataset(
        data_root=str(root),
        ann_file=f'annotations/mpii_{split}.json',
        data_prefix=dict(img='images/'),
        test_mode=split == 'val',
        **(boxes if split == 'val' else {}),
    )


@pytest.mark.parametrize(
    ('split', 'start', 'count'), [('train', 0, 4), ('val', VAL_START, 3)]
)
def test_mpii_data_set_reads_the_figures(mpii, split, start, count):
    dataset = mpii_dataset(mpii, split)
    truth = [p for i in range(start, start + count) for p in people(i)]
    assert len(dataset) == len(truth)
    for i, person in enumerate(truth):
        info, joints = dataset.get_data_info(i), person.keypoints(CONVENTIONS['mpii'])
        known = joints[:, 2] > 0
        assert_array_equal(info['keypoints_visible'][0], known)
        # MMPose keeps MPII's pixels, which count from 1.
        assert_allclose(info['keypoints'][0][known], joints[known, :2] + 1, atol=0.006)
        # Every annotated joint lies in the box that MMPose makes, which does not.
        x1, y1, x2, y2 = info['bbox'][0] + (-0.02, -0.02, 0.02, 0.02)
        xy = joints[known, :2]
        assert (xy >= (x1, y1)).all()
        assert (xy <= (x2, y2)).all()
        if split == 'val':
            assert_allclose(info['head_size'], 0.75 * person.head_length, atol=0.02)
        image = cv2.imread(info['img_path'])
        assert image.shape == (80, 96, 3)


def test_mpii_release_converts_to_the_same_json(mpii, tmp_path):
    convert_mpii(
        mpii / 'mpii_human_pose_v1_u12_1.mat',
        mpii / 'images',
        tmp_path,
        mpii / 'annotations' / 'mpii_gt_val.mat',
        progress=False,
        verify=True,
    )
    for split in ('train', 'val'):
        made = read(tmp_path / f'mpii_{split}.json')
        for record in made:
            del record['release_index']
        assert made == read(mpii / 'annotations' / f'mpii_{split}.json')
    # The fields, and their order, of the published file.
    assert list(made[0]) == ['joints_vis', 'joints', 'image', 'scale', 'center']


def test_second_run_keeps_images_and_makes_missing_ones(mpii):
    first, second = mpii / 'images' / '000000001.jpg', mpii / 'images' / '000000002.jpg'
    content, annotations = second.read_bytes(), mpii / 'annotations' / 'mpii_train.json'
    kept, before = first.read_bytes(), read(annotations)
    first.write_bytes(b'kept')
    second.unlink()
    annotations.unlink()
    write_mpii(FIGURES, mpii, 4, 3, workers=2)
    assert first.read_bytes() == b'kept'
    assert second.read_bytes() == content
    assert read(annotations) == before
    first.write_bytes(kept)
    with pytest.raises(UserError, match='other settings'):
        write_mpii(SyntheticFigures(seed=5, size=(96, 80)), mpii, 4, 3)


def test_lsp(tmp_path):
    write_lsp(FIGURES, tmp_path, 4, 2)
    form, joints = load_lsp_joints(tmp_path / 'joints.mat')
    assert form.name == 'lsp'
    for row, index in [(0, 0), (1, 1), (2, 2), (3, 3), (1000, VAL_START)]:
        truth = main_person(index).keypoints(CONVENTIONS['lsp'])
        if (truth[:, 2] == 0).any():  # then another image stands there
            assert np.abs(truth - joints[row]).max() > 0.1
            continue
        assert_allclose(joints[row], truth, atol=0.0006)
    used = joints[[0, 1, 2, 3, 1000, 1001]]
    assert set(np.unique(used[..., 2])) == {1, 2}
    assert (used[..., :2] > -0.5).all()
    assert (used[..., :2] < (95.5, 79.5)).all()
    splits = {'train': (1, 4), 'test': (1001, 1002)}
    convert_lsp(
        tmp_path / 'joints.mat',
        tmp_path / 'images',
        tmp_path / 'annotations',
        splits,
        progress=False,
        verify=True,
    )
    dataset = LspDataset(
        data_root=str(tmp_path),
        ann_file='annotations/lsp_test.json',
        data_prefix=dict(img='images/'),
    )
    assert len(dataset) == 2
    assert_allclose(dataset.get_data_info(0)['keypoints'][0], used[4, :, :2], atol=1e-3)


def test_lspet(tmp_path):
    write_lspet(FIGURES, tmp_path, 5, 2)
    form, joints = load_lsp_joints(tmp_path / 'joints.mat')
    assert form.name == 'lspet'
    for row, index in enumerate([0, 1, 2, 3, 4, VAL_START, VAL_START + 1]):
        truth = main_person(index).keypoints(CONVENTIONS['lsp'])
        known = truth[:, 2] > 0
        assert_array_equal(joints[row, :, 2], 2 * known)
        assert_allclose(joints[row, known, :2], truth[known, :2], atol=0.0006)
    assert not joints[7:].any()
    splits = {'train': (1, 5), 'test': (6, 7)}
    convert_lsp(
        tmp_path / 'joints.mat',
        tmp_path / 'images',
        tmp_path / 'annotations',
        splits,
        progress=False,
        verify=True,
    )
    dataset = LspDataset(
        data_root=str(tmp_path),
        ann_file='annotations/lspet_train.json',
        data_prefix=dict(img='images/'),
    )
    info = dataset.get_data_info(2)
    assert_array_equal(info['keypoints_visible'][0], joints[2, :, 2] > 0)


@pytest.mark.parametrize('sizes', [(1001, 1), (1, 1001)])
def test_lsp_holds_no_more_than_the_official_images(tmp_path, sizes):
    with pytest.raises(UserError, match=r'do not fit into LSP.s images 1-1000 \(train'):
        write_lsp(FIGURES, tmp_path, *sizes)
    assert not any(tmp_path.iterdir())


@pytest.fixture(scope='module')
def ntu(tmp_path_factory):
    out = tmp_path_factory.mktemp('ntu')
    write_ntu(VIDEO, out, 1, 3, num_frames=8)
    return out


def test_ntu_names():
    names = [NtuName.parse(sample_name(i, 'val')) for i in range(60 * 20 * 6 + 1)]
    assert len(set(names)) == len(names)
    assert {n.action for n in names} == set(range(1, 61))
    assert {n.camera for n in names} == {1, 2, 3}
    assert not {n.subject for n in names} & XSUB_TRAIN
    assert NtuName.parse(sample_name(7, 'train')).subject in XSUB_TRAIN


def test_ntu_files_hold_the_mirrored_figures(ntu):
    name = sample_name(0, 'val')
    path = ntu / 'nturgb+d_skeletons' / f'{name}.skeleton'
    assert path.read_bytes().startswith(b'8\r\n1\r\n')
    number, (track,) = load_skeleton(path)
    scenes = list(render_motion(VIDEO, VAL_START, 8))
    video = ntu / 'nturgb+d_rgb' / f'{name}_rgb.avi'
    frames = dict(read_frames(video, range(8)))
    assert number == len(scenes) == len(frames) == 8
    for i, scene in enumerate(scenes):
        truth = scene.persons[0].keypoints(CONVENTIONS['ntu'])
        assert_allclose(track.pixels[i], (239, 0) + truth[:, :2] * (-1, 1), atol=1e-3)
        assert_array_equal(track.states[i], truth[:, 2])
        # A pinhole without distortion: meters and pixels are the same rays.
        x, y, z = track.xyz[i].T
        focal, (cx, cy) = scene.camera.focal, scene.camera.center
        assert_allclose(track.pixels[i, :, 0], 239 - cx + focal * x / z, atol=1e-3)
        assert_allclose(track.pixels[i, :, 1], cy - focal * y / z, atol=1e-3)
        assert 2 < z.mean() < 5
        difference = np.abs(frames[i].astype(float) - scene.image[:, ::-1])
        assert difference.mean() < 6  # JPEG
    # Smooth: no joint moves faster than 12 m/s.
    speeds = np.linalg.norm(np.diff(track.xyz, axis=0), axis=-1) * 30
    assert 0.05 < speeds.max() < 12


def test_ntu_frames_are_drawn_and_read(ntu, tmp_path):
    report = extract_ntu60(ntu, tmp_path, num_frames=6, workers=1, progress=False)
    assert report.num_images == 6
    dataset = Ntu60Dataset(
        data_root=str(tmp_path),
        ann_file='annotations/ntu60_xsub-val.json',
        data_prefix=dict(img='images/'),
    )
    assert len(dataset) == 6
    notes = read(tmp_path / 'annotations' / 'ntu60_xsub-val.json')['images']
    assert {note['sample'] for note in notes} == {
        sample_name(i, 'val') for i in range(3)
    }
    _, (track,) = load_skeleton(
        ntu / 'nturgb+d_skeletons' / f'{notes[0]["sample"]}.skeleton'
    )
    info = dataset.get_data_info(0)
    found = track.pixels[notes[0]['frame']]
    assert_allclose(info['keypoints'][0], found, atol=0.002)
    assert info['head_size'].shape == (1, 1)
    train = extract_ntu60(
        ntu, tmp_path, num_frames=1, subjects='xsub-train', workers=1, progress=False
    )
    assert train.num_images == 1


def test_ntu_samples_that_are_there_are_kept(ntu):
    name = sample_name(1, 'val')
    video = ntu / 'nturgb+d_rgb' / f'{name}_rgb.avi'
    skeleton = ntu / 'nturgb+d_skeletons' / f'{name}.skeleton'
    content, text = video.read_bytes(), skeleton.read_bytes()
    other = ntu / 'nturgb+d_skeletons' / f'{sample_name(0, "val")}.skeleton'
    stamp = other.stat().st_mtime_ns
    video.unlink()
    write_ntu(VIDEO, ntu, 1, 3, workers=2, num_frames=8)
    assert (video.read_bytes(), skeleton.read_bytes()) == (content, text)
    assert other.stat().st_mtime_ns == stamp


LEFT = {
    'coco': ['train2017/.000000000001.abcd_123.jpg',
             'annotations/.person_keypoints_train2017.abcd_123.json'],
    'mpii': ['images/.000001.abcd_123.jpg', 'annotations/.mpii_train.abcd_123.json',
             '.mpii_human_pose_v1_u12_1.abcd_123.mat'],
    'lsp': ['images/.im0001.abcd_123.jpg', '.joints.abcd_123.mat'],
    'ntu': ['nturgb+d_rgb/.S001C001P001R001A001_rgb.abcd_123.avi',
            'nturgb+d_skeletons/.S001C001P001R001A001.abcd_123.skeleton'],
}  # fmt: skip


@pytest.mark.parametrize('layout', LEFT)
def test_temporaries_of_a_killed_run_are_removed(tmp_path, layout):
    write = {
        'coco': lambda: write_coco_dataset(FIGURES, tmp_path, 1),
        'mpii': lambda: write_mpii(FIGURES, tmp_path, 1, 0),
        'lsp': lambda: write_lsp(FIGURES, tmp_path, 1, 0),
        'ntu': lambda: write_ntu(VIDEO, tmp_path, 1, 0, num_frames=2),
    }[layout]
    write()
    before = sorted(tmp_path.rglob('*'))
    for name in LEFT[layout]:
        (tmp_path / name).write_bytes(b'half')
    write()
    assert sorted(tmp_path.rglob('*')) == before


@pytest.mark.parametrize(
    ('layout', 'file'),
    [
        ('mpii', 'annotations/mpii_gt_val.mat'),
        ('lsp', 'images/im1001.jpg'),
        ('lspet', 'images/im00002.jpg'),
        ('ntu', 'nturgb+d_rgb/S001C001P003R001A001_rgb.avi'),
    ],
)
def test_tool_writes_every_layout(run_tool, tmp_path, layout, file):
    args = ['--layout', layout, '--out', str(tmp_path), '--size', '96', '80']
    args += ['--num-train', '1', '--num-val', '1']
    assert run_tool('misc/make_synthetic.py', *args) == 0
    assert (tmp_path / file).is_file()
