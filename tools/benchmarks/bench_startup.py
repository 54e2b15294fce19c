"""Time the start of a training, part by part, in a fresh interpreter.

In the first table, each line is what its part adds to those above, in processor
seconds, so that other work on the machine counts little. The second divides the time of
the import among the packages whose modules it runs.

Example::

    python tools/benchmarks/bench_startup.py
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from mmpose_ext.utils import UserError, run_cli

CONFIG = 'configs/ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-8e_synthetic-128x128.py'
LARGEST = 10  # packages in the table
ROOT = Path(__file__).resolve().parents[2]

# Run in a fresh interpreter; prints a JSON line.
CHILD = """
import json, logging, sys, tempfile, time
marks = [('interpreter', time.process_time())]

def mark(name):
    marks.append((name, time.process_time()))

import torch
mark('import torch')
import mmengine.runner
mark('import mmengine')
import mmpose_ext
mark('import mmpose_ext, and MMPose with it')
from mmengine.config import Config
config = Config.fromfile(sys.argv[1])
config.work_dir = tempfile.mkdtemp()
config.train_dataloader.dataset.num_images = 8
config.val_dataloader.dataset.num_images = 8
config.train_dataloader.update(num_workers=0, persistent_workers=False)
config.val_dataloader.update(num_workers=0, persistent_workers=False)
config.train_dataloader.batch_size = 2
config.log_level = 'ERROR'
mark('read the config')
runner = mmengine.runner.Runner.from_cfg(config)
mark('make the runner and the network')
class Done(Exception):
    pass
class Stop(mmengine.hooks.Hook):
    priority = 'LOWEST'
    def before_train(self, runner):
        mark('make the data set and the loops')
    def before_val(self, runner):
        raise Done
    def after_train_iter(self, runner, *args, **kwargs):
        mark('the first iteration')
        raise Done
runner._hooks = [
    hook for hook in runner._hooks if type(hook).__name__ != 'ValBeforeTrainHook'
]
runner.register_hook(Stop())
try:
    runner.train()
except Done:
    pass
print('MARKS ' + json.dumps(marks))
"""


def measure(config: Path) -> dict[str, float]:
    """Start a training once, in a fresh interpreter.

    Args:
        config (Path): A synthetic preset.

    Returns:
        dict[str, float]: Processor seconds that each part adds.
    """
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', CHILD, str(config)],
        capture_output=True, text=True,
    )  # fmt: skip
    lines = [x for x in done.stdout.splitlines() if x.startswith('MARKS ')]
    if not lines:
        reason = (done.stderr.strip().splitlines() or ['no message'])[-1]
        raise UserError(f'{config} does not start: {reason}', 'give a synthetic preset')
    marks = json.loads(lines[0].removeprefix('MARKS '))
    times = [0.0, *(seconds for _, seconds in marks)]
    return {
        name: after - before
        for (name, _), before, after in zip(marks, times, times[1:], strict=False)
    }


def import_shares() -> dict[str, float]:
    """Return the seconds that each package's own modules take on import."""
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-X', 'importtime', '-c', 'import mmpose_ext'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    shares: dict[str, float] = defaultdict(float)
    for line in done.stderr.splitlines():
        found = re.match(r'import time:\s+(\d+) \|\s+\d+ \|\s+(\w+)', line)
        if found:
            shares[found[2]] += int(found[1]) / 1e6
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def print_shares() -> None:
    """Print the packages that take the most time, and this one."""
    shares = import_shares()
    whole = sum(shares.values())
    print('\n| import of | s, wall | % |\n|---|---|---|')
    for number, (name, seconds) in enumerate(shares.items()):
        if number < LARGEST or name == 'mmpose_ext':
            print(f'| {name} | {seconds:.2f} | {100 * seconds / whole:.1f} |')
    print(f'| all | {whole:.2f} | 100 |')


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--config', type=Path, default=ROOT / CONFIG)
    parser.add_argument('--repeats', type=int, default=3, help='(%(default)s)')
    args = parser.parse_args()
    if args.repeats < 1:
        raise UserError(f'--repeats {args.repeats} is too small', 'give 1 or more')
    runs = [measure(args.config) for _ in range(args.repeats)]
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    whole = sum(medians.values())
    print('| start of a training | s, processor | % |\n|---|---|---|')
    for name, seconds in [*medians.items(), ('all', whole)]:
        print(f'| {name} | {seconds:.2f} | {100 * seconds / whole:.0f} |')
    print_shares()


if __name__ == '__main__':
    run_cli(main)
