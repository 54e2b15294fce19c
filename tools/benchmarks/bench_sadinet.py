r"""Time SADI-Net: training steps, both ways to compute H2, and the test outputs.

All models run alternately in one process, on random images, with random weights; a
training step is loss, backward pass and Adam, without the data. The shortest of the
repeats counts; see mmpose_ext/analysis/timing.py for the clock. Examples::

    OMP_NUM_THREADS=1 python tools/benchmarks/bench_sadinet.py
    OMP_NUM_THREADS=1 python tools/benchmarks/bench_sadinet.py --variant hg52
    OMP_NUM_THREADS=1 python tools/benchmarks/bench_sadinet.py --variant small --batch 8
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.analysis.timing import (
    add_timing_arguments,
    measure,
    prepare_timing,
    report,
)
from mmpose_ext.models.layers import DistributionLearning
from mmpose_ext.testing import build_from_config, count_parameters, fake_batch
from mmpose_ext.utils import run_cli
from mmpose_ext.utils.config import load_config

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'sadinet'
HOURGLASS = (
    'mmpose::body_2d_keypoint/topdown_heatmap/mpii/'
    'td-hm_hourglass52_8xb64-210e_mpii-256x256.py'
)
MPII = 'ablations/td-hm_sadinet-{}_2xb32-210e_mpii-256x256.py'
# The plain hourglass, the reference of all ratios, comes first.
VARIANTS = {
    'literal': {
        'hourglass': MPII.format('hourglass'),
        '+ RFM': MPII.format('rfm'),
        '+ SFM-DLM': MPII.format('sfm-dlm'),
        'full': 'td-hm_sadinet_2xb32-210e_mpii-256x256.py',
    },
    'hg52': {
        'hourglass': MPII.format('hg52-hourglass'),
        '+ RFM': MPII.format('hg52-rfm'),
        '+ SFM-DLM': MPII.format('hg52-sfm-dlm'),
        'full': MPII.format('hg52'),
    },
    'small': {
        'hourglass': 'small/td-hm_hourglass-w16_1xb32-8e_lspet-128x128.py',
        'full': 'small/td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py',
    },
}


@MODELS.register_module(force=True)
class ExactDistributionLearning(DistributionLearning):
    """H2 with the flow evaluated at every pixel."""

    def forward(self, mu: Tensor, sigma: Tensor, size: tuple[int, int]) -> Tensor:
        """Compute H2 by :meth:`exact`."""
        return self.exact(mu, sigma, size)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--variant', choices=VARIANTS, default='literal')
    add_timing_arguments(parser, batch=2)
    return parser.parse_args()


def build_models(variant: str) -> tuple[dict[str, nn.Module], dict]:
    """Build the models of a variant by name, and return their codec's sizes."""
    configs = {n: load_config(CONFIGS / f) for n, f in VARIANTS[variant].items()}
    codec = configs['full'].codec
    exact = configs['full'].copy()
    exact.merge_from_dict({'model.head.dlm.type': 'ExactDistributionLearning'})
    configs['full, exact H2'] = exact
    # MMPose's is used as it is: its stem fixes 256 channels, and its six levels the
    # smallest input.
    if variant != 'small':
        configs["MMPose's Hourglass-52"] = load_config(HOURGLASS)
    models = {name: build_from_config(c) for name, c in configs.items()}
    for model in models.values():
        model.train_cfg = dict(compute_acc=False)  # the network alone
    return models, dict(codec)


def make_batch(size: int, codec: dict, joints: int, device: torch.device) -> Any:
    """Make images, and samples with heat maps, positions and weights."""
    images, samples = fake_batch(size, codec, joints)
    for sample in samples:
        sample.gt_instance_labels.keypoint_labels = torch.rand(1, joints, 2)
    return images.to(device), [sample.to(device) for sample in samples]


def train_step(model: nn.Module, batch: Any) -> Callable[[], None]:
    """Return a function that takes one training step with Adam."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)

    def step() -> None:
        model.train()
        losses = model.loss(*batch)
        total = sum(v for name, v in losses.items() if 'loss' in name)
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        optimizer.step()

    return step


def heatmap_step(dlm: nn.Module, exact: bool, batch: int, size: Any) -> Any:
    """Return a function that computes H2 of 16 joints, forward and backward."""
    device = dlm.flow.loc.device
    mu = torch.rand(batch, 16, 2, device=device, requires_grad=True)
    sigma = torch.full_like(mu, 0.1).requires_grad_()
    place = dlm.exact if exact else dlm.forward

    def step() -> None:
        place(mu, sigma, size).sum().backward()

    return step


def inference(model: nn.Module, images: Tensor, output: str = '') -> Any:
    """Return a function that computes one output's heat maps."""

    def step() -> None:
        model.eval()
        if output:
            model.head.test_output = output
        with torch.inference_mode():
            model(images, None, mode='tensor')

    return step


def main() -> None:
    """Count, then time training, H2 and testing."""
    args = parse_args()
    device = prepare_timing(
        args.device, args.threads, args.repeats, args.batch, least_batch=2
    )
    torch.manual_seed(0)
    models, codec = build_models(args.variant)
    for name, model in models.items():
        print(f'{name:<24} {count_parameters(model) / 1e6:7.2f} M parameters')
        model.to(device)
    full = models['full']
    joints = full.head.out_channels
    batch = make_batch(args.batch, codec, joints, device)
    steps = {name: train_step(model, batch) for name, model in models.items()}
    report('training step', measure(steps, args.repeats, device), args.batch)
    size = tuple(codec['heatmap_size'])[::-1]
    steps = {
        'canonical grid': heatmap_step(full.head.dlm, False, args.batch, size),
        'exact': heatmap_step(full.head.dlm, True, args.batch, size),
    }
    report('H2 alone', measure(steps, args.repeats, device), args.batch)
    steps = {'hourglass': inference(models['hourglass'], batch[0])}
    for output in full.head.outputs:
        steps[f'full, {output}'] = inference(full, batch[0], output)
    report('test', measure(steps, args.repeats, device), args.batch)


if __name__ == '__main__':
    run_cli(main)
