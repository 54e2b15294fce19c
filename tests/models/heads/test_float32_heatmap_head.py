"""MMPose's head, with the accuracy on the device and maps in float32."""

import pytest
import torch
from mmengine.structures import InstanceData, PixelData
from mmpose.models.heads import HeatmapHead
from mmpose.structures import PoseDataSample

from mmpose_ext.models.heads import Float32HeatmapHead
from mmpose_ext.utils import ConfigError


def heads(**options):
    """The two, with the same weights."""
    torch.manual_seed(0)
    kwargs = dict(in_channels=8, out_channels=5, deconv_out_channels=None, **options)
    ours, theirs = Float32HeatmapHead(**kwargs), HeatmapHead(**kwargs)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def samples(maps, weights):
    found = []
    for target, weight in zip(maps, weights, strict=True):
        sample = PoseDataSample()
        sample.gt_fields = PixelData(heatmaps=target)
        sample.gt_instance_labels = InstanceData(keypoint_weights=weight[None])
        found.append(sample)
    return found


@pytest.fixture
def batch():
    """Features and samples: of five joints two are not annotated, and two are wrong."""
    ours, theirs = heads()
    feats = (torch.randn(4, 8, 12, 16),)
    with torch.no_grad():
        target = ours(feats).clone()
    target[:, [1, 3]] = target[:, [1, 3]].flip(-1, -2)
    weights = torch.tensor([[1.0, 1.0, 0.0, 0.0, 0.5]]).expand(4, 5)
    return ours, theirs, feats, samples(target, weights)


def test_loss_and_accuracy_are_mmposes(batch):
    ours, theirs, feats, data = batch
    found, expected = ours.loss(feats, data), theirs.loss(feats, data)
    assert found.keys() == expected.keys() == {'loss_kpt', 'acc_pose'}
    torch.testing.assert_close(found['loss_kpt'], expected['loss_kpt'])
    # Joints 0 and 4 are right; of the annotated ones, 1 is wrong.
    assert found['acc_pose'].item() == pytest.approx(2 / 3)
    assert expected['acc_pose'].item() == pytest.approx(2 / 3)


def test_the_accuracy_can_be_left_out(batch):
    ours, _, feats, data = batch
    assert ours.loss(feats, data, dict(compute_acc=False)).keys() == {'loss_kpt'}


def test_bfloat16_trains(batch):
    ours, _, feats, data = batch
    with torch.autocast('cpu', torch.bfloat16):
        losses = ours.loss(feats, data)
    assert losses['loss_kpt'].dtype == torch.float32
    losses['loss_kpt'].backward()
    assert all(p.grad.isfinite().all() for p in ours.parameters())


@pytest.mark.parametrize('width', [0, -8, 2.5, '8', [8, 0], []])
def test_widths_that_are_none(width):
    with pytest.raises(ConfigError, match='Float32HeatmapHead: in_channels='):
        Float32HeatmapHead(width, 5)
