r"""Time SADI-Net's parts: training steps, both ways to H2, and test outputs.

All models run in turn in one process, on random images, from fresh weights; a
training step is loss, backward pass and Adam, without the data. The least of the
repeats counts. On a CPU processor seconds are measured, which other processes
disturb less than wall time; on a GPU wall time, synchronised. Examples::

    OMP_NUM_THREADS=1 python tools/benchmarks/bench_sadinet.py
    OMP_NUM_THREADS=1 python tools/benchmarks/bench_sadinet.py --variant hg52
    OMP_NUM_THREADS=1 python tools/benchmarks/bench_sadinet.py --variant small --batch 8
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from mmengine.hub import get_config
from mmpose.registry import MODELS
from torch import Tensor, nn

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.models.layers import DistributionLearning
from mmpose_ext.testing import build_from_config, count_parameters, fake_batch
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import load_config

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'sadinet'
HOURGLASS = (
    'mmpose::body_2d_keypoint/topdown_heatmap/mpii/'
    'td-hm_hourglass52_8xb64-210e_mpii-256x256.py'
)
MPII = 'ablations/td-hm_sadinet-{}_2xb32-210e_mpii-256x256.py'
# The plain hourglass, which every ratio is taken to, comes first.
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


@MODELS.register_module()
class ExactDistributionLearning(DistributionLearning):
    """H2 with the flow evaluated at every pixel."""

    def forward(self, mu: Tensor, sigma: Tensor, size: tuple[int, int]) -> Tensor:
        """As :meth:`exact`."""
        return self.exact(mu, sigma, size)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--variant', choices=VARIANTS, default='literal')
    parser.add_argument('--device', default='cpu', help='cpu, cuda, cuda:1, ...')
    parser.add_argument('--batch', type=int, default=2)
    parser.add_argument('--repeats', type=int, default=3)
    parser.add_argument('--threads', type=int, default=1, help='on a CPU')
    return parser.parse_args()


def build_models(variant: str) -> tuple[dict[str, nn.Module], dict]:
    """The models of a variant by name, and their codec's sizes."""
    configs = {n: load_config(CONFIGS / f) for n, f in VARIANTS[variant].items()}
    codec = configs['full'].codec
    exact = configs['full'].copy()
    exact.merge_from_dict({'model.head.dlm.type': 'ExactDistributionLearning'})
    configs['full, exact H2'] = exact
    # Its stem fixes 256 channels, and its six levels the least input: as it is.
    if variant != 'small':
        configs["MMPose's Hourglass-52"] = get_config(HOURGLASS)
    models = {name: build_from_config(c) for name, c in configs.items()}
    for model in models.values():
        model.train_cfg = dict(compute_acc=False)  # the network alone
    return models, dict(codec)


def make_batch(size: int, codec: dict, joints: int, device: torch.device) -> Any:
    """Images, and samples with heat maps, positions and weights."""
    images, samples = fake_batch(size, codec, joints)
    for sample in samples:
        sample.gt_instance_labels.keypoint_labels = torch.rand(1, joints, 2)
    return images.to(device), [sample.to(device) for sample in samples]


def train_step(model: nn.Module, batch: Any) -> Callable[[], None]:
    """Loss, backward pass and Adam, as a function."""
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
    """H2 of 16 joints alone, forward and backward, as a function."""
    device = dlm.flow.loc.device
    mu = torch.rand(batch, 16, 2, device=device, requires_grad=True)
    sigma = torch.full_like(mu, 0.1).requires_grad_()
    place = dlm.exact if exact else dlm.forward

    def step() -> None:
        place(mu, sigma, size).sum().backward()

    return step


def inference(model: nn.Module, images: Tensor, output: str = '') -> Any:
    """A forward pass to one output's heat maps, as a function."""

    def step() -> None:
        model.eval()
        if output:
            model.head.test_output = output
        with torch.inference_mode():
            model(images, None, mode='tensor')

    return step


def clock(device: torch.device) -> float:
    """Seconds: of the processor on a CPU, synchronised wall time on a GPU."""
    if device.type == 'cpu':
        return time.process_time()
    torch.cuda.synchronize(device)
    return time.perf_counter()


def report(
    what: str,
    steps: dict[str, Callable[[], None]],
    repeats: int,
    batch: int,
    device: torch.device,
) -> None:
    """Run steps in turn; print the least milliseconds an image and the ratios."""
    best = dict.fromkeys(steps, float('inf'))
    for turn in range(repeats + 1):  # the first is not counted
        for name, step in steps.items():
            start = clock(device)
            step()
            seconds = clock(device) - start
            if turn:
                best[name] = min(best[name], seconds)
    first = next(iter(best.values()))
    for name, value in best.items():
        milliseconds = value / batch * 1e3
        print(
            f'{what:<14} {name:<24} {milliseconds:9.1f} ms/image {value / first:6.2f}x'
        )


def main() -> None:
    """Count, then time training, H2 and testing."""
    args = parse_args()
    if args.batch < 2 or args.repeats < 1:
        raise UserError(
            f'--batch {args.batch} --repeats {args.repeats} is too small',
            'batch normalisation needs 2 images, and one repeat is measured',
        )
    device = torch.device(args.device)
    if device.type == 'cuda' and not torch.cuda.is_available():
        raise UserError(f'--device {args.device}: no GPU here', 'use --device cpu')
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    models, codec = build_models(args.variant)
    for name, model in models.items():
        print(f'{name:<24} {count_parameters(model) / 1e6:7.2f} M parameters')
        model.to(device)
    full = models['full']
    joints = full.head.out_channels
    batch = make_batch(args.batch, codec, joints, device)
    steps = {name: train_step(model, batch) for name, model in models.items()}
    report('training step', steps, args.repeats, args.batch, device)
    size = tuple(codec['heatmap_size'])[::-1]
    steps = {
        'canonical grid': heatmap_step(full.head.dlm, False, args.batch, size),
        'exact': heatmap_step(full.head.dlm, True, args.batch, size),
    }
    report('H2 alone', steps, args.repeats, args.batch, device)
    steps = {'hourglass': inference(models['hourglass'], batch[0])}
    for output in full.head.outputs:
        steps[f'full, {output}'] = inference(full, batch[0], output)
    report('test', steps, args.repeats, args.batch, device)


if __name__ == '__main__':
    run_cli(main)
