"""The accuracy on the device against MMPose's in NumPy."""

import pytest
import torch
from mmengine.utils import is_method_overridden
from mmpose.codecs import MSRAHeatmap
from mmpose.evaluation.functional import pose_pck_accuracy
from mmpose.models.heads import HeatmapHead

from mmpose_ext.models.data_preprocessors.lean_samples import Fields, LeanSample
from mmpose_ext.models.heads import DASPHead, Float32HeatmapHead
from mmpose_ext.models.utils.accuracy import heatmap_accuracy


def maps(seed, shape=(16, 12)):
    generator = torch.Generator().manual_seed(seed)
    target = torch.rand(9, 5, *shape, generator=generator)
    # Some equal, some moved by a few pixels, some without a maximum.
    output = target.clone()
    output[3:6] = output[3:6].roll(1, -1)
    output[6] = torch.rand(5, *shape, generator=generator)
    output[7] = -output[7]
    target[8, 0] = 0
    mask = torch.rand(9, 5, generator=generator) > 0.3
    mask[:, 4] = False
    return output, target, mask


@pytest.mark.parametrize('shape', [(16, 12), (32, 32), (40, 64)])
def test_the_value_is_mmposes(shape):
    for seed in range(4):
        output, target, mask = maps(seed, shape)
        expected = pose_pck_accuracy(output.numpy(), target.numpy(), mask.numpy())[1]
        found = heatmap_accuracy(output, target, mask)
        assert found.dtype == torch.float64
        assert found.item() == pytest.approx(expected, abs=1e-12)
        assert 0.2 < expected < 0.9


def test_nobody_to_count_and_half_precision():
    output, target, mask = maps(0)
    assert heatmap_accuracy(output, target, mask & False).item() == 0
    half = output.bfloat16()
    expected = heatmap_accuracy(half.float(), target, mask)
    assert torch.equal(heatmap_accuracy(half, target, mask), expected)


def samples_of(target, weights):
    return [
        LeanSample(
            Fields(heatmaps=target[i]),
            Fields(keypoint_weights=weights[i : i + 1]),
            Fields(),
            {},
        )
        for i in range(len(target))
    ]


def test_heads_report_mmposes_losses():
    torch.manual_seed(0)
    theirs = HeatmapHead(8, 5, deconv_out_channels=None)
    ours = Float32HeatmapHead(8, 5, deconv_out_channels=None)
    ours.load_state_dict(theirs.state_dict())
    feats = (torch.rand(4, 8, 16, 12),)
    target, weights = torch.rand(4, 5, 16, 12), torch.ones(4, 5)
    # A target that some of the maps hit.
    target[:2] = theirs(feats).detach()[:2]
    samples = samples_of(target, weights)
    expected = theirs.loss(feats, samples)
    found = ours.loss(feats, samples)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, rtol=0, atol=0)
    assert 0 < expected['acc_pose'] < 1
    assert 'acc_pose' not in ours.loss(feats, samples, dict(compute_acc=False))


def test_the_heads_of_the_papers_do_not_leave_the_device():
    assert is_method_overridden('loss', HeatmapHead, DASPHead)
    assert MSRAHeatmap  # the codec of the heads' tests
