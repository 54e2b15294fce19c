"""Bad values of the own arguments of hooks, transforms, metrics, codecs, data sets."""

import inspect
import math

import pytest
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS, HOOKS, KEYPOINT_CODECS, METRICS, TRANSFORMS

import mmpose_ext  # noqa: F401
from mmpose_ext.utils import ConfigError

BAD = (
    '8', '', -3, 0, 1.5, math.nan, math.inf, True, None, (), [0], (4, -4), ('a', 'b'),
    {}, object,
)  # fmt: skip
MAPS = dict(input_size=(64, 64), heatmap_size=(16, 16), sigma=2)
PARTS = {
    'PreemptionHook': (HOOKS, {}),
    'FiniteLossHook': (HOOKS, {}),
    'FreezeNormStatsHook': (HOOKS, dict(begin=1)),
    'OutputsValHook': (HOOKS, {}),
    'CanvasRandomAffine': (TRANSFORMS, dict(input_size=(64, 64))),
    'RandomHSVGain': (TRANSFORMS, {}),
    'LoadCheckedImage': (TRANSFORMS, {}),
    'LoadCachedImage': (TRANSFORMS, {}),
    'TopdownPyramid': (TRANSFORMS, dict(transforms=[dict(type='PackPoseInputs')])),
    'FlipTopdownAffine': (TRANSFORMS, dict(input_size=(64, 64))),
    'PCKhAccuracy': (METRICS, {}),
    'TorsoPCKAccuracy': (METRICS, {}),
    'CocoPersonMetric': (METRICS, {}),
    'CocoCurveMetric': (METRICS, {}),
    'BatchMSRAHeatmap': (KEYPOINT_CODECS, MAPS),
    'BatchUDPHeatmap': (KEYPOINT_CODECS, MAPS),
    'SecondMaxHeatmap': (KEYPOINT_CODECS, MAPS),
    'SyntheticPoseDataset': (DATASETS, dict(num_images=1, size=(32, 32))),
}


def arguments(kind, base):
    """The arguments of the class itself; a codec hands all on to MMPose's."""
    named = list(inspect.signature(kind.__init__).parameters.values())[1:]
    own = [p.name for p in named if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return own or list(base)


@pytest.mark.parametrize('name', PARTS)
def test_a_bad_value_is_a_config_error_or_works(name):
    init_default_scope('mmpose')
    registry, base = PARTS[name]
    found = []
    for argument in arguments(registry.get(name), base):
        for value in BAD:
            try:
                registry.build({'type': name, **base, argument: value})
            except ConfigError as error:
                if '\n' in str(error):
                    found.append(f'{argument}={value!r}: several lines')
            except Exception as error:
                found.append(f'{argument}={value!r}: {type(error).__name__}: {error}')
    assert found == []
