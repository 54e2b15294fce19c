"""Time DAUNet against SimpleBaseline-ResNet50, training step and inference.

Both run in turn in one process, on random images, without pretrained weights;
the least of the repeats counts. On a CPU processor seconds are measured, which
other processes disturb less than wall time; on a GPU wall time, synchronised.

Example::

    OMP_NUM_THREADS=1 python tools/benchmarks/bench_daunet.py --batch 2
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from mmengine.hub import get_config
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.analysis import count_complexity
from mmpose_ext.models.layers import SRU
from mmpose_ext.testing import build_from_config
from mmpose_ext.utils import UserError, run_cli

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'daunet'
MAIN = CONFIGS / 'td-hm_daunet_1xb128-200e_coco-256x192.py'
BASELINE = (
    'mmpose::body_2d_keypoint/topdown_heatmap/coco/'
    'td-hm_res50_8xb64-210e_coco-256x192.py'
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--device', default='cpu', help='cpu, cuda, cuda:1, ...')
    parser.add_argument('--batch', type=int, default=2)
    parser.add_argument('--repeats', type=int, default=3)
    parser.add_argument('--threads', type=int, default=1, help='on a CPU')
    parser.add_argument('--profile', type=int, default=0, metavar='ROWS',
                        help="list DAUNet's slowest operations")  # fmt: skip
    return parser.parse_args()


def build_models() -> dict[str, nn.Module]:
    """The two models at 256x192, 17 joints."""
    return {
        'DAUNet': build_from_config(MAIN),
        'SimpleBaseline-ResNet50': build_from_config(get_config(BASELINE)),
    }


def train_step(model: nn.Module, images: Tensor) -> Callable[[], None]:
    """A step of Adam on a squared error, as a function."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    target = torch.rand_like(tensor_mode(model, images))

    def step() -> None:
        loss = (tensor_mode(model, images) - target).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def tensor_mode(model: nn.Module, images: Tensor) -> Tensor:
    """Heat maps, without decoding."""
    return model(images, None, mode='tensor')


def inference(model: nn.Module, images: Tensor) -> Callable[[], None]:
    """A forward pass without gradients, as a function."""

    def step() -> None:
        with torch.inference_mode():
            tensor_mode(model, images)

    return step


def clock(device: torch.device) -> float:
    """Seconds: of the processor on a CPU, synchronised wall time on a GPU."""
    if device.type == 'cpu':
        return time.process_time()
    torch.cuda.synchronize(device)
    return time.perf_counter()


def measure(
    steps: dict[str, Callable[[], None]], repeats: int, device: torch.device
) -> dict[str, float]:
    """Least seconds of each step, run in turn after one run that is not counted."""
    best = dict.fromkeys(steps, float('inf'))
    for turn in range(repeats + 1):
        for name, step in steps.items():
            start = clock(device)
            step()
            seconds = clock(device) - start
            if turn:
                best[name] = min(best[name], seconds)
    return best


def report(what: str, seconds: dict[str, float], batch: int) -> None:
    """Print milliseconds per image and their ratio."""
    first, second = seconds.values()
    for name, value in seconds.items():
        print(f'{what:<14} {name:<24} {value / batch * 1e3:9.1f} ms/image')
    print(f'{what:<14} ratio {first / second:.2f}')


class PlainSRU(SRU):
    """The spatial rebuild unit written as its equations stand."""

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
    """Print what the form of the shipped SRU gains, forward and backward."""
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
    if args.batch < 2 or args.repeats < 1:
        raise UserError(
            f'--batch {args.batch} --repeats {args.repeats} is too small',
            'batch normalisation needs 2 images, and one repeat is measured',
        )
    device = torch.device(args.device)
    if device.type == 'cuda' and not torch.cuda.is_available():
        raise UserError(f'--device {args.device}: no GPU here', 'use --device cpu')
    torch.set_num_threads(args.threads)
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
