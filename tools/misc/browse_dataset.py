"""Picture samples of a config's data set as the network gets them."""

import argparse
from pathlib import Path

import numpy as np
from mmengine.config import Config, DictAction
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS
from tqdm import tqdm

import mmpose_ext  # noqa: F401  (registers the data sets)
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.visualization.contact_sheet import (
    save_contact_page,
    save_contact_sheet,
    view_sample,
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', type=Path)
    parser.add_argument(
        'out', type=Path, help='a picture (.png, .jpg) or one page (.html)'
    )
    parser.add_argument('--split', choices=('train', 'val', 'test'), default='train')
    parser.add_argument(
        '-n', '--num', type=int, default=16, help='samples, evenly spread (%(default)s)'
    )
    parser.add_argument(
        '--index', type=int, action='append', help='this sample; may be repeated'
    )
    parser.add_argument(
        '--seed', type=int, default=0, help='of the augmentation (%(default)s)'
    )
    parser.add_argument('--columns', type=int, default=2, help='(%(default)s)')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='override settings of the config',
    )
    return parser.parse_args()


def main() -> None:
    """Draw the sheet."""
    args = parse_args()
    if not args.config.is_file():
        raise UserError(f'no config {args.config}')
    config = Config.fromfile(args.config)
    config.merge_from_dict(args.cfg_options or {})
    init_default_scope(config.get('default_scope', 'mmpose'))
    loader = config.get(f'{args.split}_dataloader')
    if not loader:
        raise UserError(f'{args.config} has no {args.split}_dataloader')
    try:
        dataset = DATASETS.build(loader.dataset)
    except (AssertionError, FileNotFoundError) as error:
        raise UserError(str(error), 'give the data set with data_root') from None
    indices = (
        args.index
        or np.linspace(0, len(dataset) - 1, min(args.num, len(dataset)))
        .astype(int)
        .tolist()
    )
    if not indices or max(indices) >= len(dataset) or min(indices) < 0:
        raise UserError(
            f'no sample {max(indices, default=0)}: the data set has {len(dataset)}'
        )
    views = [view_sample(dataset, i, args.seed) for i in tqdm(indices, desc='samples')]
    if args.out.suffix == '.html':
        text = f'{type(dataset).__name__}, {len(dataset)} samples, {args.split}'
        save_contact_page(views, args.out, args.config.stem, text)
    else:
        save_contact_sheet(views, args.out, args.columns)
    print(args.out)


if __name__ == '__main__':
    run_cli(main)
