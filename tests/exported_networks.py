"""Small exported networks, which the tests of export and runtime share."""

import functools
from pathlib import Path
from types import SimpleNamespace

import torch
from mmengine.config import Config

from mmpose_ext.export import ExportOptions, figure_samples, load_network
from mmpose_ext.export.exporting import verify, write_network
from mmpose_ext.utils.config import load_config

CONFIGS = Path(__file__).resolve().parents[1] / 'configs'
SMALL = {
    'topdown': 'sadinet/small/td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py',
    'onestage': 'lrfg_yolopose/small/lrfg-yolopose-n_1xb8-16e_synthetic-128.py',
}
SAMPLES = figure_samples(2)


def small_config(kind: str) -> Config:
    """The config with few images."""
    few = {f'{split}_dataloader.dataset.num_images': 4 for split in ('train', 'test')}
    return load_config(str(CONFIGS / SMALL[kind]), few)


@functools.cache
def small_network(kind: str) -> torch.nn.Module:
    torch.manual_seed(15)
    return load_network(small_config(kind), None, random_weights=True)


@functools.cache
def export_small(kind: str, folder: Path, options: tuple) -> SimpleNamespace:
    name = '-'.join([kind, *(f'{key}={value}' for key, value in options)])
    path, model = folder / f'{name}.onnx', small_network(kind)
    write_network(small_config(kind), model, path, ExportOptions(**dict(options)))
    return SimpleNamespace(
        model=model, path=path, difference=verify(model, path, SAMPLES)
    )
