from itertools import product
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmpose_ext.analysis import count_complexity
from mmpose_ext.analysis.metafile import read_metafile
from mmpose_ext.testing import (
    build_from_config,
    fake_batch,
    parameters_without_gradient,
)

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'daunet'
SMALL = CONFIGS / 'small' / 'td-hm_daunet-w16_1xb32-8e_lspet-128x128.py'
SIZES = {'coco-256x192': (192, 256), 'mpii-256x256': (256, 256)}
ALL = tuple(product((False, True), repeat=3))


def config_of(switches, data='coco-256x192'):
    """The config of a combination of IBN, SCRU and SGE."""
    names = [
        n for n, on in zip(('ibn', 'scru', 'sge'), switches, strict=True) if on
    ] or ['none']
    if len(names) == 3:
        return CONFIGS / f'td-hm_daunet_1xb128-200e_{data}.py'
    return (
        CONFIGS / 'ablations' / f'td-hm_daunet-{"-".join(names)}_1xb128-200e_{data}.py'
    )


def count(path, data='coco-256x192'):
    """Costs of the config's model by module name, without random numbers."""
    with torch.device('meta'):
        model = build_from_config(path)
    model.to_empty(device='cpu')
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    costs = count_complexity(model, SIZES[data])
    return {c.name: (c.params, c.operations, c.macs) for c in costs.modules}


def test_multiply_adds_of_each_module():
    # The eight models are sums of the parts of two; each sum stands in the metafile.
    entries = {e.config: e for e in read_metafile(CONFIGS / 'metafile.yml').entries}
    full, plain = (count(config_of(s)) for s in ((True,) * 3, (False, True, True)))
    for switches in ALL:
        ibn, scru, sge = switches
        total = torch.tensor((full if ibn else plain)[''])
        for on, part in ((scru, 'rebuild'), (sge, 'attention')):
            for i in range(3):
                if not on:
                    total -= torch.tensor(full[f'neck.stages.{i}.{part}'])
        metadata = entries[config_of(switches)].metadata
        expected = [metadata[key] for key in ('Parameters', 'Operations', 'FLOPs')]
        assert total.tolist() == expected, switches


@pytest.mark.parametrize('data', SIZES)
@pytest.mark.parametrize('switches', ALL)
def test_every_combination_has_its_config(switches, data):
    ibn, scru, sge = switches
    config = Config.fromfile(str(config_of(switches, data)))
    main = Config.fromfile(str(config_of((True,) * 3, data)))
    assert config.model.backbone.block == ('IBNBottleneck' if ibn else 'Bottleneck')
    assert config.model.neck.rebuild.type == ('SCRU' if scru else 'Identity')
    assert config.model.neck.attention.type == ('SGE' if sge else 'Identity')
    # ... and differs in nothing else.
    for key in set(main) - {'model'}:
        assert config[key] == main[key], key
    assert config.model.head == main.model.head


def test_both_data_sets_train_alike():
    mpii, coco = (Config.fromfile(str(config_of((True,) * 3, d))) for d in SIZES)
    for key in ('optim_wrapper', 'param_scheduler', 'train_cfg', 'auto_scale_lr'):
        assert mpii[key] == coco[key], key
    assert mpii.train_dataloader.batch_size == coco.train_dataloader.batch_size == 128
    assert mpii.train_cfg.max_epochs == 200
    assert mpii.optim_wrapper.optimizer.lr == 1e-3
    schedule = mpii.param_scheduler
    assert [s.type for s in schedule] == ['MultiStepLR']
    assert schedule[0].milestones == [170, 190]


def test_box_protocols_are_labeled():
    main = Config.fromfile(str(config_of((True,) * 3)))
    twin = Config.fromfile(
        str(CONFIGS / 'td-hm_daunet_1xb128-200e_coco-256x192_gt-bbox.py')
    )
    assert 'detections' in main.test_dataloader.dataset.bbox_file
    assert twin.test_dataloader.dataset.bbox_file is None
    assert twin.model == main.model


def test_training_reaches_every_parameter():
    torch.manual_seed(0)
    config = Config.fromfile(str(SMALL))
    model = build_from_config(config)
    images, samples = fake_batch(
        2, dict(input_size=(64, 64), heatmap_size=(16, 16)), 14
    )
    losses = model.loss(images, samples)
    losses['loss_kpt'].backward()
    assert parameters_without_gradient(model) == []


def test_it_fits_one_batch():
    torch.manual_seed(0)
    model = build_from_config(SMALL)
    images, samples = fake_batch(
        4, dict(input_size=(64, 64), heatmap_size=(16, 16)), 14
    )
    for sample in samples:
        sample.gt_fields.heatmaps = torch.rand(14, 16, 16).pow(8)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    history = []
    for _ in range(15):
        loss = model.loss(images, samples)['loss_kpt']
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    assert history[-1] < 0.8 * history[0]


def test_sizes_that_32_does_not_divide():
    model = build_from_config(SMALL)
    with pytest.raises(
        ValueError, match=r'DAUNetEncoder: .*input_size to \(128, 128\)'
    ):
        model.extract_feat(torch.randn(1, 3, 120, 100))
