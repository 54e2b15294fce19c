"""Arguments of the codecs: what no heat map can have is refused by name."""

import pytest

from mmpose_ext.codecs import BatchMSRAHeatmap, BatchUDPHeatmap, SecondMaxHeatmap
from mmpose_ext.utils import ConfigError

SIZES = dict(input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
ALL = (BatchMSRAHeatmap, BatchUDPHeatmap, SecondMaxHeatmap)


@pytest.mark.parametrize('kind', ALL)
@pytest.mark.parametrize(
    ('name', 'value'),
    [
        ('input_size', (0, 256)),
        ('input_size', (256,)),
        ('input_size', 256),
        ('heatmap_size', (48, -64)),
        ('heatmap_size', (48, 64, 1)),
        ('heatmap_size', (48.0, 64)),
        ('sigma', 0),
        ('sigma', -2),
        ('sigma', '2'),
        ('sigma', float('nan')),
    ],
)
def test_sizes_and_widths(kind, name, value):
    with pytest.raises(ConfigError, match=f'{kind.__name__}: {name}='):
        kind(**{**SIZES, name: value})


@pytest.mark.parametrize('kind', [BatchMSRAHeatmap, BatchUDPHeatmap])
@pytest.mark.parametrize('value', [10, 0, -1, 11.0, (11, 11)])
def test_the_blur_is_odd(kind, value):
    with pytest.raises(ConfigError, match=f'{kind.__name__}: blur_kernel_size='):
        kind(**SIZES, blur_kernel_size=value)
    assert kind(**SIZES, blur_kernel_size=1).blur_kernel_size == 1


def test_switches_and_types():
    for kind in (BatchMSRAHeatmap, SecondMaxHeatmap):
        with pytest.raises(ConfigError, match=f"{kind.__name__}: unbiased='yes'"):
            kind(**SIZES, unbiased='yes')
    for value in ('combine', 'a', 'z', None):
        with pytest.raises(ConfigError, match='BatchUDPHeatmap: heatmap_type='):
            BatchUDPHeatmap(**SIZES, heatmap_type=value)
    for value in (0, -0.1):
        with pytest.raises(ConfigError, match='BatchUDPHeatmap: radius_factor='):
            BatchUDPHeatmap(**SIZES, heatmap_type='combined', radius_factor=value)
    combined = BatchUDPHeatmap(**SIZES, heatmap_type='combined', radius_factor=0.1)
    assert combined.heatmap_type == 'combined'


def test_eq_1_takes_no_blur():
    with pytest.raises(ConfigError, match='SecondMaxHeatmap: blur_kernel_size=11'):
        SecondMaxHeatmap(**SIZES, blur_kernel_size=11)
