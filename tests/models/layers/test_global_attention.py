import pytest
import torch
import torch.nn.functional as F

from mmpose_ext.models.layers import GlobalAttention
from mmpose_ext.testing import count_parameters, parameters_without_gradient

CHANNELS = (3, 4, 5)


def scales(dtype=torch.float64):
    torch.manual_seed(0)
    return [
        torch.randn(2, c, 12 // 2**i, 8 // 2**i, dtype=dtype)
        for i, c in enumerate(CHANNELS)
    ]


def plain(layer, feats):
    """Eqs. 2 and 3 as they stand: everything at the finest size."""
    size = feats[0].shape[2:]
    big = [
        F.interpolate(e(x), size=size) for e, x in zip(layer.embed, feats, strict=True)
    ]
    u = torch.cat([s(g) for s, g in zip(layer.score, big, strict=True)], dim=1)
    w = u.exp() / u.exp().sum(dim=1, keepdim=True)
    return [
        project(F.adaptive_avg_pool2d(w[:, n : n + 1] * g, x.shape[2:]))
        for n, (project, g, x) in enumerate(zip(layer.project, big, feats, strict=True))
    ]


def test_it_is_the_equations_at_the_finest_size():
    layer = GlobalAttention(CHANNELS, 6).double().eval()
    feats = scales()
    torch.testing.assert_close(layer(feats), plain(layer, feats))


def test_the_weights_sum_to_one_and_follow_the_score():
    layer = GlobalAttention(CHANNELS, 6).double().eval()
    feats = scales()
    weights = layer.weights(feats)
    assert weights.shape == (2, 3, 12, 8)
    torch.testing.assert_close(weights.sum(1), torch.ones(2, 12, 8).double())
    assert weights.min() > 0
    with torch.no_grad():
        for score in layer.score:
            score.weight.zero_()
            score.bias.zero_()
        torch.testing.assert_close(
            layer.weights(feats), torch.full_like(weights, 1 / 3)
        )
        layer.score[1].bias.fill_(torch.tensor(2.0).log())
        weights = layer.weights(feats)
    torch.testing.assert_close(weights[0, :, 0, 0].tolist(), [0.25, 0.5, 0.25])


def test_training_reaches_everything():
    layer = GlobalAttention(CHANNELS, 6)
    outs = layer(scales(torch.float32))
    sum(out.square().sum() for out in outs).backward()
    assert parameters_without_gradient(layer) == []


def test_parameters():
    layer = GlobalAttention((64, 128, 256, 512))
    ends = 960 * 256
    assert count_parameters(layer) == 2 * ends + 4 * 2 * 256 + 4 * 257 + 2 * 960


def test_bad_widths():
    with pytest.raises(ValueError, match=r'GlobalAttention: channels=\(64, 0\)'):
        GlobalAttention((64, 0))
    with pytest.raises(ValueError, match='GlobalAttention: embed_channels='):
        GlobalAttention((64, 128), 1.5)
