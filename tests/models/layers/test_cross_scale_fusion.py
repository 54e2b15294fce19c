import pytest
import torch
import torch.nn.functional as F

from mmpose_ext.models.layers import CrossScaleFusion
from mmpose_ext.testing import count_parameters, parameters_without_gradient


def feats(height=8, width=12):
    torch.manual_seed(0)
    return [
        torch.randn(2, c, height // 2**i, width // 2**i)
        for i, c in enumerate((3, 4, 5))
    ]


@pytest.mark.parametrize('size', [(8, 12), (12, 4)])
def test_it_is_one_convolution_of_the_concatenation(size):
    layer = CrossScaleFusion((3, 4, 5), (2, 6, 7)).eval()
    for conv in layer.modules():
        if isinstance(conv, torch.nn.BatchNorm2d):
            conv.eps = 1e-30
    x = feats(*size)
    with torch.no_grad():
        for n, out in enumerate(layer(x)):
            size = x[n].shape[2:]
            joined = torch.cat(
                [
                    F.interpolate(y, size)
                    if y.shape[2] < size[0]
                    else F.adaptive_avg_pool2d(y, size)
                    for y in x
                ],
                dim=1,
            )
            weight = torch.cat([path.conv.weight for path in layer.paths[n]], dim=1)
            torch.testing.assert_close(out, F.conv2d(joined, weight).relu())


def test_training_reaches_everything():
    layer = CrossScaleFusion((3, 4, 5), (2, 6, 7))
    sum(out.square().sum() for out in layer(feats())).backward()
    assert parameters_without_gradient(layer) == []


def test_parameters():
    layer = CrossScaleFusion((256, 256, 384, 384), (64, 128, 256, 512))
    assert count_parameters(layer) == 1280 * 960 + 4 * 2 * 960


@pytest.mark.parametrize('number', [2, 4])
def test_the_number_of_maps_must_fit(number):
    layer = CrossScaleFusion((3, 4, 5), (2, 6, 7))
    with pytest.raises(ValueError, match='zip'):
        layer([*feats(), feats()[0]][:number])


def test_bad_widths():
    with pytest.raises(ValueError, match=r'CrossScaleFusion: in_channels=\(3, 0\)'):
        CrossScaleFusion((3, 0), (2, 2))
