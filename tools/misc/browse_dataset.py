"""Draw samples of a config's data set as the network gets them."""

import argparse
from pathlib import Path

import numpy as np
from mmengine.config import Config
from tqdm import tqdm

import mmpose_ext  # noqa: F401  (registers the data sets)
from mmpose_ext.apis import build_dataset
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.argument_types import seed_number
from mmpose_ext.utils.config import add_config_arguments, load_config
from mmpose_ext.utils.io import check_output
from mmpose_ext.utils.pictures import check_picture
from mmpose_ext.utils.runs import check_data
from mmpose_ext.visualization.contact_page import save_contact_page
from mmpose_ext.visualization.contact_sheet import save_contact_sheet, view_sample


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_config_arguments(parser)
    parser.add_argument(
        'out', type=Path, help='a picture (.png, .jpg) or one page (.html)'
    )
    parser.add_argument('--split', choices=('train', 'val', 'test'), default='train')
    parser.add_argument(
        '-n', '--num', type=int, default=16, help='samples, evenly spread (%(default)s)'
    )
    parser.add_argument(
        '--index', type=int, action='append', help='draw this sample; may be repeated'
    )
    parser.add_argument(
        '--seed',
        type=seed_number,
        default=0,
        help='seed of the augmentation (%(default)s)',
    )
    parser.add_argument('--columns', type=int, default=2, help='columns (%(default)s)')
    return parser.parse_args()


def main() -> None:
    """Draw the sheet."""
    args = parse_args()
    page = args.out.suffix.lower() == '.html'
    out = check_output(args.out) if page else check_picture(args.out)
    if min(args.num, args.columns) < 1:
        raise UserError('--columns and --num must be 1 or more', 'give 2 and 16')
    config = load_config(args.config, args.cfg_options)
    check_data(config, args.split)
    encode_in_pipeline(config, args.split)
    dataset = build_dataset(config, args.split)
    indices = choose(len(dataset), args.num, args.index)
    views = [view_sample(dataset, i, args.seed) for i in tqdm(indices, desc='samples')]
    if page:
        text = f'{type(dataset).__name__}, {len(dataset)} samples, {args.split}'
        save_contact_page(views, out, Path(args.config).stem, text)
    else:
        save_contact_sheet(views, out, args.columns)
    if marked := sum(bool(view.problems) for view in views):
        print(f'{marked} of {len(views)} samples are marked in red')
    print(out)


def encode_in_pipeline(config: Config, split: str) -> None:
    """Let the pipeline make the heat maps that a config leaves to its preprocessor.

    Args:
        config (Config): The config, which is changed.
        split (str): The loader whose samples are drawn.
    """
    try:
        codec = config.model.data_preprocessor.codec
        dataset = config[f'{split}_dataloader'].dataset
        *steps, pack = dataset.pipeline
        lean = pack.type == 'PackLeanInputs'
    except (AttributeError, KeyError, TypeError, ValueError):
        return  # something else, which the data set reports if it is wrong
    if lean:
        target = dict(type='GenerateTarget', encoder=codec)
        dataset.pipeline = [*steps, target, dict(type='PackPoseInputs')]


def choose(size: int, number: int, wanted: list[int] | None) -> list[int]:
    """Choose samples.

    Args:
        size (int): Number of samples in the data set.
        number (int): Number of samples to choose, evenly spread.
        wanted (list[int], optional): Indices to choose instead.

    Returns:
        list[int]: Indices of the samples.

    Raises:
        UserError: If the data set is empty, or an index is out of range.
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
