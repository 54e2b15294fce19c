"""The pyramid against MMPose's plain and flip tests, and against known places."""

import cv2
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from mmengine.config import ConfigDict
from mmengine.dataset import Compose, pseudo_collate
from mmengine.hooks import PrepareTTAHook
from mmengine.registry import init_default_scope
from mmpose.apis import inference_topdown
from mmpose.registry import MODELS
from torch import nn

from mmpose_ext.models.tta import PyramidTTAModel
from mmpose_ext.utils import ConfigError

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


# --- Where the peak is ------------------------------------------------------


def centroids(sample, codec):
    """Centers of the averaged maps, in the image."""
    size = np.array(codec['heatmap_size'])
    extent = size - 1 if codec['type'] == 'UDPHeatmap' else size
    info = sample.metainfo
    maps = sample.pred_fields.heatmaps.double().numpy()
    y, x = np.mgrid[: size[1], : size[0]]
    places = np.array(
        [[(m * x).sum() / m.sum(), (m * y).sum() / m.sum()] for m in maps]
    )
    return (places / extent - 0.5) * info['input_scale'] + info['input_center']


@pytest.mark.parametrize('scales', [*((s,) for s in SIX), SIX, (0.5, 2.0)], ids=str)
@pytest.mark.parametrize('codec', [MSRA, UDP, MSRA192], ids=lambda c: c['type'])
def test_the_peak_stays_where_it_is_in_the_image(codec, scales):
    points = ((52.3, 62.2), (58.0, 70.4))
    model = PyramidTTAModel(
        estimator(
            head(codec, in_channels=2, final_layer=None),
            backbone=dict(type='_PyramidSampler', codec=codec),
            output_heatmaps=True,
        )
    )
    results = model.test_step(batch(images(points), codec, scales))
    assert len(results) == 2
    for sample in results:
        # Within 0.03 of a heat map's pixel, where half a pixel's slip of the
        # zoom's center is 0.045 to 0.125.
        pixel = sample.metainfo['input_scale'][0] / codec['heatmap_size'][0]
        if scales != (0.5, 2.0):  # the larger crop ends where there is still heat
            np.testing.assert_allclose(
                centroids(sample, codec), points, atol=0.03 * pixel, rtol=0
            )
        found = sample.pred_instances.keypoints[0]
        assert np.abs(found - points).max() < 0.51 * pixel
        assert sample.pred_instances.keypoint_scores.min() > 0.75


def test_offsets_shrink_with_the_crop():
    """UDP's offsets: the joint lies 3 pixels right of the class map's peak."""

    class Offsets(nn.Module):
        """As _PyramidSampler, with the way to the spot as offsets."""

        def __init__(self, x, y):
            super().__init__()
            self.places = (x, y)

        def forward(self, inputs):
            maps = (
                F.interpolate(
                    inputs[:, :1], (32, 24), mode='bilinear', align_corners=True
                )
                / 255
            )
            # One pixel of scale 1, which a crop of scale s shows s times larger.
            step = self.scale.to(maps).view(-1, 1, 1, 1) / (0.0546875 * 32)
            ones = torch.ones_like(maps)
            return (
                torch.cat(
                    (maps, self.places[0] * step * ones, self.places[1] * step * ones),
                    1,
                ),
            )

    def predict(scales):
        codec = COMBINED
        model = estimator(head(codec, in_channels=3, out_channels=3, final_layer=None))
        model.backbone = Offsets(3.0, -2.0)
        data = batch(images(((50.0, 60.0),), 1), codec, scales)
        model.backbone.scale = torch.tensor(scales)
        sample = PyramidTTAModel(model).test_step(data)[0]
        pixel = sample.metainfo['input_scale'][0] / 23
        return (sample.pred_instances.keypoints[0, 0] - (50, 60)) / pixel

    # Within a pixel: the class map's peak is found at a whole one.
    for scales in ((1.0,), (0.8,), (1.3,), SIX):
        np.testing.assert_allclose(predict(scales), (3, -2), atol=0.55)


def test_a_joint_outside_the_large_crops_keeps_its_height():
    box = images(number=1)[0]['bbox'][0]
    # At the box's edge: 0.4 of the crop from its center, 1/2.6 at scale 1.3.
    point = ((box[0] + box[2]) / 2, box[1] + 1)
    model = PyramidTTAModel(
        estimator(
            head(MSRA, in_channels=2, final_layer=None),
            backbone=dict(type='_PyramidSampler', codec=MSRA),
        )
    )
    data = batch(images((point, point), 1), MSRA, SIX)
    scores = model.test_step(data)[0].pred_instances.keypoint_scores
    assert scores.min() > 0.9


# --- Against MMPose's own tests ----------------------------------------------

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


@pytest.mark.parametrize('flip', [False, True], ids=['plain', 'flip'])
@pytest.mark.parametrize('name', HEADS)
def test_one_scale_is_mmposes_test_bit_by_bit(name, flip):
    model, codec = make(name, flip, output_heatmaps=True, shift_heatmap=flip)
    expected = plain(model, noisy(), codec)
    found = PyramidTTAModel(model).test_step(batch(noisy(), codec, (1.0,)))
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one.pred_fields.heatmaps, other.pred_fields.heatmaps)
        assert other.pred_fields.heatmaps.std() > 0
        keys = sorted(other.pred_instances.keys())
        assert sorted(one.pred_instances.keys()) == keys
        for key in keys:
            np.testing.assert_array_equal(
                one.pred_instances[key], other.pred_instances[key], err_msg=key
            )
        np.testing.assert_array_equal(
            one.gt_instances.bbox_scales, other.gt_instances.bbox_scales
        )
        assert one.metainfo['id'] == other.metainfo['id']


@pytest.mark.parametrize('name', HEADS)
def test_scales_and_flip_change_the_maps(name):
    results = {}
    for flip in (False, True):
        model, codec = make(name, flip)
        for scales in ((1.0,), (0.8, 1.0), SIX):
            sample = PyramidTTAModel(model).test_step(batch(noisy(), codec, scales))[0]
            results[flip, scales] = sample.pred_instances.keypoint_scores
    scores = np.stack([s.ravel() for s in results.values()])
    assert len(np.unique(scores.round(7), axis=0)) == 6


def test_visibilities_are_averaged():
    model, codec = make('visibility', True)
    pyramid = PyramidTTAModel(model)
    seen = [
        pyramid.test_step(batch(noisy(), codec, scales))[
            1
        ].pred_instances.keypoints_visible
        for scales in ((0.8,), (1.2,), (0.8, 1.2))
    ]
    np.testing.assert_allclose(seen[2], (seen[0] + seen[1]) / 2, rtol=1e-5)


def test_without_scale_one_the_frame_is_still_its_own():
    model, codec = make('MSRA', False)
    expected = plain(model, noisy(), codec)
    found = PyramidTTAModel(model).test_step(batch(noisy(), codec, (0.9, 1.1)))
    for one, other in zip(found, expected, strict=True):
        for key in ('input_scale', 'input_center'):
            np.testing.assert_allclose(
                one.metainfo[key], other.metainfo[key], rtol=1e-6
            )
        np.testing.assert_allclose(
            one.gt_instances.bbox_scales, other.gt_instances.bbox_scales, rtol=1e-6
        )


# --- Batches ------------------------------------------------------------------


@pytest.mark.parametrize(
    ('max_batch', 'sizes'),
    [(64, [12] * 2), (5, [4] * 6), (1, [2] * 12)],
)
def test_forward_passes(max_batch, sizes):
    model, codec = make('MSRA', True)
    seen = []
    model.backbone.register_forward_hook(lambda m, x, y: seen.append(len(x[0])))
    pyramid = PyramidTTAModel(model, max_batch=max_batch)
    results = pyramid.test_step(batch(noisy(), codec, SIX))
    assert seen == sizes
    one_by_one = [
        pyramid.test_step(batch([person], codec, SIX))[0] for person in noisy()
    ]
    for one, other in zip(results, one_by_one, strict=True):
        np.testing.assert_allclose(
            one.pred_instances.keypoint_scores,
            other.pred_instances.keypoint_scores,
            rtol=1e-5,
        )
        np.testing.assert_allclose(
            one.pred_instances.keypoints, other.pred_instances.keypoints, rtol=1e-5
        )


# --- How it is put on ----------------------------------------------------------


class Runner:
    """What the hook needs of one."""


def test_mmengines_hook_wraps_after_loading():
    runner = Runner()
    runner.model, codec = make('MSRA', True)
    inner, names = runner.model, list(runner.model.state_dict())
    hook = PrepareTTAHook(ConfigDict(type='PyramidTTAModel', max_batch=8))
    runner.model = nn.DataParallel(inner)  # one of MMEngine's model wrappers
    for _ in range(2):  # a second test does not wrap the wrapper
        hook.before_test(runner)
        assert type(runner.model) is PyramidTTAModel
        assert runner.model.module is inner
    assert list(runner.model.state_dict()) == [f'module.{name}' for name in names]
    assert runner.model.test_step(batch(noisy(), codec, SIX))


def test_mmposes_inference_runs_on_it():
    model, codec = make('MSRA', True)
    steps = [
        dict(type='TopdownAffine', input_size=codec['input_size']),
        dict(type='PackPoseInputs'),
    ]
    pyramid = dict(type='TopdownPyramid', transforms=steps)
    pipeline = [dict(type='LoadImage'), dict(type='GetBBoxCenterScale'), pyramid]
    model.cfg = ConfigDict(test_dataloader=dict(dataset=dict(pipeline=pipeline)))
    model.dataset_meta = dict(flip_indices=[1, 0])
    person = noisy()[0]
    found = inference_topdown(PyramidTTAModel(model), person['img'], person['bbox'])
    expected = PyramidTTAModel(model).test_step(batch([person], codec, SIX))
    np.testing.assert_array_equal(
        found[0].pred_instances.keypoints, expected[0].pred_instances.keypoints
    )


@pytest.mark.parametrize(
    'head',
    [
        dict(type='RegressionHead', in_channels=8, num_joints=2),
        dict(
            type='SimCCHead',
            in_channels=8,
            out_channels=2,
            input_size=(96, 128),
            in_featuremap_size=(24, 32),
            deconv_out_channels=None,
            decoder=dict(type='SimCCLabel', input_size=(96, 128)),
        ),
    ],
    ids=lambda h: h['type'],
)
def test_heads_without_heat_maps(head):
    message = f'module.head={head["type"]} decodes no heat maps.*HeatmapHead., .CPM'
    with pytest.raises(ConfigError, match=message):
        PyramidTTAModel(estimator(head))


def test_other_models_and_arguments():
    with pytest.raises(ConfigError, match='module=Tiny.*TopdownPoseEstimator'):
        PyramidTTAModel(with_test_step(Tiny()))
    with pytest.raises(ConfigError, match='max_batch=0'):
        PyramidTTAModel(make('MSRA', True)[0], max_batch=0)
    positions = dict(
        type='IntegralRegressionLabel',
        input_size=(96, 128),
        heatmap_size=(24, 32),
        sigma=2,
    )
    for decoder in (None, positions):
        with pytest.raises(
            ConfigError, match='head.decoder=.* choose from .MSRAHeatmap'
        ):
            PyramidTTAModel(estimator(head(MSRA) | dict(decoder=decoder)))
    model, codec = make('MSRA', False)
    with pytest.raises(
        ConfigError, match='one crop for each person; put TopdownPyramid'
    ):
        PyramidTTAModel(model).test_step(batch(noisy(), codec))


def with_test_step(module):
    module.test_step = None
    return module
