"""The fast preprocessor against MMPose's, and targets made from key points."""

import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.models.data_preprocessors import PoseDataPreprocessor
from mmpose.structures import PoseDataSample

from mmpose_ext.models.data_preprocessors import FastPoseDataPreprocessor
from mmpose_ext.utils import ConfigError

NORM = dict(
    mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], bgr_to_rgb=True
)
CODEC = dict(
    type='BatchMSRAHeatmap', input_size=(48, 64), heatmap_size=(12, 16), sigma=2
)


def batch(*shapes, dtype=torch.uint8):
    images = [torch.randint(0, 256, (3, *shape)).to(dtype) for shape in shapes]
    samples = [
        PoseDataSample(gt_instances=InstanceData(), metainfo=dict(id=i))
        for i in range(len(images))
    ]
    return dict(inputs=images, data_samples=samples)


@pytest.mark.parametrize(
    ('shapes', 'options', 'dtype'),
    [
        ([(64, 48)] * 3, {}, torch.uint8),
        ([(64, 48)] * 2, dict(bgr_to_rgb=False), torch.uint8),
        ([(64, 48)] * 2, dict(mean=[100.0], std=[3.0]), torch.uint8),
        # MMPose's own way: several sizes, padding, other types, no normalization.
        ([(64, 48), (60, 48)], {}, torch.uint8),
        ([(60, 48)] * 2, dict(pad_size_divisor=32), torch.uint8),
        ([(64, 48)] * 2, {}, torch.float32),
        ([(64, 48)] * 2, dict(mean=None, std=None), torch.uint8),
    ],
)
def test_inputs_equal_mmposes(shapes, options, dtype):
    data = batch(*shapes, dtype=dtype)
    theirs = PoseDataPreprocessor(**{**NORM, **options})(data)
    ours = FastPoseDataPreprocessor(**{**NORM, **options})(data)
    assert torch.equal(ours['inputs'], theirs['inputs'])
    for a, b in zip(ours['data_samples'], theirs['data_samples'], strict=True):
        assert dict(a.metainfo_items()) == dict(b.metainfo_items())


def test_a_batch_in_use_is_not_written_to():
    fast = FastPoseDataPreprocessor(**NORM)
    first = fast(batch((64, 48)))['inputs']
    kept = first.clone()
    second = fast(batch((64, 48)))['inputs']
    assert second.data_ptr() != first.data_ptr()
    assert torch.equal(first, kept)
    place = second.data_ptr()
    del first, second
    assert fast(batch((64, 48)))['inputs'].data_ptr() == place
    # A graph that still needs its input keeps it, too.
    layer = torch.nn.Conv2d(3, 2, 3)
    output = layer(fast(batch((64, 48)))['inputs'])
    third = fast(batch((64, 48)))['inputs']
    assert third.data_ptr() != place
    output.sum().backward()
    # A smaller batch fits into the buffer, a larger one does not.
    assert fast(batch(*[(64, 48)] * 4))['inputs'].shape == (4, 3, 64, 48)


def lean(count=3):
    return dict(
        inputs=torch.randint(0, 256, (count, 3, 64, 48)).to(torch.uint8),
        keypoints=torch.rand(count, 17, 2) * torch.tensor([48.0, 64.0]),
        keypoints_visible=torch.ones(count, 17),
        img_path=[f'{i}.jpg' for i in range(count)],
    )


def test_targets_of_key_points():
    fast = FastPoseDataPreprocessor(**NORM, codec=CODEC)
    data = lean()
    data['keypoint_factors'] = torch.full((3, 17), 0.5)
    result = fast(data, training=True)
    expected = PoseDataPreprocessor(**NORM)(
        dict(
            inputs=list(data['inputs']),
            data_samples=batch(*[(64, 48)] * 3)['data_samples'],
        )
    )
    assert torch.equal(result['inputs'], expected['inputs'])
    maps, weights = fast.make_targets.codec.batch_encode(
        data['keypoints'], data['keypoints_visible']
    )
    for i, sample in enumerate(result['data_samples']):
        assert torch.equal(sample.gt_fields.heatmaps, maps[i])
        assert torch.equal(
            sample.gt_instance_labels.keypoint_weights, 0.5 * weights[i : i + 1]
        )
        assert 'keypoint_weights' in sample.gt_instance_labels
        assert sample.metainfo['img_path'] == sample.get('img_path') == f'{i}.jpg'
        assert sample.metainfo['pad_shape'] == (64, 48)


def test_a_batch_of_lists_gives_what_one_of_tensors_gives():
    fast = FastPoseDataPreprocessor(**NORM, codec=CODEC)
    data = lean()
    lists = {
        name: list(value) if isinstance(value, torch.Tensor) else value
        for name, value in data.items()
    }
    expected, found = fast(data, training=True), fast(lists, training=True)
    assert torch.equal(found['inputs'], expected['inputs'])
    for a, b in zip(found['data_samples'], expected['data_samples'], strict=True):
        assert torch.equal(a.gt_fields.heatmaps, b.gt_fields.heatmaps)
        assert a.get('img_path') == b.get('img_path')


def test_padded_batches_of_key_points():
    fast = FastPoseDataPreprocessor(**NORM, codec=CODEC, pad_size_divisor=40)
    result = fast(lean())
    assert result['inputs'].shape == (3, 3, 80, 80)
    assert len(result['data_samples']) == 3


def test_what_cannot_be_made_is_an_error():
    with pytest.raises(ConfigError, match='codec=None is needed for samples without'):
        FastPoseDataPreprocessor(**NORM)(lean())
    codec = dict(CODEC, type='MSRAHeatmap')
    with pytest.raises(ConfigError, match="codec='MSRAHeatmap' cannot make"):
        FastPoseDataPreprocessor(**NORM, codec=codec)
