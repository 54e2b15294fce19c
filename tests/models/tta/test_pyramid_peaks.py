"""Where the averaged peak lies: in its place in the image, at every scale."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from pyramid_models import (
    COMBINED,
    MSRA,
    MSRA192,
    SIX,
    UDP,
    batch,
    estimator,
    head,
    images,
    make,
    noisy,
    plain,
)
from torch import nn

from mmpose_ext.models.tta import PyramidTTAModel


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
