"""The metafiles: every config has an entry, and every count is recomputed."""

import json
from functools import cache
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from state_names import DIGESTS, digest_of
from torch import nn

from mmpose_ext.analysis import count_complexity, count_operations
from mmpose_ext.analysis.complexity import find_input_size
from mmpose_ext.analysis.metafile import read_metafile
from mmpose_ext.testing import build_from_config, count_parameters

CONFIGS = Path(__file__).resolve().parents[1] / 'configs'
PAPERS = {path.parent.name: path for path in sorted(CONFIGS.glob('*/metafile.yml'))}
METAFILES = {paper: read_metafile(path) for paper, path in PAPERS.items()}
ENTRIES = [entry for metafile in METAFILES.values() for entry in metafile.entries]


class TrainingPath(nn.Module):
    """What training computes for each image: H1 and the SFM, without the flow."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, image):
        feats = self.model.extract_feat(image)
        head = self.model.head
        return (
            (head.h1(feats), head.sfm(feats)) if hasattr(head, 'sfm') else head(feats)
        )


# Layers that keep the shape and are not counted; on the device meta they take half of
# the time.
SKIPPED = (
    nn.modules.batchnorm._NormBase,
    *(nn.ReLU, nn.SiLU, nn.Sigmoid, nn.Hardswish, nn.Hardsigmoid),
)


@cache
def network_of(model):
    """The model of a config, given as json, on the device meta."""
    with torch.device('meta'):
        network = build_from_config(Config(dict(model=json.loads(model))))
    for module in network.modules():
        if isinstance(module, SKIPPED):
            module.forward = nn.Identity().forward
    return network


@cache
def count(key, model, size):
    """A count of a config's model for one image of a size."""
    network = network_of(model)
    if key == 'Parameters':
        return count_parameters(network)
    path = TrainingPath(network) if key.startswith('Training') else network
    return count_operations(path, size)['']


@pytest.mark.parametrize('paper', PAPERS)
def test_every_config_has_an_entry(paper):
    files = {
        path for path in (CONFIGS / paper).rglob('*.py') if '_base_' not in path.parts
    }
    entered = [entry.config for entry in METAFILES[paper].entries]
    missing = sorted(str(path.relative_to(CONFIGS)) for path in files - set(entered))
    assert not missing, f'add these configs to {paper}/metafile.yml: {missing}'
    assert len(entered) == len(set(entered))


def is_stock(entry):
    """A network of MMPose's that no paper's table is compared with."""
    return 'baselines' in entry.config.parts and not entry.printed


@pytest.mark.parametrize('stock', [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize('paper', PAPERS)
def test_counts_are_what_the_configs_build(paper, stock):
    wrong = []
    for entry in METAFILES[paper].entries:
        if is_stock(entry) != stock:
            continue
        config = Config.fromfile(str(entry.config))
        model = json.dumps(config.model.to_dict(), sort_keys=True)
        size = find_input_size(config)
        assert {'Parameters', 'Operations'} <= set(entry.metadata), entry.name
        for key in ('Parameters', 'Operations', 'Training Operations'):
            stated = entry.metadata.get(key)
            if stated is not None and stated != count(key, model, size):
                found = count(key, model, size)
                wrong.append(f'{entry.name}: {key} is {found}, not {stated}')
    assert not wrong, '\n'.join(wrong)


def variants(papers=tuple(PAPERS)):
    """Yield name and network of ablations, baselines and small models."""
    for paper in papers:
        for entry in METAFILES[paper].entries:
            if entry.config.parent.parent != CONFIGS and not is_stock(entry):
                model = Config.fromfile(str(entry.config)).model.to_dict()
                yield entry.name, network_of(json.dumps(model, sort_keys=True))


@pytest.mark.parametrize('paper', PAPERS)
def test_weights_of_variants_keep_their_names(paper):
    """Those of the main configs are in test_state_names.py, in full."""
    pinned = {}
    for line in DIGESTS.read_text().splitlines():
        digest, name = line.split()
        pinned[name] = digest
    changed = [n for n, model in variants([paper]) if pinned.get(n) != digest_of(model)]
    assert not changed, (
        'weights have new names, or the model is new; if that is meant, run '
        f'python tests/state_names.py: {changed}'
    )


@pytest.mark.parametrize(
    'entry',
    [entry for entry in ENTRIES if entry.printed],
    ids=lambda entry: entry.name,
)
def test_counts_agree_with_the_paper_to_its_last_digit(entry):
    for key, printed in entry.printed.items():
        digits = len(str(printed).partition('.')[2])
        assert round(entry.lookup(key), digits) == printed, key


@pytest.mark.slow
@pytest.mark.parametrize(
    'entry',
    [entry for entry in ENTRIES if 'FLOPs' in entry.metadata],
    ids=lambda entry: entry.name,
)
def test_multiply_adds_of_mmengine(entry):
    config = Config.fromfile(str(entry.config))
    total = count_complexity(build_from_config(config), find_input_size(config)).total
    assert total.macs == entry.metadata['FLOPs']


def test_the_gains_in_size_that_the_papers_rest_on():
    """Hand-computed anchors, independent of the metafiles' own figures."""
    parameters = {entry.name: entry.metadata['Parameters'] for entry in ENTRIES}
    coco = '1xb16-210e_coco-256x192'
    # HRNet-W32 as HRNet's authors publish it, and 104 gates of coordinate attention.
    assert parameters[f'td-hm_ca-hrnet-w32-no-ca_{coco}'] == 28_536_113
    assert parameters['td-hm_sdhrnet_4xb32-210e_coco-256x192'] == 16_766_975
    assert parameters['yolopose_2xb32-80e_coco-960'] == 15_114_860
    assert parameters['lrfg-yolopose_2xb32-80e_coco-960'] == 19_515_336
