"""Train a small CA-HRNet on synthetic figures and show what it learned.

`make demo` runs this. It needs no data and no network; everything it writes
goes to one folder. An interrupted run is resumed; a complete one is repeated.
"""

import argparse
import shutil
import time
from pathlib import Path

from mmengine.config import Config
from mmengine.runner import Runner, find_latest_checkpoint

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.utils import UserError, run_cli, write_json_atomic
from mmpose_ext.visualization import (
    plot_learning_curve,
    read_scalars,
    save_pose_sheet,
)

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / 'configs/ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-8e_synthetic-128x128.py'
METRIC = 'PCK@0.2'


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--config', default=CONFIG, type=Path)
    parser.add_argument('--out', default=Path('demo_out'), type=Path)
    parser.add_argument('--epochs', type=int, help="instead of the config's")
    return parser.parse_args()


def load_config(args: argparse.Namespace) -> Config:
    """Return the config to run, resuming if the folder holds a part of a run."""
    config = Config.fromfile(str(args.config))
    config.work_dir = str(args.out / 'work')
    if args.epochs is not None:
        if args.epochs < 1:
            raise UserError(f'--epochs {args.epochs} is below 1', 'give 1 or more')
        config.train_cfg.max_epochs = args.epochs
    if (args.out / 'result.json').exists():
        shutil.rmtree(args.out)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f'cannot write to {args.out}: {error.strerror}', 'choose --out'
        ) from error
    config.resume = bool(find_latest_checkpoint(config.work_dir))
    return config


def scores_of(records: list[dict]) -> tuple[dict, dict]:
    """The first and the last validation, epoch 0 and the end."""
    scores = [record for record in records if METRIC in record]
    return scores[0], scores[-1]


def print_table(before: dict, after: dict) -> None:
    """Print the metric before and after, per joint group and mean."""
    groups = [
        key
        for key in after
        if key.endswith(METRIC) and key[0].isupper() and key != METRIC
    ]
    print(f'\n{METRIC + " (%)":<16}{"before":>10}{"after":>10}')
    for key in groups:
        name = key.removesuffix(METRIC).strip()
        print(f'{name:<16}{before[key]:>10.1f}{after[key]:>10.1f}')
    print(f'{"all joints":<16}{before[METRIC]:>10.1f}{after[METRIC]:>10.1f}\n')


def main() -> None:
    """Train, evaluate, draw and summarise."""
    args = parse_args()
    config = load_config(args)
    start = time.time()
    runner = Runner.from_cfg(config)
    runner.train()
    seconds = time.time() - start

    records = read_scalars(config.work_dir)
    before, after = scores_of(records)
    name = args.config.stem
    curve = plot_learning_curve(
        {name: records}, METRIC, args.out / 'learning_curve.png', 'make demo'
    )
    sheet = save_pose_sheet(
        runner.model, runner.val_dataloader.dataset, args.out / 'predictions.png'
    )
    train, val = runner.train_dataloader.dataset, runner.val_dataloader.dataset
    print(
        f'\n{name}\n{config.model.backbone.type}, '
        f'{sum(p.numel() for p in runner.model.parameters()) / 1e6:.2f} M parameters; '
        f'{config.train_cfg.max_epochs} epochs of {len(train)} persons '
        f'({type(train).__name__}), tested on {len(val)} others; {seconds:.0f} s'
    )
    print_table(before, after)
    print(f'learning curve: {curve}\npredictions (left: truth): {sheet}')
    result = dict(config=name, seconds=seconds, before=before, after=after)
    write_json_atomic(args.out / 'result.json', result, indent=2)


if __name__ == '__main__':
    run_cli(main)
