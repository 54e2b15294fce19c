import pytest
import torch
from calibrated import calibrate

from mmpose_ext.models.layers import LocalAttention, SpatialFusion
from mmpose_ext.testing import parameters_without_gradient

SMALL = dict(
    in_channels=(8, 16, 32),
    num_joints=5,
    head_channels=(4, 8, 16),
    final_channels=24,
    global_attention=dict(type='GlobalAttention', embed_channels=8),
)


def feats(channels=(8, 16, 32)):
    torch.manual_seed(0)
    return [torch.randn(2, c, 16 // 2**i, 8 // 2**i) for i, c in enumerate(channels)]


def build(**options):
    torch.manual_seed(0)
    layer = SpatialFusion(**{**SMALL, **options})
    layer.init_weights()
    return layer


def test_mu_starts_at_the_center():
    mu, sigma = build()(feats())
    assert mu.shape == sigma.shape == (2, 5, 2)
    assert (mu - 0.5).abs().max() < 0.3
    assert (sigma.sigmoid() - 0.1).abs().max() < 0.05
    layer = build()
    bias = layer.fc.bias.view(5, 4)
    torch.testing.assert_close(bias[:, :2], torch.full((5, 2), 0.5))
    torch.testing.assert_close(bias[:, 2:].sigmoid(), torch.full((5, 2), 0.1))
    half = build(sigma_init=0.5).fc.bias.view(5, 4)
    torch.testing.assert_close(half[:, 2:], torch.zeros(5, 2))


def test_training_reaches_everything():
    layer = build()
    mu, sigma = layer(feats())
    (mu.square().sum() + sigma.square().sum()).backward()
    assert parameters_without_gradient(layer) == []


def test_the_head_as_written():
    """Section III-C: down and add, local attention, 1x1, mean over space, FC."""
    layer = calibrate(build())
    x = feats()
    y, *coarser = [
        inner(f)
        for inner, f in zip(layer.increase, layer.global_attention(x), strict=True)
    ]
    for down, scale in zip(layer.downsample, coarser, strict=True):
        y = scale + down(y)
        y = y * y.softmax(dim=2)
    y = layer.final(y)
    assert y.shape == (2, 24, 4, 2)
    mean = sum(y[:, :, i, j] for i in range(4) for j in range(2)) / 8
    out = layer.fc(mean).view(2, 5, 4)
    mu, sigma = layer(x)
    torch.testing.assert_close(mu, out[..., :2])
    torch.testing.assert_close(sigma, out[..., 2:])


def test_local_attention_follows_every_sum():
    layer = build().eval()
    calls = []
    layer.local_attention.register_forward_hook(
        lambda _, x, y: calls.append(x[0].shape)
    )
    layer(feats())
    assert calls == [(2, 32, 8, 4), (2, 64, 4, 2)]


def test_each_part_can_be_switched():
    assert isinstance(build().local_attention, LocalAttention)
    full = build().eval()(feats())
    for options in (
        dict(local_attention=dict(type='Identity')),
        dict(global_attention=dict(type='Identity')),
        dict(channels=(8, 16, 32), fusion=dict(type='CrossScaleFusion')),
    ):
        other = build(**options).eval()(feats())
        assert not torch.equal(full[0], other[0])


def test_widths_of_the_head_by_default():
    layer = SpatialFusion((6, 6, 6, 6), num_joints=3)
    outs = [down.conv.out_channels for down in layer.downsample]
    ins = [down.conv.in_channels for down in layer.downsample]
    assert (ins, outs) == ([128, 256, 512], [256, 512, 1024])
    assert layer.final.conv.in_channels == 1024
    assert layer.final.conv.out_channels == layer.fc.in_features == 2048


def test_widths_may_be_lists():
    widths = [8, 16, 32]
    assert build(in_channels=widths, channels=[*widths])(feats())[0].shape == (2, 5, 2)


def test_fusion_bridges_other_widths():
    layer = build(
        in_channels=(6, 6, 6),
        channels=(8, 16, 32),
        fusion=dict(type='CrossScaleFusion'),
    )
    assert layer(feats((6, 6, 6)))[0].shape == (2, 5, 2)


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(head_channels=(4, 8)), r'head_channels=\(4, 8\) must be a list of 3'),
        (dict(channels=(8, 16)), r'channels=\(8, 16\)'),
        (dict(channels=(8, 16, 64)), 'without a fusion'),
        (dict(num_joints=0), 'SpatialFusion: num_joints=0'),
        (dict(in_channels=(8,), head_channels=(4,)), 'list of 2 or more'),
        (dict(sigma_init=1), r'sigma_init=1 must be .* above 0 and below 1'),
        (dict(final_channels=-1), 'SpatialFusion: final_channels=-1'),
        (dict(fusion=dict(type='Nope')), 'SpatialFusion: fusion=.*CrossScaleFusion'),
        (dict(global_attention=dict(type='Nope')), 'global_attention=.*GlobalAttent'),
        (dict(local_attention=dict(type='Nope')), 'local_attention=.*LocalAttention'),
    ],
)
def test_bad_configs(options, message):
    with pytest.raises(ValueError, match=message):
        build(**options)
