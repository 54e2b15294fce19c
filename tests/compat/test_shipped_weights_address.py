"""``mmpose_ext://NAME``: the address of weights that come with the package."""

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import load_checkpoint

from mmpose_ext.apis import build_model, check_checkpoint, check_pretrained
from mmpose_ext.compat.checkpoint import CheckpointError, load_from_local
from mmpose_ext.compat.shipped_weights import SCHEME, WEIGHTS, find_shipped

PRETRAINED = (
    'configs/ca_hrnet/small/td-hm_ca-hrnet-w16_1xb32-8e_lspet-128x128_pretrained.py'
)
SHIPPED = load_from_local(str(WEIGHTS / 'ca_hrnet.safetensors'))['state_dict']


def test_every_shipped_file_has_an_address():
    names = [file.stem for file in WEIGHTS.glob('*.safetensors')]
    assert len(names) >= 5
    assert [find_shipped(name).stem for name in names] == names
    assert find_shipped('none', 'ca_hrnet').stem == 'ca_hrnet'
    assert find_shipped('none') is None


def test_a_preset_starts_from_them():
    config = Config.fromfile(PRETRAINED)
    assert config.load_from == f'{SCHEME}ca_hrnet'
    check_checkpoint(config, config.load_from)
    model = build_model(config)
    load_checkpoint(model, config.load_from, map_location='cpu')
    loaded = model.state_dict()
    for name, weight in SHIPPED.items():
        assert torch.equal(loaded[name], weight.to(loaded[name])), name


def test_a_backbone_alone_starts_from_them():
    """For other joints, whose head does not fit; docs/own_joints.md shows it."""
    config = Config.fromfile(PRETRAINED)
    config.model.head.out_channels = 9
    config.model.backbone.init_cfg = dict(
        type='Pretrained', checkpoint=f'{SCHEME}ca_hrnet', prefix='backbone.'
    )
    check_pretrained(config)
    model = build_model(config)
    model.init_weights()
    for name, weight in model.backbone.state_dict().items():
        assert torch.equal(weight, SHIPPED[f'backbone.{name}'].to(weight)), name


def test_an_unknown_name_is_one_line():
    config = Config.fromfile(PRETRAINED)
    with pytest.raises(CheckpointError, match='no weights mmpose_ext://hrnet come'):
        check_checkpoint(config, f'{SCHEME}hrnet')
    with pytest.raises(CheckpointError, match='one of ca_hrnet, daunet, lrfg_yolo'):
        load_checkpoint(build_model(config), f'{SCHEME}hrnet')


def test_those_of_another_network_are_refused_before_the_run():
    with pytest.raises(CheckpointError, match=r'sdhrnet\.safetensors does not fit'):
        check_checkpoint(Config.fromfile(PRETRAINED), f'{SCHEME}sdhrnet')
