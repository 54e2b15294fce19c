"""Packed crops give the samples that the images give."""

import numpy as np
import pytest
from mmengine.registry import init_default_scope
from mmengine.runner import set_random_seed
from mmpose.datasets.transforms import RandomBBoxTransform
from packing_cases import AUGMENTED, PEOPLE, TEST, TRAIN, dataset_of, make_images

from mmpose_ext.datasets import PackedPoseDataset
from mmpose_ext.datasets.body.lsp import METAINFO_FILE
from mmpose_ext.datasets.packed_dataset import to_crop, to_image, whole_image
from mmpose_ext.leaderboard.crops import Reach, estimate_bytes, pack_crops, reach_of
from mmpose_ext.leaderboard.packed_data import with_original_units
from mmpose_ext.utils.errors import UserError


@pytest.fixture(autouse=True)
def scope():
    init_default_scope('mmpose')


def packed(folder, pipeline, reaches, test_mode=False, detail=1.5, blank=False):
    make_images(folder, blank)
    file = folder / 'packed.npz'
    pack_crops(dataset_of(folder), reaches, file, {'samples': 4}, detail)
    return PackedPoseDataset(
        file,
        metainfo=dict(from_file=str(METAINFO_FILE)),
        pipeline=pipeline,
        test_mode=test_mode,
    )


def test_points_of_a_crop_are_those_of_a_resized_image():
    # Pixels 10..13 at half size are 2 pixels, the first centered between 10 and 11.
    origin = np.array([10.0, 20.0])
    points = np.array([[10.5, 20.5], [12.5, 20.5]])
    assert to_crop(points, origin, 0.5).tolist() == [[0, 0], [1, 0]]
    assert to_image(to_crop(points, origin, 0.5), origin, 0.5) == pytest.approx(points)


def test_training_samples_are_those_of_the_images(tmp_path):
    small = packed(tmp_path, TRAIN, [reach_of(TRAIN)])
    whole = dataset_of(tmp_path, TRAIN)
    assert len(small) == len(whole) == len(PEOPLE)
    for index in range(len(PEOPLE)):
        for seed in range(4):
            pair = []
            for dataset in (whole, small):
                set_random_seed(seed)
                pair.append(dataset[index])
            first, second = (sample['data_samples'] for sample in pair)
            heat = [s.gt_fields.heatmaps.numpy() for s in (first, second)]
            assert np.abs(heat[0] - heat[1]).max() < 0.02
            weights = [s.gt_instance_labels.keypoint_weights for s in (first, second)]
            assert weights[0].equal(weights[1])
            images = [sample['inputs'].numpy().astype(int) for sample in pair]
            error = np.abs(images[0] - images[1])
            assert error.mean() < 2.5, (index, seed)
            assert np.percentile(error, 99) < 12, (index, seed)


def test_positions_are_equal(tmp_path):
    steps = AUGMENTED
    small = packed(tmp_path, steps, [reach_of(steps)])
    whole = dataset_of(tmp_path, steps)
    for index in range(len(PEOPLE)):
        set_random_seed(index)
        first = whole[index]['transformed_keypoints']
        set_random_seed(index)
        second = small[index]['transformed_keypoints']
        assert second == pytest.approx(first, abs=0.01)


@pytest.mark.parametrize('rotate', [0, 45, 60])
def test_no_augmentation_looks_beyond_the_crop(tmp_path, monkeypatch, rotate):
    """White images: what is missing in a crop would be black."""
    most = dict(shift_prob=1, scale_prob=1, rotate_prob=1, rotate_factor=rotate)
    steps = [
        {**step, **most} if step['type'] == 'RandomBBoxTransform' else step
        for step in AUGMENTED
    ]
    small = packed(tmp_path, steps, [reach_of(steps)], blank=True)
    whole = dataset_of(tmp_path, steps)
    # The largest shift and scale, and the whole angle.
    ones = staticmethod(lambda size: np.ones(size, np.float32))
    monkeypatch.setattr(RandomBBoxTransform, '_truncnorm', ones)
    for index in range(len(PEOPLE)):
        for seed in range(3):  # flipped and not
            pair = []
            for dataset in (whole, small):
                set_random_seed(seed)
                pair.append(dataset[index]['img'].astype(int))
            # A pixel at the image's own border may be blended with the outside.
            assert np.mean(np.abs(pair[0] - pair[1]) > 60) < 0.02, index


def test_a_test_is_in_pixels_of_the_images(tmp_path):
    pipeline = with_original_units(TEST)
    small = packed(tmp_path, pipeline, [reach_of(TEST)], test_mode=True)
    whole = dataset_of(tmp_path, TEST, test_mode=True)
    for index in range(len(PEOPLE)):
        first, second = (d[index]['data_samples'] for d in (whole, small))
        for name in ('keypoints', 'bboxes', 'bbox_scales'):
            expected = getattr(first.gt_instances, name)
            found = getattr(second.gt_instances, name)
            assert found == pytest.approx(expected, abs=2e-3), name
        for name in ('input_center', 'input_scale', 'ori_shape', 'img_id', 'id'):
            found = second.metainfo[name]
            assert found == pytest.approx(first.metainfo[name], abs=2e-3), name
        assert second.raw_ann_info['bbox'] == first.raw_ann_info['bbox']
        assert 'segmentation' not in second.raw_ann_info


def test_crops_are_smaller_than_what_they_show_and_lie_in_their_place(tmp_path):
    small = packed(tmp_path, [], [reach_of(TEST)], detail=1.0)
    factors = [float(small.get_data_info(i)['crop_factor']) for i in range(4)]
    # 500 px, padded to 625, come to 96; the others are not enlarged.
    assert factors[2] == pytest.approx(96 / 625, rel=1e-6)
    assert factors[0] == pytest.approx(96 / 150, rel=1e-6)
    assert factors[3] == 1
    whole = dataset_of(tmp_path, [dict(type='LoadCheckedImage')])
    for index in (0, 2):
        image = whole_image(small.get_data_info(index)).astype(int)
        x, y, width, height = PEOPLE[index][1]
        box = np.s_[y : y + height, x : x + width]
        assert image.shape == whole[index]['img'].shape
        assert np.abs(image - whole[index]['img'])[box].mean() < 4


def test_reach():
    reach = Reach(size=(64, 96), padding=1.0, scale=1.5, shift=0.25)
    # 40x90 becomes 60x90 in the input's proportions.
    assert reach.region((0, 0, 40, 90)) == (
        *(20 - 45 - 15 - 2, 45 - 67.5 - 22.5 - 2),
        *(20 + 45 + 15 + 2, 45 + 67.5 + 22.5 + 2),
    )
    assert reach.factor((0, 0, 40, 90), 1.0) == 1
    assert reach.factor((0, 0, 400, 900), 2.0) == pytest.approx(128 / 600)
    found = reach_of(TRAIN)
    assert found == Reach((64, 96), 1.25, 1.3, 0.16, True)
    pyramid = dict(type='TopdownPyramid', transforms=TEST[2:], scales=(0.8, 1.3))
    assert reach_of([*TEST[:2], pyramid]) == Reach((64, 96), 1.25, 1 / 0.8)
    with pytest.raises(UserError, match='only top-down data sets can be packed'):
        reach_of([dict(type='BottomupResize', input_size=(64, 64))])


def test_the_estimate_is_near_the_file(tmp_path):
    reaches = [reach_of(TRAIN)]
    small = packed(tmp_path, [], reaches)
    size = small.pack_file.stat().st_size
    assert 0.5 * size < estimate_bytes(dataset_of(tmp_path), reaches) < 1.5 * size


def test_a_damaged_file_is_one_line(tmp_path):
    small = packed(tmp_path, [], [reach_of(TEST)])
    file = small.pack_file
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(UserError, match='cannot read the packed data'):
        PackedPoseDataset(file, metainfo=dict(from_file=str(METAINFO_FILE)))
