"""Time training steps on the CPU with and without ``KeepMemoryHook``.

The setting cannot be undone, so both sides run in turn, each in its own processes.

Example::

    python tools/benchmarks/bench_keep_memory.py --threads 1
"""

import argparse
import multiprocessing
import statistics
import time
from pathlib import Path

import torch

from mmpose_ext.analysis.bench.networks import train_step
from mmpose_ext.apis import build_model
from mmpose_ext.engine.hooks.keep_memory import keep_freed_memory
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import load_config

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
SMALL = (
    'ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-8e_synthetic-128x128.py',
    'sdhrnet/small/td-hm_sdhrnet-w8_1xb32-8e_synthetic-128x128.py',
    'daunet/small/td-hm_daunet-w16_1xb32-8e_synthetic-128x128.py',
    'sadinet/small/td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py',
)
BATCH, STEPS = 32, 4


def seconds_a_step(config: str, threads: int, keep: bool) -> float:
    """Return the median time of steps on random images.

    Args:
        config (str): Path below the folder of configs.
        threads (int): PyTorch's threads.
        keep (bool): Whether to apply the hook's setting.
    """
    torch.set_num_threads(threads)
    if keep and not keep_freed_memory():
        raise UserError('the C library is not glibc', 'the hook changes nothing here')
    model = build_model(load_config(CONFIGS / config)).train()
    images = torch.rand(BATCH, 3, 128, 128)
    times = []
    for _ in range(STEPS + 1):
        start = time.perf_counter()
        train_step(model, images)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Print a row for each network."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--threads', type=int, default=1, help='threads (%(default)s)')
    parser.add_argument('--repeats', type=int, default=2, help='rounds (%(default)s)')
    args = parser.parse_args()
    for name in ('threads', 'repeats'):
        if (value := getattr(args, name)) < 1:
            raise UserError(f'--{name} {value} is too small', 'give 1 or more')
    print(f'| network, batch {BATCH} | without, s | with, s | ratio |')
    print('|---|---|---|---|')
    for config in SMALL:
        sides: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(args.repeats):
            for keep, found in sides.items():
                with multiprocessing.get_context('spawn').Pool(1) as pool:
                    found.append(
                        pool.apply(seconds_a_step, (config, args.threads, keep))
                    )
        without, kept = (statistics.median(found) for found in sides.values())
        name = Path(config).stem.split('_')[1]
        print(f'| {name} | {without:.2f} | {kept:.2f} | {without / kept:.2f} |')


if __name__ == '__main__':
    run_cli(main)
