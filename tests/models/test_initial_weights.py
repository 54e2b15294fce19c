"""How the weights of every network start: the law of each kind of layer.

The papers say nothing, so that MMPose's, ResNet's and YOLOv5's starts are taken; an
initialization that does not arrive is seen in no shape and no count.
"""

import math

import pytest
import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from mmpose_ext.models.backbones.sdhrnet import make_extra


def kaiming(weight):
    """Kaiming's normal law for a ReLU, by the outputs of a layer, ResNet's start."""
    return math.sqrt(2 / (weight.shape[0] * weight[0, 0].numel()))


def torchs(weight):
    """Torch's own uniform law, which YOLOv5 keeps: within 1 / sqrt(inputs)."""
    return 1 / math.sqrt(3 * weight[0].numel())


def millis(weight):
    return 0.001


def centis(weight):
    return 0.01


NORMAL, UNIFORM = 3.0, 1.8  # kurtosis
FEATS = (32, 64)
YOLO = ('SCADKNet', 'YOLOPosePAFPN', 'YOLOPoseHeadModule')
NETWORKS = {
    'CAHRNet': (
        dict(extra=make_extra(16, (1, 1, 1), 1, (1, 16), block='BASIC')),
        {nn.Conv2d: (millis, NORMAL)},
    ),
    'SDHRNet': (dict(arch='w16-small'), {nn.Conv2d: (millis, NORMAL)}),
    'DAUNetEncoder': (
        dict(depth=26, base_channels=16, stem_channels=16),
        {nn.Conv2d: (kaiming, NORMAL)},
    ),
    'DAUNetDecoder': (
        dict(in_channels=FEATS, channels=(32,)),
        {nn.Conv2d: (kaiming, NORMAL), nn.ConvTranspose2d: (kaiming, NORMAL)},
    ),
    'FortifiedHourglass': (
        dict(stage_channels=FEATS, stage_blocks=(1, 1), in_channels=32),
        {nn.Conv2d: (millis, NORMAL)},
    ),
    'SpatialFusion': (
        dict(
            in_channels=FEATS, num_joints=17, head_channels=(8, 16), final_channels=512
        ),
        {nn.Conv2d: (kaiming, NORMAL), nn.Linear: (centis, NORMAL)},
    ),
    'SCADKNet': (dict(widen_factor=0.125), {nn.Conv2d: (torchs, UNIFORM)}),
    'YOLOPosePAFPN': (
        dict(in_channels=FEATS, conv=dict(type='GhostConv')),
        {nn.Conv2d: (torchs, UNIFORM)},
    ),
    'YOLOPoseHeadModule': (
        dict(in_channels=FEATS, strides=(8, 16)),
        {nn.Conv2d: (torchs, UNIFORM)},
    ),
    'DASPHead': (
        # mmcv's ConvModule starts itself where it is a module's child, as DASP's are.
        dict(in_channels=(64, 64), out_channels=170),
        {'final_layer': (millis, NORMAL), 'dasp': (kaiming, NORMAL)},
    ),
    'Float32HeatmapHead': (
        dict(
            in_channels=64,
            out_channels=17,
            deconv_out_channels=(32,),
            deconv_kernel_sizes=(4,),
        ),
        {nn.ConvTranspose2d: (millis, NORMAL)},
    ),
}


@pytest.mark.parametrize('name', NETWORKS)
def test_weights_start_by_their_law(name):
    init_default_scope('mmpose')
    torch.manual_seed(0)
    options, laws = NETWORKS[name]
    net = MODELS.build(dict(type=name, **options))
    net.init_weights()
    for part, (law, kurtosis) in laws.items():
        weights = [
            m.weight
            for label, m in net.named_modules()
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear))
            and (
                label.startswith(part) if isinstance(part, str) else isinstance(m, part)
            )
        ]
        scaled = torch.cat([(w / law(w)).detach().flatten() for w in weights]).double()
        # Five standard errors of each figure.
        error = 5 / math.sqrt(len(scaled))
        assert abs(scaled.mean()) < error
        assert abs(scaled.std() - 1) < error
        assert abs((scaled**4).mean() / scaled.var() ** 2 - kurtosis) < 8 * error
        # A layer alone, which the sum of the large ones would hide.
        for weight in weights:
            if weight.numel() > 500:
                assert weight.std().item() == pytest.approx(law(weight), rel=0.2)


@pytest.mark.parametrize('name', NETWORKS)
def test_norm_layers_start_as_the_identity(name):
    """But for the last of a residual branch, which ResNet starts at zero."""
    init_default_scope('mmpose')
    net = MODELS.build(dict(type=name, **NETWORKS[name][0]))
    for layer in net.modules():
        # YOLOv5 leaves them as torch makes them.
        if isinstance(layer, (_BatchNorm, nn.GroupNorm)) and name not in YOLO:
            nn.init.constant_(layer.weight, 0.3)
    net.init_weights()
    for label, layer in net.named_modules():
        if isinstance(layer, (_BatchNorm, nn.GroupNorm)):
            start = 0 if name == 'DAUNetEncoder' and label.endswith('.bn3') else 1
            assert (layer.weight == start).all(), label
            assert (layer.bias == 0).all(), label
