"""Mappings of joints between conventions, by name and through a data set."""

import json

import numpy as np
import pytest
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.datasets.transforms import KeypointConverter
from mmpose.registry import DATASETS
from PIL import Image

import mmpose_ext  # noqa: F401
from mmpose_ext.datasets.conventions import metainfo_file
from mmpose_ext.datasets.converters import load_skeleton
from mmpose_ext.datasets.mappings import MAPPINGS, joint_mapping


def meta(convention: str) -> dict:
    return parse_pose_metainfo(dict(from_file=metainfo_file(convention)))


@pytest.mark.parametrize('mapping', MAPPINGS.values(), ids=lambda m: m.target)
def test_names_exist_and_sides_agree(mapping):
    source, target = meta(mapping.source), meta(mapping.target)
    assert set(mapping.pairs) <= set(target['keypoint_name2id'])
    assert set(mapping.pairs.values()) <= set(source['keypoint_name2id'])
    for ours, theirs in mapping.pairs.items():
        sides = ours.split('_')[0], theirs.split('_')[0]
        if mapping.source == 'ntu' and sides[0] in ('left', 'right'):
            assert set(sides) == {'left', 'right'}  # of a mirror image
        else:
            assert (sides[0] in ('left', 'right')) <= (sides[0] == sides[1])
    # Whatever has no source, or another name there, is explained.
    explained = set(mapping.differs)
    assert set(target['keypoint_name2id']) - set(mapping.pairs) <= explained
    assert {a for a, b in mapping.pairs.items() if a != b} <= explained


def test_a_flip_before_and_after_the_mapping_is_the_same():
    for mapping in MAPPINGS.values():
        source, target = meta(mapping.source), meta(mapping.target)
        ours = {v: k for k, v in mapping.pairs.items()}
        flips = source['flip_indices'], target['flip_indices']
        for theirs, name in ours.items():
            mirrored = source['keypoint_id2name'][
                flips[0][source['keypoint_name2id'][theirs]]
            ]
            expected = target['keypoint_id2name'][
                flips[1][target['keypoint_name2id'][name]]
            ]
            assert ours[mirrored] == expected


def test_converter_moves_joints_and_leaves_the_rest_unannotated():
    config = joint_mapping('ntu', 'mpii').converter()
    config.pop('type')
    points = np.arange(50.0).reshape(1, 25, 2)
    result = KeypointConverter(**config).transform(
        dict(keypoints=points, keypoints_visible=np.ones((1, 25)))
    )
    np.testing.assert_array_equal(result['keypoints'][0, 8], [4, 5])  # neck
    # The right ankle is Kinect's left, joint 14: its images are mirrored.
    np.testing.assert_array_equal(result['keypoints'][0, 0], [28, 29])
    visible = result['keypoints_visible'][0, :, 0]
    assert visible.sum() == 15
    assert visible[9] == 0  # head_top


def test_real_frame_shows_its_sides(shared_data):
    """The woman of the real video faces the camera: her left is on the right."""
    name = 'S001C001P001R001A001'
    folder = shared_data / 'ntu60' / 'nturgb+d_skeletons'
    _, [track] = load_skeleton(folder / f'{name}.skeleton')
    for target in ('mpii', 'coco'):
        config = joint_mapping('ntu', target).converter()
        config.pop('type')
        result = KeypointConverter(**config).transform(
            dict(keypoints=track.pixels, keypoints_visible=np.ones((103, 25)))
        )
        index = meta(target)['keypoint_name2id']
        left, right = (
            result['keypoints'][:, index[f'{s}_hip'], 0] for s in ('left', 'right')
        )
        assert (left > right).all()


def test_unknown_mapping():
    with pytest.raises(
        ValueError, match=r"\('lsp', 'coco'\) have no mapping; choose from .*'mpii'"
    ):
        joint_mapping('lsp', 'coco')


@pytest.fixture
def roots(tmp_path, monkeypatch):
    """Two people of LSP, three of LSP-extended and two of MPII."""
    lsp = np.column_stack([np.arange(14) * 5 + 10, np.arange(14) * 4 + 20, [2] * 14])
    for name, number in (('lsp', 2), ('lspet', 3)):
        folder = tmp_path / name
        images = [
            dict(id=i, file_name=f'{i}.jpg', width=90, height=90) for i in range(number)
        ]
        people = [
            dict(
                id=i,
                image_id=i,
                category_id=1,
                iscrowd=0,
                bbox=[5, 5, 80, 80],
                keypoints=lsp.ravel().tolist(),
                num_keypoints=14,
                area=99.0,
            )
            for i in range(number)
        ]
        document = dict(images=images, annotations=people, categories=[])
        make(folder, f'{name}_train.json', document, [i['file_name'] for i in images])
        make(folder, f'{name}_test.json', document, [])
    mpii = [
        dict(
            image=f'{i}.jpg',
            center=[45, 45],
            scale=0.4,
            joints_vis=[0] + [1] * 15,
            joints=[[k * 5, k * 4] for k in range(16)],
        )
        for i in range(2)
    ]
    make(tmp_path / 'mpii', 'mpii_train.json', mpii, ['0.jpg', '1.jpg'])
    for name in ('lsp', 'lspet', 'mpii'):
        monkeypatch.setenv(f'{name.upper()}_ROOT', str(tmp_path / name))


def make(folder, name, document, images):
    (folder / 'annotations').mkdir(parents=True, exist_ok=True)
    (folder / 'images').mkdir(exist_ok=True)
    (folder / 'annotations' / name).write_text(json.dumps(document))
    for image in images:
        Image.new('RGB', (90, 90)).save(folder / 'images' / image)


def test_union_of_the_config(roots, request, monkeypatch, tmp_path):
    file = request.config.rootpath / 'configs/_base_/datasets/lsp-union-256x256.py'
    config = Config.fromfile(file)
    monkeypatch.chdir(tmp_path)
    init_default_scope('mmpose')
    union = DATASETS.build(config.train_dataloader.dataset)
    assert union.lens == [2, 3, 2]
    assert union.metainfo['dataset_name'] == 'lsp'
    lsp, mpii = union.get_data_info(0), union.get_data_info(5)
    assert lsp['keypoints'].shape == mpii['keypoints'].shape == (1, 14, 2)
    np.testing.assert_array_equal(mpii['keypoints'][0, 12], [40, 32])  # upper neck
    np.testing.assert_array_equal(mpii['keypoints'][0, 6], [50, 40])  # right wrist
    np.testing.assert_array_equal(mpii['keypoints_visible'][0, :2, 0], [0, 1])
    assert mpii['flip_indices'] == lsp['flip_indices']
    for index in (0, 6):
        packed = union[index]
        assert packed['inputs'].shape == (3, 256, 256)
        assert packed['keypoints'].shape == (14, 2)
    test = DATASETS.build(config.test_dataloader.dataset)
    assert test.ann_file.endswith('lsp/annotations/lsp_test.json')
    assert len(test) == 2


def test_bad_parts(roots):
    def build(convention='lsp', **part):
        DATASETS.build(
            dict(type='CombinedPoseDataset', convention=convention, datasets=[part])
        )

    with pytest.raises(ValueError, match=r"convention='body' is unknown; choose from"):
        build('body')
    with pytest.raises(
        ValueError, match="datasets=.*'Nothing'.* names no registered data set; choose"
    ):
        build(type='Nothing')
    with pytest.raises(
        ValueError, match='MpiiDataset.* has a pipeline.*give the pipeline to Comb'
    ):
        build(type='MpiiDataset', pipeline=[dict(type='LoadImage')])
    with pytest.raises(
        ValueError, match=r"CombinedPoseDataset: .*\('coco', .lsp.\) have no mapping"
    ):
        build(type='CocoDataset')
    with pytest.raises(
        ValueError, match="joints of 'jhmdb', which it cannot map; choose from 'coco'"
    ):
        build(type='JhmdbDataset')
