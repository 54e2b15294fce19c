import pytest
import torch
from mmengine.structures import InstanceData

from mmpose_ext.models.heads import DASPHead
from mmpose_ext.models.layers import DASP
from mmpose_ext.testing import count_parameters, fake_batch

CODEC = dict(type='MSRAHeatmap', input_size=(64, 64), heatmap_size=(16, 16), sigma=1.5)


def features(*channels):
    return tuple(torch.randn(2, c, 16, 16) for c in channels)


def test_forward_is_dasp_and_the_final_layer():
    torch.manual_seed(0)
    head = DASPHead((24, 8), 5).eval()
    low, top = features(24, 8)
    out = head((low, top))
    assert out.shape == (2, 5, 16, 16)
    torch.testing.assert_close(out, head.final_layer(head.dasp(top, low)))
    # Lower resolutions, where a backbone has them, are not used.
    torch.testing.assert_close(head((low, top, torch.randn(2, 16, 8, 8))), out)


def test_parameters_at_the_papers_widths():
    head = DASPHead((256, 32), 17)
    assert count_parameters(head.dasp) == 24960 + 2 * (4 * 8 + 3 * 32)
    assert count_parameters(head.final_layer) == 32 * 17 + 17


def test_dasp_options_and_deconvolutions_reach_their_layers():
    head = DASPHead(
        (24, 8),
        5,
        dasp=dict(type='DASP', growth=3, channels=6, dilations=(1, 2)),
        deconv_out_channels=(4,),
        deconv_kernel_sizes=(4,),
    )
    assert isinstance(head.dasp, DASP)
    assert len(head.dasp.pyramid) == 2
    assert head.dasp.out_channels == 6
    assert head(features(24, 8)).shape == (2, 5, 32, 32)


def test_loss_and_prediction_are_the_heat_map_heads():
    head = DASPHead((24, 8), 5, decoder=CODEC)
    _, samples = fake_batch(2, CODEC, num_keypoints=5)
    losses = head.loss(features(24, 8), samples)
    assert losses['loss_kpt'].ndim == 0
    predictions = head.eval().predict(features(24, 8), samples)
    assert isinstance(predictions[0], InstanceData)
    assert predictions[0].keypoints.shape == (1, 5, 2)


def test_a_checkpoint_round_trip():
    one, two = DASPHead((24, 8), 5).eval(), DASPHead((24, 8), 5).eval()
    two.load_state_dict(one.state_dict(), strict=True)
    feats = features(24, 8)
    torch.testing.assert_close(two(feats), one(feats))


@pytest.mark.parametrize('widths', [32, (32,), (1, 2, 3), '32'])
def test_bad_widths(widths):
    with pytest.raises(ValueError, match=r'DASPHead: in_channels=.* a list of 2'):
        DASPHead(widths, 5)


def test_a_backbone_without_low_level_features():
    with pytest.raises(ValueError, match='out_low_level=True'):
        DASPHead((24, 8), 5)(features(8))
