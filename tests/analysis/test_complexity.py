import json
import sys

import pytest
import torch
from mmengine.config import Config
from mmpose.registry import MODELS
from torch import nn

from mmpose_ext.analysis import (
    complexity_report,
    count_complexity,
    count_config,
    count_operations,
)
from mmpose_ext.analysis.complexity import find_input_size
from mmpose_ext.utils import UserError
from mmpose_ext.utils.config import load_config

MMPOSE = 'mmpose::body_2d_keypoint/topdown_heatmap/'


class Tiny(nn.Module):
    """3 x 8 x 10 -> 4 x 4 x 5 -> 2 x 8 x 10 -> 6."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(4, 2, 2, stride=2)
        self.head = nn.Sequential(nn.Linear(2 * 80, 6))
        self.unused = nn.Conv2d(1, 1, 1)

    def forward(self, x):
        return self.head(self.up(self.conv(x)).flatten(1))


def test_operations_by_hand():
    counts = count_operations(Tiny(), (10, 8))
    conv, up, head = 3 * 4 * 9 * (4 * 5), 4 * 2 * 4 * (8 * 10), 160 * 6
    assert counts['conv'] == conv
    assert counts['up'] == up
    assert counts['head'] == counts['head.0'] == head
    assert counts['unused'] == 0
    assert counts[''] == conv + up + head


def test_a_linear_layer_counts_each_of_its_rows():
    class Rows(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(5, 7)

        def forward(self, x):
            return self.fc(x.flatten(2).transpose(1, 2)[:, :, :1].expand(-1, -1, 5))

    assert count_operations(Rows(), (4, 2))[''] == 5 * 7 * 8


def test_a_module_that_runs_twice_counts_twice():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 1)

        def forward(self, x):
            return self.conv(self.conv(x))

    assert count_operations(Twice(), (4, 2))[''] == 2 * 9 * 8


def test_parameters_and_macs_of_every_module():
    model = Tiny()
    count = count_complexity(model, (10, 8))
    by_name = {module.name: module for module in count.modules}
    assert count.total.params == sum(p.numel() for p in model.parameters())
    assert by_name['conv'].params == 3 * 4 * 9 + 4
    # MMEngine, too, counts a convolution's weights times its output positions.
    assert by_name['conv'].macs == by_name['conv'].operations
    assert by_name['head.0'].kind == 'Linear'
    assert [m.name for m in count.down_to(1)] == ['', 'conv', 'up', 'head', 'unused']
    assert model.training
    assert 'forward' not in vars(model)


@pytest.mark.parametrize(
    ('name', 'params', 'gflops'),
    [
        ('coco/td-hm_res50_8xb64-210e_coco-256x192.py', 34.00, 8.99),
        ('coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192.py', 28.54, 7.12),
        ('mpii/td-hm_hrnet-w32_8xb64-210e_mpii-256x256.py', 28.54, 9.49),
    ],
)
def test_published_counts(name, params, gflops):
    config = load_config(MMPOSE + name)
    with torch.device('meta'):
        model = MODELS.build(config.model)
    count = count_operations(model, find_input_size(config))
    assert count[''] / 2**30 == pytest.approx(gflops, abs=0.005)
    total = sum(p.numel() for p in model.parameters())
    assert total / 1e6 == pytest.approx(params, abs=0.005)


def test_mmengine_counts_hrnet_higher():
    name = 'coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192.py'
    count = count_config(load_config(MMPOSE + name)).total
    assert count.gmacs == pytest.approx(7.685, abs=0.0005)
    assert count.gflops == pytest.approx(7.120, abs=0.0005)


def test_input_size_of_codecs_pipelines_and_none():
    size = dict(type='TopdownAffine', input_size=(48, 64))
    loader = dict(dataset=dict(pipeline=[dict(type='LoadImage'), size]))
    codecs = [dict(type='A'), dict(type='B', input_size=96)]
    assert find_input_size(Config(dict(codec=codecs))) == (96, 96)
    assert find_input_size(Config(dict(val_dataloader=loader))) == (48, 64)
    with pytest.raises(UserError, match='--input-size'):
        find_input_size(Config(dict(model=dict())))


def test_a_model_that_takes_no_image_is_one_clear_line():
    head = dict(type='RegressionHead', in_channels=3, num_joints=2)
    config = Config(dict(model=head, default_scope='mmpose'))
    with pytest.raises(UserError, match='RegressionHead cannot be run on one image'):
        count_config(config, (8, 8))
    with pytest.raises(UserError, match='has no model'):
        count_config(Config(dict(codec=dict())))


def test_reports():
    counts = {'tiny': count_complexity(Tiny(), (10, 8))}
    table = complexity_report(counts, depth=1)
    assert 'conv (Conv2d)' in table
    assert '10x8' in table
    rows = json.loads(complexity_report(counts, 'json', depth=2))
    lines = complexity_report(counts, 'csv', depth=2).splitlines()
    assert len(rows) == len(lines) - 1 == 6
    assert rows[0]['operations'] == 3 * 4 * 9 * 20 + 4 * 2 * 4 * 80 + 160 * 6
    assert lines[0].split(',')[:3] == ['model', 'input', 'module']
    with pytest.raises(
        ValueError, match="style='html' is unknown; choose.*'csv', 'json'"
    ):
        complexity_report(counts, 'html')


def test_the_tool_writes_and_refuses(tmp_path, monkeypatch, capsys):
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    spec = spec_from_file_location('tool', root / 'tools' / 'analysis/complexity.py')
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    small = 'configs/sdhrnet/small/td-hm_sdhrnet-w8_1xb32-8e_lspet-128x128.py'
    out = tmp_path / 'counts.csv'
    argv = ['complexity.py', str(root / small), '--format', 'csv', '--out', str(out)]
    monkeypatch.setattr(sys, 'argv', argv)
    tool.main()
    assert out.read_text().startswith('model,input')
    monkeypatch.setattr(sys, 'argv', ['complexity.py', 'nowhere.py'])
    with pytest.raises(UserError, match='no config nowhere.py'):
        tool.main()


def test_counting_leaves_the_mode_alone():
    model = Tiny()
    model.eval()
    count_operations(model, (10, 8))
    assert not model.training
