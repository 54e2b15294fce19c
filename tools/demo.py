"""Train a small network of a paper on synthetic figures and show what it learned.

`make demo` runs this for CA-HRNet, and `make demo PAPER=sadinet` for another paper. It
needs no data and no internet access, and writes only to one folder. An interrupted run
is resumed. A complete run is repeated: the files that it wrote are deleted first, but
if the folder contains any other file, nothing is deleted and the demo stops.
"""

import argparse
import re
import time
from pathlib import Path

from mmengine.config import Config
from mmengine.dataset import BaseDataset
from mmengine.runner import Runner, find_latest_checkpoint

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.apis import load_model
from mmpose_ext.utils import UserError, run_cli, write_json_atomic
from mmpose_ext.utils.config import load_config, require
from mmpose_ext.utils.folders import claim_folder, record_files, remove_recorded
from mmpose_ext.visualization import (
    choose_images,
    plot_learning_curve,
    read_scalars,
    save_crowd_comparison,
    save_pose_sheet,
)

CONFIGS = Path(__file__).resolve().parents[1] / 'configs'
SCENES = 4  # images drawn for a one-stage network
METRIC_KEY = 'default_hooks.checkpoint.save_best'
SETTINGS = '.demo_settings.json'
RECORD = '.demo_files.json'  # the files of a complete run


def find_presets(configs: Path = CONFIGS) -> dict[str, Path]:
    """Find the preset of each paper by its name.

    A paper is a folder with a metafile, such as `my_net`. Its preset is
    `small/[td-hm_]my-net[-SIZE]_SCHEDULE_synthetic[-standing]-PIXELS.py`, where SIZE is
    a width such as w8 or a letter such as n: the paper's network on synthetic data, not
    an ablation. If there are several, one on the easy figures (standing) is preferred,
    then the one with the smallest images.

    Args:
        configs (Path): The folder of all papers.

    Returns:
        dict[str, Path]: The preset by the paper's folder; papers without one are left
        out.
    """
    presets = {}
    for metafile in sorted(configs.glob('*/metafile.yml')):
        folder = metafile.parent
        net = re.escape(folder.name.replace('_', '-'))
        name = re.compile(
            rf'(td-hm_)?{net}(-(w?\d+|[nsmlx]))?_[^_]+'
            r'_synthetic(?P<easy>-standing)?-(?P<pixels>\d+)(x\d+)?'
        )
        found = [
            (not match['easy'], int(match['pixels']), path)
            for path in (folder / 'small').glob('*.py')
            if (match := name.fullmatch(path.stem))
        ]
        if found:
            presets[folder.name] = min(found)[-1]
    return presets


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    presets = find_presets()
    parser.add_argument('--paper', default='ca_hrnet', choices=presets)
    parser.add_argument('--config', help="config to run instead of the paper's preset")
    parser.add_argument('--out', type=Path, help='default: demo_out/PAPER')
    parser.add_argument(
        '--epochs', type=int, help="number of epochs (default: the config's)"
    )
    args = parser.parse_args()
    args.config = Path(args.config or presets[args.paper])
    args.out = args.out or Path('demo_out', args.paper)
    return args


def read_config(args: argparse.Namespace) -> Config:
    """Return the config to run; it resumes if the folder holds an incomplete run.

    Raises:
        UserError: If the folder holds files that the demo did not write.
    """
    config = load_config(str(args.config))
    for key in ('model.backbone', 'train_cfg.max_epochs', METRIC_KEY):
        require(config, key)
    config.work_dir = str(args.out / 'work')
    if args.epochs is not None:
        if args.epochs < 1:
            raise UserError(f'--epochs {args.epochs} is below 1', 'give 1 or more')
        config.train_cfg.max_epochs = args.epochs
    hooks = config.get('custom_hooks') or []
    if not any(hook['type'] == 'ValBeforeTrainHook' for hook in hooks):
        config.custom_hooks = [*hooks, dict(type='ValBeforeTrainHook')]
    record = args.out / RECORD
    if record.exists():
        remove_recorded(args.out, record)
    settings = dict(config=args.config.stem, epochs=config.train_cfg.max_epochs)
    claim_folder(args.out, args.out / SETTINGS, settings)
    config.resume = bool(find_latest_checkpoint(config.work_dir))
    return config


def scores_of(records: list[dict], metric: str) -> tuple[dict, dict]:
    """Return the scores of the first validation (epoch 0) and the last, in percent."""
    found = [record for record in records if metric in record]
    share = 1 if 'PCK' in metric else 100  # COCO's AP is a fraction
    first, last = (
        # COCO's score is -1 if nobody of a size is annotated.
        {k: share * v for k, v in record.items() if is_score(k) and v >= 0}
        for record in (found[0], found[-1])
    )
    return first, last


def is_score(key: str) -> bool:
    """Check whether an entry of a record is a row of the table: a joint group or AP."""
    return key[0].isupper() or key.startswith(('coco/', 'mmpose/', 'pckh/'))


def print_table(before: dict, after: dict) -> None:
    """Print the scores before and after training."""
    print(f'\n{"%":<20}{"before":>10}{"after":>10}')
    for name in after:
        first = f'{before[name]:.1f}' if name in before else '-'
        print(f'{name:<20}{first:>10}{after[name]:>10.1f}')
    print()


def describe_figures(settings: dict) -> str:
    """Describe in words which figures a synthetic data set draws.

    Args:
        settings (dict): The data set's config.
    """
    few, many = settings.get('persons', (1, 4))
    people = 'one person' if many == 1 else f'{few} to {many} people'
    whole = ', whole' if settings.get('whole') else ''
    families = ', '.join(settings.get('families', ['every pose']))
    turn = settings.get('turn', 180)
    heading = f'turned at most {turn} degrees' if turn < 180 else 'turned any way'
    return f'figures: {people} per picture{whole}; {families}; {heading}'


def draw(config: Config, dataset: BaseDataset, out: Path) -> Path:
    """Draw ground truth and predictions of the saved weights."""
    model = load_model(config, find_latest_checkpoint(config.work_dir))
    if dataset.data_mode != 'bottomup':
        return save_pose_sheet(model, dataset, out)
    models, images = {'prediction': model}, choose_images(dataset, SCENES, 1)
    return save_crowd_comparison(models, dataset, images, out, size=320, truth=True)


def main() -> None:
    """Train, evaluate, draw and summarize."""
    args = parse_args()
    config = read_config(args)
    metric = require(config, METRIC_KEY)
    start = time.time()
    runner = Runner.from_cfg(config)
    runner.train()
    seconds = time.time() - start

    records = read_scalars(config.work_dir)
    before, after = scores_of(records, metric)
    name = args.config.stem
    curve = plot_learning_curve(
        {name: records}, metric, args.out / 'learning_curve.png', 'make demo'
    )
    train, val = runner.train_dataloader.dataset, runner.val_dataloader.dataset
    sheet = draw(config, val, args.out / 'predictions.png')
    print(
        f'\n{name}\n{config.model.backbone.type}, '
        f'{sum(p.numel() for p in runner.model.parameters()) / 1e6:.2f} M parameters; '
        f'{config.train_cfg.max_epochs} epochs of {len(train)} '
        f'({type(train).__name__}), tested on {len(val)} others; {seconds:.0f} s\n'
        + describe_figures(config.train_dataloader.dataset)
    )
    print_table(before, after)
    print(f'learning curve: {curve}\npredictions (left: truth): {sheet}')
    result = dict(config=name, seconds=seconds, before=before, after=after)
    write_json_atomic(args.out / 'result.json', result, indent=2)
    record_files(args.out, args.out / RECORD)


if __name__ == '__main__':
    run_cli(main)
