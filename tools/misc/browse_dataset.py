"""Picture samples of a config's data set as the network gets them."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from mmengine.config import Config, DictAction
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS
from tqdm import tqdm

import mmpose_ext  # noqa: F401  (registers the data sets)
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import load_config
from mmpose_ext.visualization.contact_page import save_contact_page
from mmpose_ext.visualization.contact_sheet import (
    check_output,
    save_contact_sheet,
    view_sample,
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='a path, or package::path')
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
    out = check_output(args.out)
    if args.columns < 1 or args.num < 1:
        raise UserError('--columns and --num must be 1 or more')
    config = load_config(args.config, args.cfg_options)
    dataset = build_dataset(config, args.split, args.config)
    indices = choose(len(dataset), args.num, args.index)
    views = [view_sample(dataset, i, args.seed) for i in tqdm(indices, desc='samples')]
    if out.suffix.lower() == '.html':
        text = f'{type(dataset).__name__}, {len(dataset)} samples, {args.split}'
        save_contact_page(views, out, Path(args.config).stem, text)
    else:
        save_contact_sheet(views, out, args.columns)
    if marked := sum(bool(view.problems) for view in views):
        print(f'{marked} of {len(views)} samples are marked in red')
    print(out)


def build_dataset(config: Config, split: str, name: str) -> Any:
    """Build the data set of a split.

    Args:
        config (Config): The config.
        split (str): ``train``, ``val`` or ``test``.
        name (str): Name of the config, for errors.

    Returns:
        BaseDataset: The data set, loaded.

    Raises:
        UserError: If there is none, or it cannot be loaded.
    """
    init_default_scope(config.get('default_scope', 'mmpose'))
    loader = config.get(f'{split}_dataloader')
    if not loader or not loader.get('dataset'):
        raise UserError(f'{name} has no {split}_dataloader with a dataset')
    try:
        return DATASETS.build(loader.dataset)
    except UserError:
        raise
    except Exception as error:  # whatever a data set makes of a damaged file
        reason = ' '.join(str(error).split()) or type(error).__name__
        raise UserError(
            f'the {split} data set of {name} cannot be loaded '
            f'({type(error).__name__}: {reason})',
            'set data_root if it is elsewhere; tools/misc/check_dataset.py says what '
            'is wrong with a file',
        ) from error


def choose(size: int, number: int, wanted: list[int] | None) -> list[int]:
    """Choose samples.

    Args:
        size (int): Samples of the data set.
        number (int): How many, evenly spread.
        wanted (list[int], optional): These instead.

    Returns:
        list[int]: Their indices.

    Raises:
        UserError: If the data set is empty or has no such sample.
    """
    if not size:
        raise UserError(
            'the data set has no samples', 'run tools/misc/check_dataset.py'
        )
    for index in wanted or []:
        if not 0 <= index < size:
            raise UserError(f'no sample {index}: the data set has {size}')
    return wanted or np.linspace(0, size - 1, min(number, size)).astype(int).tolist()


if __name__ == '__main__':
    run_cli(main)
