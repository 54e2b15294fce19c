"""Time DAUNet against SimpleBaseline-ResNet50, in a training step and in inference.

Both run alternately in one process, on random images, without pretrained weights. The
shortest of the repeats counts; see mmpose_ext/analysis/timing.py for the clock.

Example::

    OMP_NUM_THREADS=1 python tools/benchmarks/bench_daunet.py --batch 2
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.analysis import count_complexity
from mmpose_ext.analysis.timing import (
    add_timing_arguments,
    measure,
    prepare_timing,
    report,
)
from mmpose_ext.models.layers import SRU
from mmpose_ext.testing import build_from_config
from mmpose_ext.utils import run_cli
from mmpose_ext.utils.config import load_config

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'daunet'
MAIN = CONFIGS / 'td-hm_daunet_1xb128-200e_coco-256x192.py'
BASELINE = (
    'mmpose::body_2d_keypoint/topdown_heatmap/coco/'
    'td-hm_res50_8xb64-210e_coco-256x192.py'
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_timing_arguments(parser, batch=2)
    parser.add_argument(
        '--profile',
        type=int,
        default=0,
        metavar='ROWS',
        help="list DAUNet's slowest operations",
    )
    return parser.parse_args()


def build_models() -> dict[str, nn.Module]:
    """Build the two models at 256x192 with 17 joints."""
    return {
        'DAUNet': build_from_config(MAIN),
        'SimpleBaseline-ResNet50': build_from_config(load_config(BASELINE)),
    }


def train_step(model: nn.Module, images: Tensor) -> Callable[[], None]:
    """Return a function that takes one step of Adam on a squared error."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    target = torch.rand_like(tensor_mode(model, images))

    def step() -> None:
        loss = (tensor_mode(model, images) - target).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def tensor_mode(model: nn.Module, images: Tensor) -> Tensor:
    """Compute heat maps without decoding them."""
    return model(images, None, mode='tensor')


def inference(model: nn.Module, images: Tensor) -> Callable[[], None]:
    """Return a function that runs a forward pass without gradients."""

    def step() -> None:
        with torch.inference_mode():
            tensor_mode(model, images)

    return step


class PlainSRU(SRU):
    """The spatial rebuild unit, written exactly like its equations."""

    def forward(self, x: Tensor) -> Tensor:
        """Gate with torch.where, then exchange halves."""
        norm = self.norm
        importance = (norm.weight / norm.weight.sum()).view(1, -1, 1, 1)
        gate = (importance * norm(x)).sigmoid()
        informative = gate > self.threshold
        first = torch.where(informative, 1.0, gate) * x
        second = torch.where(informative, 0.0, gate) * x
        (a1, b1), (a2, b2) = first.chunk(2, dim=1), second.chunk(2, dim=1)
        return torch.cat((a1 + b2, b1 + a2), dim=1)


def report_sru(device: torch.device, repeats: int) -> None:
    """Time the package's SRU against its plain equations, forward and backward."""
    x = torch.randn(4, 512, 64, 48, device=device, requires_grad=True)
    layers = {'SRU': SRU(512), 'SRU as written': PlainSRU(512)}
    steps: dict[str, Callable[[], None]] = {
        name: partial(lambda layer: layer(x).sum().backward(), layer.to(device))
        for name, layer in layers.items()
    }
    report('SRU at 64x48', measure(steps, repeats, device), len(x))


def main() -> None:
    """Count, then time inference and training."""
    args = parse_args()
    device = prepare_timing(
        args.device, args.threads, args.repeats, args.batch, least_batch=2
    )
    models = build_models()
    totals = {n: count_complexity(m, (192, 256)).total for n, m in models.items()}
    for name, total in totals.items():
        print(
            f'{name:<24} {total.params / 1e6:6.2f} M  '
            f"{total.gflops:6.3f} G (paper's)  {total.gmacs:6.3f} G (MMEngine's)"
        )
    ours, theirs = totals.values()
    print(
        f"{'operations':<14} ratio {ours.gflops / theirs.gflops:.2f} (paper's), "
        f"{ours.gmacs / theirs.gmacs:.2f} (MMEngine's)"
    )
    images = torch.randn(args.batch, 3, 256, 192, device=device)
    for model in models.values():
        model.to(device).eval()
    steps = {n: inference(m, images) for n, m in models.items()}
    report('inference', measure(steps, args.repeats, device), args.batch)
    for model in models.values():
        model.train()
    steps = {n: train_step(m, images) for n, m in models.items()}
    report('training step', measure(steps, args.repeats, device), args.batch)
    report_sru(device, args.repeats)
    if args.profile:
        kinds = [ProfilerActivity.CPU]
        kinds += [ProfilerActivity.CUDA] if device.type == 'cuda' else []
        with profile(activities=kinds) as result:
            steps['DAUNet']()
        key = f'self_{device.type}_time_total'
        table = result.key_averages().table(sort_by=key, row_limit=args.profile)
        print(table)


if __name__ == '__main__':
    run_cli(main)
