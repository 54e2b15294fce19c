"""The papers' full-size networks as files, with everything inside the graph.

``python -m pytest -m slow tests/export/test_full_size_export.py -s`` prints the
differences that docs/deploy.md records.
"""

import numpy as np
import pytest
import torch
from calibrated import calibrate
from exported_networks import CONFIGS

from mmpose_ext.export import ExportOptions, figure_samples, load_network
from mmpose_ext.export.exporting import verify, write_network
from mmpose_ext.utils.config import load_config
from mmpose_ext_runtime import PoseModel

SAMPLES = figure_samples(2, (640, 480))
TOPDOWN = dict(normalize=True, decode=True, flip_test=True)
ONE_STAGE = dict(normalize=True, nms=True)
NETWORKS = {
    'ca_hrnet/td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192.py': TOPDOWN,
    'daunet/td-hm_daunet_1xb128-200e_coco-256x192.py': TOPDOWN,
    'sadinet/td-hm_sadinet_2xb32-210e_mpii-256x256.py': TOPDOWN,
    'sdhrnet/td-hm_sdhrnet_4xb32-210e_coco-256x192.py': TOPDOWN,
    'lrfg_yolopose/lrfg-yolopose_2xb32-80e_coco-640.py': ONE_STAGE,
    'lrfg_yolopose/lrfg-yolopose_2xb32-80e_coco-960.py': ONE_STAGE,
}


@pytest.mark.slow
@pytest.mark.parametrize('name', NETWORKS)
def test_full_size_files_are_like_pytorch_at_any_batch(tmp_path, name):
    torch.manual_seed(15)
    config = load_config(str(CONFIGS / name))
    model = calibrate(load_network(config, None, random_weights=True))
    path = tmp_path / 'network.onnx'
    write_network(config, model, path, ExportOptions(**NETWORKS[name]))
    difference = verify(model, path, SAMPLES)
    print(f'\n{name}: {path.stat().st_size / 1e6:.0f} MB; {difference}')
    assert difference.largest <= 0.01
    assert difference.missing == 0
    images = [SAMPLES[0].image, SAMPLES[1].image, SAMPLES[0].image]
    one, all_at_once = (PoseModel(path, batch=n).predict(images) for n in (1, 3))
    for a, b in zip(one, all_at_once, strict=True):
        np.testing.assert_allclose(a.keypoints, b.keypoints, atol=0.01)
    assert len(one[0]) > 0
    # Maps of random weights may have any size.
    largest = max(float(np.abs(found.scores).max()) for found in one)
    print(f'largest score {largest:.3g}')
    assert difference.score <= 1e-4 * max(1, largest)
