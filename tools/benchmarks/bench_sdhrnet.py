"""Time SDHRNet against MMPose's HRNet-W32: inference and a whole training step.

Both run alternately in one process, so that other work on the machine affects both. A
training step is loss, backward pass and Adam, without the data. For each setting it
prints the medians of the wall time and two ratios: that of the medians, and that of the
shortest times, which other programs disturb less. With ``--blocks`` it times single
blocks and their layers instead, in processor seconds. Examples::

    python tools/benchmarks/bench_sdhrnet.py
    python tools/benchmarks/bench_sdhrnet.py --threads 1 --batch 8 --channels-last
    python tools/benchmarks/bench_sdhrnet.py --device cuda --batch 32 --amp
    python tools/benchmarks/bench_sdhrnet.py --blocks --repeats 50
"""

import argparse
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import torch
from mmcv.cnn import fuse_conv_bn
from torch import Tensor, nn

import mmpose_ext  # noqa: F401  (registers the models)
from mmpose_ext.analysis import count_complexity
from mmpose_ext.analysis.timing import measure, prepare_timing, wall_clock
from mmpose_ext.models.layers import SCRBlock
from mmpose_ext.testing import build_from_config, fake_batch
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import load_config

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'sdhrnet'
BASELINE = CONFIGS / 'baselines' / 'td-hm_hrnet-w32_4xb32-210e_coco-256x192.py'
SDHRNET = CONFIGS / 'td-hm_sdhrnet_4xb32-210e_coco-256x192.py'


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--threads', type=int, nargs='+', default=[1, 2])
    parser.add_argument('--batch', type=int, nargs='+', default=[1, 8])
    parser.add_argument('--repeats', type=int, default=5, help='rounds (default: 5)')
    parser.add_argument('--device', default='cpu', help='cpu or cuda')
    parser.add_argument('--amp', action='store_true', help='autocast (cuda: float16)')
    parser.add_argument(
        '--channels-last', action='store_true', help='use this memory format'
    )
    parser.add_argument(
        '--fuse-bn',
        action='store_true',
        help='fold batch norm into convolutions; inference only',
    )
    parser.add_argument(
        '--blocks', action='store_true', help='time only blocks and their layers'
    )
    parser.add_argument('--config', default=str(SDHRNET), help='the model to time')
    parser.add_argument(
        '--baseline', default=str(BASELINE), help='the model to compare with'
    )
    return parser.parse_args()


class Runner:
    """One model, ready for inference and for training steps.

    Args:
        config (str): Its config.
        device (str): Device to use.
        amp (bool): Whether to use autocast.
        channels_last (bool): Whether to use this memory format.
        fuse_bn (bool): Whether to fold each batch norm into its convolution, after
            which only inference is possible.
    """

    def __init__(
        self,
        config: str,
        device: str,
        amp: bool,
        channels_last: bool,
        fuse_bn: bool,
    ) -> None:
        cfg = load_config(config)
        self.codec = cfg.codec
        cfg.model.train_cfg = dict(compute_acc=False)  # the network alone
        self.model: Any = build_from_config(cfg)
        self.count = count_complexity(self.model, tuple(cfg.codec.input_size)).total
        if fuse_bn:
            self.model.eval()
            self.model = fuse_conv_bn(self.model)
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.model.to(device, memory_format=self.format)
        self.device = device
        self.amp = amp
        self.optimizer = torch.optim.Adam(self.model.parameters(), 1e-3)
        self.scaler = torch.amp.GradScaler(device, enabled=amp and device == 'cuda')

    def prepare(self, batch: int) -> None:
        """Make the batch that the following calls use."""
        joints = self.model.head.out_channels
        images, self.samples = fake_batch(batch, self.codec, joints)
        self.images = images.to(self.device, memory_format=self.format)
        self.samples = [sample.to(self.device) for sample in self.samples]

    def _autocast(self) -> Any:
        return torch.autocast(self.device) if self.amp else nullcontext()

    def infer(self) -> None:
        """Run one forward pass to the heat maps."""
        self.model.eval()
        with torch.no_grad(), self._autocast():
            self.model._forward(self.images)

    def train(self) -> None:
        """Run one training step."""
        self.model.train()
        with self._autocast():
            loss = self.model.loss(self.images, self.samples)['loss_kpt']
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimizer)
        self.scaler.update()


def report_blocks(args: argparse.Namespace) -> None:
    """Print the time of SCR blocks and their layers relative to basic blocks.

    The blocks are those of HRNet-W32's four branches at 256x192, with one image in
    inference and ``--batch`` images in training (forward and backward).
    """
    # mmpose.models needs mmpose_ext first.
    from mmpose.models.backbones.resnet import BasicBlock

    device = prepare_timing(args.device, args.threads[0], args.repeats)
    print('work       channels   map      part                   ms   of basic block')
    for branch in range(4):
        channels, size = 32 * 2**branch, (64 // 2**branch, 48 // 2**branch)
        basic, scr = (
            block(channels, channels).to(device) for block in (BasicBlock, SCRBlock)
        )
        parts = {
            'basic block': basic,
            'SCR block': scr,
            'full convolution': basic.conv1,
            'half convolution': scr.sc1.conv.conv.conv,
            'depthwise convolution': scr.sc1.conv.depthwise.conv,
        }
        widths = [channels] * 4 + [channels // 2]
        for work, batch in (('inference', 1), ('training', args.batch[-1])):
            works = {
                name: partial(run_layer, part, make_map(batch, width, size, device))
                for (name, part), width in zip(parts.items(), widths, strict=True)
            }
            for part in parts.values():
                part.train(work == 'training')
            with torch.set_grad_enabled(work == 'training'):
                times = measure(works, args.repeats, device)
            whole = times['basic block'].least
            for name, timing in times.items():
                place = f'{work:9s}  {channels:8d}   {size[0]:2d}x{size[1]:<2d}'
                print(
                    f'{place}    {name:22s}'
                    f'{timing.least * 1e3:7.3f}  {timing.least / whole:8.2f}',
                    flush=True,
                )


def make_map(
    batch: int, channels: int, size: tuple[int, int], device: torch.device
) -> Tensor:
    """Return a random feature map that collects its gradient."""
    return torch.randn(batch, channels, *size, device=device, requires_grad=True)


def run_layer(layer: nn.Module, x: Tensor) -> None:
    """Run a layer forward, and backward if gradients are enabled."""
    y = layer(x)
    if torch.is_grad_enabled():
        y.sum().backward()


def report(runners: list[Runner], args: argparse.Namespace) -> None:
    """Measure every setting and print a line for each."""
    device = prepare_timing(args.device, 1, args.repeats)
    names = [Path(args.baseline).stem, Path(args.config).stem]
    for name, runner in zip(names, runners, strict=True):
        count = runner.count
        print(f'{name}: {count.params / 1e6:.2f} M, {count.gflops:.3f} GFLOPs (2^30)')
    share = runners[1].count.operations / runners[0].count.operations
    print(
        f'operations {share:.3f}; device {args.device}, AMP {args.amp}, '
        f'channels last {args.channels_last}, BN folded {args.fuse_bn}'
    )
    print('work   threads  batch  baseline ms  model ms  ratio  ratio of least')
    for threads in args.threads if args.device == 'cpu' else [torch.get_num_threads()]:
        torch.set_num_threads(threads)
        for batch in args.batch:
            for runner in runners:
                runner.prepare(batch)
            for work in ('infer',) if args.fuse_bn else ('infer', 'train'):
                works = {
                    name: getattr(runner, work)
                    for name, runner in zip(('base', 'ours'), runners, strict=True)
                }
                base, ours = measure(works, args.repeats, device, wall_clock).values()
                print(
                    f'{work:5s}  {threads:7d}  {batch:5d}  {base.median * 1e3:11.1f}  '
                    f'{ours.median * 1e3:8.1f}  {ours.median / base.median:5.3f}  '
                    f'{ours.least / base.least:14.3f}',
                    flush=True,
                )


def main() -> None:
    """Run the benchmark."""
    args = parse_args()
    if min([*args.threads, *args.batch]) < 1:
        raise UserError('--threads and --batch must be positive', 'give 1 and 8')
    torch.manual_seed(0)
    if args.blocks:
        report_blocks(args)
        return
    runners = [
        Runner(config, args.device, args.amp, args.channels_last, args.fuse_bn)
        for config in (args.baseline, args.config)
    ]
    report(runners, args)


if __name__ == '__main__':
    run_cli(main)
