"""One scale equals the flip test for every kind of MMPose's heat-map configs."""

from pathlib import Path

import mmpose
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate

from mmpose_ext.models.tta import PyramidTTAModel
from mmpose_ext.testing import build_from_config

CONFIGS = Path(mmpose.__file__).parent / '.mim' / 'configs'


def kinds():
    """A config of each combination of backbone, head and codec."""
    found = {}
    for path in sorted(CONFIGS.glob('*/topdown_heatmap/*/*.py')):
        config = Config.fromfile(str(path))
        codec = config.codec
        codec = codec[-1] if isinstance(codec, list) else codec
        model = config.model
        key = (
            model.backbone.type,
            model.head.type,
            codec['type'],
            codec.get('heatmap_type', ''),
            str(codec.get('unbiased', '')),
        )
        found.setdefault(key, path)
    return found


def compare(path):
    config = Config.fromfile(str(path))
    torch.manual_seed(0)
    model = build_from_config(config).eval()
    pyramid = PyramidTTAModel(model)
    joints = pyramid.pose_head.out_channels // (3 if pyramid.offsets else 1)
    rng = np.random.default_rng(0)
    persons = [
        dict(
            img=rng.integers(0, 256, (480, 640, 3), dtype=np.uint8),
            bbox=np.array([[200.0, 100, 330, 380]], np.float32),
            bbox_score=np.ones(1, np.float32),
            flip_indices=list(range(joints))[::-1],
        )
        for _ in range(2)
    ]
    steps = list(config.test_dataloader.dataset.pipeline)
    place = [step.type for step in steps].index('GetBBoxCenterScale')
    box, rest = steps[place], steps[place + 1 :]
    one = dict(type='TopdownPyramid', transforms=rest, scales=(1.0,))
    results = []
    for tested, pipeline in ((model, [box, *rest]), (pyramid, [box, one])):
        crops = [Compose(pipeline)(dict(person)) for person in persons]
        with torch.no_grad():
            results.append(tested.test_step(pseudo_collate(crops)))
    for plain, found in zip(*results, strict=True):
        for key in ('keypoints', 'keypoint_scores'):
            np.testing.assert_array_equal(
                found.pred_instances[key], plain.pred_instances[key], str(path)
            )


@pytest.mark.slow
def test_every_kind_of_stock_config():
    found = kinds()
    # Vision transformers come from mmpretrain, which is not required.
    here = [path for key, path in found.items() if not key[0].startswith('mm')]
    assert len(here) > 30
    for path in here:
        compare(path)
