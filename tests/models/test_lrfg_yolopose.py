from itertools import product
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.optim import build_optim_wrapper
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample

from mmpose_ext.testing import (
    build_from_config,
    parameters_without_gradient,
)

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'lrfg_yolopose'
SCHEDULE = '2xb32-80e_coco-960'
BASELINE, FULL = (False,) * 3, (True,) * 3
ALL = tuple(product((False, True), repeat=3))


def config_of(switches, schedule=SCHEDULE):
    """The config of a combination of FGCSPP, SCA and implicit knowledge."""
    if switches == BASELINE:
        return CONFIGS / f'yolopose_{schedule}.py'
    if switches == FULL:
        return CONFIGS / f'lrfg-yolopose_{schedule}.py'
    names = zip(('fgcspp', 'sca', 'implicit'), switches, strict=True)
    parts = '-'.join(name for name, on in names if on)
    return CONFIGS / 'ablations' / f'yolopose-{parts}_{schedule}.py'


def on_meta(path):
    """The config's model, whose forward pass then computes shapes alone."""
    return build_from_config(path).to('meta')


@pytest.mark.parametrize('switches', ALL)
def test_every_combination_has_its_config(switches):
    fgcspp, sca, implicit = switches
    config = Config.fromfile(str(config_of(switches)))
    backbone, neck, head = (config.model[k] for k in ('backbone', 'neck', 'head'))
    assert backbone.pooling.type == ('FGCSPP' if fgcspp else 'SPP')
    assert tuple(backbone.attention_stages) == ((3, 4) if sca else ())
    assert neck.conv.type == ('GhostConv' if implicit else 'ConvModule')
    assert head.head_module.implicit is implicit
    # ... and differs in nothing else.
    main = Config.fromfile(str(config_of(FULL)))
    for key in set(main) - {'model'}:
        assert config[key] == main[key], key
    for key in set(main.model) - {'backbone', 'neck', 'head'}:
        assert config.model[key] == main.model[key], key


@pytest.mark.parametrize('switches', [BASELINE, FULL])
def test_the_640_px_variants_differ_in_the_data_alone(switches):
    large = Config.fromfile(str(config_of(switches)))
    small = Config.fromfile(str(config_of(switches, '2xb32-80e_coco-640')))
    assert small.model == large.model
    assert tuple(small.codec.input_size) == (640, 640)
    for key in ('optim_wrapper', 'param_scheduler', 'train_cfg', 'custom_hooks'):
        assert small[key] == large[key], key


def test_off_residual_is_eq_5_and_nothing_else():
    full = on_meta(config_of(FULL))
    off = on_meta(CONFIGS / 'ablations' / f'lrfg-yolopose-no-residual_{SCHEDULE}.py')
    assert {n: p.shape for n, p in full.named_parameters()} == {
        n: p.shape for n, p in off.named_parameters()
    }
    stages = [(m.backbone.stage3[1], m.backbone.stage4[1]) for m in (full, off)]
    assert [[s.blocks.residual for s in pair] for pair in stages] == [
        [True, True],
        [False, False],
    ]
    for ours, theirs in zip(full.modules(), off.modules(), strict=True):
        if isinstance(ours, torch.nn.BatchNorm2d):
            assert (ours.eps, ours.momentum) == (theirs.eps, theirs.momentum)


def test_sizes_that_64_does_not_divide():
    model = on_meta(config_of(FULL))
    with pytest.raises(ValueError, match='SCADKNet: .*multiples of 64'):
        model.extract_feat(torch.zeros(1, 3, 100, 128, device='meta'))


def fake_scene(size, anchors):
    """An image with a person of each level's middle anchor, in input pixels."""
    sample = PoseDataSample(metainfo=dict(input_size=(size, size)))
    sides = anchors[:, 1]
    corner = torch.tensor([[3.0, 2.0]])
    boxes = torch.cat((corner.expand(len(sides), 2), corner + sides), 1)
    points = corner + torch.rand(len(sides), 17, 2) * sides[:, None]
    sample.gt_instance_labels = InstanceData(
        bboxes=boxes, keypoints=points, keypoints_visible=torch.ones(len(sides), 17)
    )
    return sample


@pytest.mark.parametrize('name', ['yolopose-n', 'lrfg-yolopose-n'])
def test_training_reaches_every_parameter(name):
    torch.manual_seed(0)
    path = min((CONFIGS / 'small').glob(f'{name}_*_synthetic-*.py'))
    config = Config.fromfile(str(path))
    size = config.codec.input_size[0]
    model = build_from_config(config)
    model.init_weights()
    scenes = [fake_scene(size, model.head.anchors) for _ in range(2)]
    losses = model.loss(torch.rand(2, 3, size, size), scenes)
    total = sum(value for key, value in losses.items() if 'loss' in key)
    assert total.isfinite()
    total.backward()
    assert parameters_without_gradient(model) == []


def test_no_decay_of_implicit_vectors_norms_and_biases():
    config = Config.fromfile(str(config_of(FULL)))
    model = build_from_config(config)
    optimizer = build_optim_wrapper(model, config.optim_wrapper).optimizer
    decay = {}
    for group in optimizer.param_groups:
        for parameter in group['params']:
            decay[parameter] = group['weight_decay']
    for name, parameter in model.named_parameters():
        plain = name.endswith(('.implicit', '.bias')) or parameter.ndim == 1
        assert decay[parameter] == (0 if plain else 5e-4), name
    assert sum(name.endswith('.implicit') for name, _ in model.named_parameters()) == 16
