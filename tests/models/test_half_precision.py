"""All networks in half precision: training steps, and agreement with float32."""

import copy
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.optim import build_optim_wrapper
from mmengine.registry import init_default_scope
from torch.nn.modules.batchnorm import _BatchNorm

from mmpose_ext.models.layers import SGE, SRU
from mmpose_ext.testing import build_from_config, fake_batch

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
SIZE, MAP = 128, 32
TOPDOWN = {
    'ca_hrnet': 'ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-8e_lspet-128x128.py',
    'daunet': 'daunet/small/td-hm_daunet-w16_1xb32-8e_lspet-128x128.py',
    'sadinet': 'sadinet/small/td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py',
    'sdhrnet': 'sdhrnet/small/td-hm_sdhrnet-w8_1xb32-8e_lspet-128x128.py',
}
ONE_STAGE = 'lrfg_yolopose/small/lrfg-yolopose-n_1xb8-16e_synthetic-128.py'
NETWORKS = {**TOPDOWN, 'lrfg_yolopose': ONE_STAGE}
# Largest relative error of the output, and smallest share of maps whose maximum stays
# within a pixel; measured errors are about two thirds of it. Random weights amplify
# rounding more than trained ones, and DAUNet's hard gates most of all.
BOUNDS = {
    'ca_hrnet': {torch.bfloat16: (0.06, 0.85), torch.float16: (0.008, 0.97)},
    'daunet': {torch.bfloat16: (0.5, 0.35), torch.float16: (0.18, 0.65)},
    'lrfg_yolopose': {torch.bfloat16: (0.13, 0.65), torch.float16: (0.03, 0.85)},
    'sadinet': {torch.bfloat16: (0.04, 0.92), torch.float16: (0.006, 0.97)},
    'sdhrnet': {torch.bfloat16: (0.1, 0.8), torch.float16: (0.015, 0.95)},
}


def network(name):
    init_default_scope('mmpose')
    torch.manual_seed(0)
    return build_from_config(CONFIGS / NETWORKS[name])


def images(number, seed):
    """Smooth random pictures, so that neighboring pixels agree as in photographs."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.randn(number, 3, 16, 16, generator=generator)
    return torch.nn.functional.interpolate(coarse, (SIZE, SIZE), mode='bicubic')


def calibrate(model):
    """Take the statistics of a few batches, and let every attention take part."""
    for name, layer in model.named_modules():
        if isinstance(layer, _BatchNorm):
            layer.momentum = None
            layer.reset_running_stats()
        if type(layer).__name__ == 'SGE':
            torch.nn.init.normal_(layer.gamma, std=0.5)
        if name.endswith('.spatial.gamma'):
            torch.nn.init.constant_(layer.scale, 0.3)
    model.train()
    with torch.no_grad():
        for seed in range(3):
            model.head(model.extract_feat(images(8, seed)))
    model.eval()


def outputs(model, pictures):
    """Heat maps, or of the one-stage network the finest map's boxes."""
    with torch.no_grad():
        found = model.head(model.extract_feat(pictures))
    return found if isinstance(found, torch.Tensor) else found[0][0]


def compare(exact, rounded):
    """Relative error, and the share of maps whose maximum stays within a pixel."""
    width = exact.shape[-1]
    one, two = (maps.flatten(2).argmax(-1) for maps in (exact, rounded))
    gap = torch.maximum(
        (one % width - two % width).abs(), (one // width - two // width).abs()
    )
    error = (rounded - exact).norm() / exact.norm()
    return error.item(), (gap <= 1).float().mean().item()


@pytest.mark.parametrize('name', NETWORKS)
def test_half_precision_agrees_with_float32(name):
    model = network(name)
    calibrate(model)
    pictures = images(8, 9)
    exact = outputs(model, pictures)
    for dtype, (most, least) in BOUNDS[name].items():
        half = copy.deepcopy(model).to(dtype)
        error, near = compare(exact, outputs(half, pictures.to(dtype)).float())
        assert error < most, (dtype, error)
        assert near > least, (dtype, near)


@pytest.mark.parametrize('dtype', [torch.bfloat16, torch.float16])
def test_the_gates_of_the_spatial_rebuild_unit_open_as_in_float32(dtype):
    torch.manual_seed(0)
    unit, x = SRU(512), torch.randn(2, 512, 8, 8)
    kept = []
    for kind in (torch.float32, dtype):
        out = copy.deepcopy(unit).to(kind)(x.to(kind)).float()
        # Both halves of a closed channel are r x, and r is near 0.5.
        kept.append(((out[:, :256] / (x[:, :256] + x[:, 256:])) > 0.75).float().mean())
    assert kept[0] > 0.2
    assert abs(kept[0] - kept[1]) < 0.02


def test_the_enhancement_of_large_inputs_does_not_overflow():
    torch.manual_seed(0)
    layer, x = SGE(64, groups=4), 200 * torch.randn(1, 64, 8, 8)
    torch.nn.init.constant_(layer.gamma, 1.0)
    exact, half = layer(x), copy.deepcopy(layer).half()(x.half()).float()
    torch.testing.assert_close(half, exact, rtol=0.01, atol=0.5)


def people(number, config):
    """A batch as the loaders make it: images (3, H, W), uint8, and data samples."""
    joints = config.model.head.get('out_channels', 17)
    batch, samples = fake_batch(
        number, dict(input_size=(SIZE, SIZE), heatmap_size=(MAP, MAP)), joints
    )
    for sample in samples:
        labels = sample.gt_instance_labels
        labels.keypoint_labels = torch.rand(1, joints, 2)
        labels.bboxes = torch.tensor([[20.0, 20, 100, 110]])
        labels.keypoints = 20 + 80 * torch.rand(1, joints, 2)
        labels.keypoints_visible = torch.ones(1, joints)
    inputs = [(40 * image + 128).clamp(0, 255).byte() for image in batch]
    return dict(inputs=inputs, data_samples=samples)


@pytest.mark.parametrize('name', NETWORKS)
def test_a_training_step_in_bfloat16(name):
    config = Config.fromfile(str(CONFIGS / NETWORKS[name]))
    model = network(name)
    before = {k: v.clone() for k, v in model.named_parameters()}
    wrapper = build_optim_wrapper(
        model,
        dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=1e-3)),
    )
    model.train()
    # What AmpOptimWrapper(dtype='bfloat16') does; MMEngine refuses it on a CPU.
    with torch.autocast('cpu', torch.bfloat16):
        losses = model.train_step(people(2, config), wrapper)
    assert all(torch.as_tensor(value).isfinite().all() for value in losses.values())
    assert all(parameter.dtype == torch.float32 for parameter in model.parameters())
    changed = [not torch.equal(v, before[k]) for k, v in model.named_parameters()]
    assert sum(changed) > 0.9 * len(changed)
