"""MMPose's inferencer takes this project's configs: top-down and one-stage."""

import numpy as np
import pytest
import torch
from config_facts import CONFIGS
from mmpose.apis import MMPoseInferencer

from mmpose_ext.testing import build_from_config


@pytest.mark.parametrize(
    ('name', 'joints'),
    [
        ('ca_hrnet/small/td-hm_hrnet-w8_1xb32-8e_lspet-128x128', 14),
        ('lrfg_yolopose/small/yolopose-n_1xb8-16e_synthetic-128', 17),
        ('lrfg_yolopose/small/lrfg-yolopose-n_1xb4-260e_coco-256_plain', 17),
    ],
)
def test_a_picture_goes_through(tmp_path, name, joints):
    config = CONFIGS / f'{name}.py'
    weights = tmp_path / 'weights.pth'
    torch.save(build_from_config(config).state_dict(), weights)
    inferencer = MMPoseInferencer(
        pose2d=str(config),
        pose2d_weights=str(weights),
        det_model='whole_image',
        device='cpu',
    )
    image = np.random.default_rng(0).integers(0, 255, (96, 80, 3), np.uint8)
    (people,) = next(inferencer(image, return_vis=False))['predictions']
    for person in people:
        assert len(person['keypoints']) == joints
    if 'td-hm_' in name:
        assert len(people) == 1
