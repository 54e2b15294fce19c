"""Small models, images and batches for the tests of the pyramid."""

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from mmengine.dataset import Compose, pseudo_collate
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS
from torch import nn

SIX = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3)


MSRA = dict(type='MSRAHeatmap', input_size=(96, 128), heatmap_size=(24, 32), sigma=2)


MSRA192 = dict(MSRA, input_size=(192, 256), heatmap_size=(48, 64))


UDP = dict(MSRA, type='UDPHeatmap')


COMBINED = dict(
    type='UDPHeatmap',
    heatmap_type='combined',
    input_size=(96, 128),
    heatmap_size=(24, 32),
)


SECOND = dict(MSRA, type='SecondMaxHeatmap')


MEGVII = dict(
    type='MegviiHeatmap', input_size=(96, 128), heatmap_size=(24, 32), kernel_size=11
)


@MODELS.register_module(name='_PyramidSampler')
class Sampler(nn.Module):
    """Heat maps that are the image's channels, read at the maps' pixels."""

    def __init__(self, codec):
        super().__init__()
        self.codec = codec

    def forward(self, x):
        if self.codec['type'] == 'UDPHeatmap':
            size = self.codec['heatmap_size'][::-1]
            maps = F.interpolate(x, size, mode='bilinear', align_corners=True)
        else:
            maps = x[..., ::4, ::4]
        return (maps[:, :2] / 255,)


@MODELS.register_module(name='_PyramidTiny')
class Tiny(nn.Module):
    """A small random network of stride 4."""

    def __init__(self, channels=8, staged=False):
        super().__init__()
        self.staged = staged
        self.conv = nn.Conv2d(3, channels, 7, stride=4, padding=3)

    def forward(self, x):
        x = torch.relu(self.conv(x / 50))
        return [[x]] if self.staged else (x,)


def head(codec, kind='HeatmapHead', **kwargs):
    maps = 6 if codec.get('heatmap_type') == 'combined' else 2
    return {
        **dict(
            type=kind,
            in_channels=8,
            out_channels=maps,
            decoder=codec,
            deconv_out_channels=None,
        ),
        **kwargs,
    }


def estimator(head, backbone=None, flip=False, **test_cfg):
    init_default_scope('mmpose')
    torch.manual_seed(0)
    return MODELS.build(
        dict(
            type='TopdownPoseEstimator',
            backbone=backbone or dict(type='_PyramidTiny'),
            head=head,
            data_preprocessor=dict(type='PoseDataPreprocessor'),
            test_cfg=dict(flip_test=flip, **test_cfg),
        )
    ).eval()


def images(points=((50.0, 60.0),) * 2, number=2):
    """Persons in images with a spot in each channel, and noise to be wrong on."""
    y, x = np.mgrid[:150, :120]
    image = np.zeros((150, 120, 3), np.float64)
    for channel, (px, py) in enumerate(points):
        image[..., channel] = 255 * np.exp(-((x - px) ** 2 + (y - py) ** 2) / 128)
    boxes = np.array([[20, 15, 95, 130], [30.5, 20.25, 80, 110.5]], np.float32)
    return [
        dict(
            img=image.round().astype(np.uint8),
            bbox=box[None],
            flip_indices=[0, 1],
            bbox_score=np.ones(1, np.float32),
            id=i,
        )
        for i, box in enumerate(boxes[:number])
    ]


def batch(persons, codec, scales=None):
    init_default_scope('mmpose')
    udp = codec['type'] == 'UDPHeatmap'
    steps = [
        dict(type='TopdownAffine', input_size=codec['input_size'], use_udp=udp),
        dict(type='PackPoseInputs'),
    ]
    if scales:
        steps = [dict(type='TopdownPyramid', transforms=steps, scales=scales)]
    pipeline = Compose([dict(type='GetBBoxCenterScale'), *steps])
    return pseudo_collate([pipeline(dict(person)) for person in persons])


def noisy():
    rng = np.random.default_rng(0)
    persons = images()
    for person in persons:
        size = person['img'].shape
        coarse = rng.integers(0, 255, (15, 12, 3), dtype=np.uint8)
        person['img'] = cv2.resize(coarse, size[1::-1], interpolation=cv2.INTER_CUBIC)
        person['flip_indices'] = [1, 0]
    return persons


def plain(model, persons, codec):
    with torch.no_grad():
        return model.test_step(batch(persons, codec))


HEADS = {
    'MSRA': head(MSRA),
    'MSRA 256x192': head(MSRA192),
    'UDP': head(UDP),
    'UDP combined': head(COMBINED),
    'Megvii': head(MEGVII),
    'second maximum': head(SECOND),
    'ViPNAS': head(MSRA, 'ViPNASHead'),
    'CPM': dict(type='CPMHead', in_channels=8, out_channels=2, num_stages=1,
                deconv_out_channels=None, decoder=MSRA,
                loss=dict(type='KeypointMSELoss')),
    'MSPN': dict(type='MSPNHead', num_stages=1, num_units=1, out_shape=(32, 24),
                 unit_channels=8, out_channels=2, decoder=MSRA,
                 level_indices=[0],
                 loss=dict(type='CombinedLoss', losses=dict(a=dict(
                     type='KeypointMSELoss')))),
    'visibility': dict(type='VisPredictHead', loss=dict(type='BCELoss'),
                       pose_cfg=head(MSRA)),
}  # fmt: skip


def make(name, flip, **test_cfg):
    config = HEADS[name]
    if name == 'UDP combined':
        test_cfg['flip_mode'] = 'udp_combined'
    backbone = dict(type='_PyramidTiny', staged=name == 'MSPN')
    model = estimator(config, backbone, flip, **test_cfg)
    codec = config.get('pose_cfg', config)['decoder']
    return model, codec
