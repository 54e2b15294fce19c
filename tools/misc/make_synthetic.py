"""Write synthetic figures to disk in a data set's official layout.

Example::

    python tools/misc/make_synthetic.py --layout coco --out data/synthetic_coco \
        --num-train 2000 --num-val 200 --workers 2
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from mmpose_ext.datasets.conventions import CONVENTIONS
from mmpose_ext.datasets.synthetic import write_coco_dataset
from mmpose_ext.datasets.synthetic.files import VAL_START
from mmpose_ext.datasets.synthetic.layouts import (
    write_lsp,
    write_lspet,
    write_mpii,
    write_ntu,
)
from mmpose_ext.datasets.synthetic.preview import contact_sheet, draw_joints
from mmpose_ext.figures import SyntheticFigures
from mmpose_ext.figures.poses import FAMILIES
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.argument_types import seed_number
from mmpose_ext.utils.pictures import check_picture, write_picture

# Default width and height of the images.
SIZE, VIDEO_SIZE = (256, 256), (480, 270)


def write_coco_splits(
    figures: SyntheticFigures, out: Path, num_train: int, num_val: int, workers: int
) -> list[Path]:
    """Write COCO's two splits and return the annotation files."""
    splits = (('train', num_train, 0), ('val', num_val, VAL_START))
    return [
        write_coco_dataset(figures, out, count, split, start, workers)
        for split, count, start in splits
        if count
    ]


# Maps a layout to the function that writes both splits.
LAYOUTS: dict[str, Callable[..., list[Path]]] = {
    'coco': write_coco_splits,
    'lsp': write_lsp,
    'lspet': write_lspet,
    'mpii': write_mpii,
    'ntu': write_ntu,
}


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Write synthetic figures in a data set's official layout."
    )
    parser.add_argument('--layout', choices=sorted(LAYOUTS), default='coco')
    parser.add_argument('--out', type=Path, help='folder of the data set')
    parser.add_argument(
        '--num-train', type=int, default=1000, help='images, ntu: videos (%(default)s)'
    )
    parser.add_argument('--num-val', type=int, default=200, help='(%(default)s)')
    parser.add_argument('--seed', type=seed_number, default=0)
    parser.add_argument(
        '--size', type=int, nargs=2, metavar=('W', 'H'), help='(256 256, ntu: 480 270)'
    )
    parser.add_argument(
        '--workers', type=int, default=0, help='processes, ntu: threads'
    )
    parser.add_argument(
        '--preview',
        type=Path,
        metavar='PNG',
        help='write a contact sheet instead of a data set',
    )
    add_figure_options(parser)
    args = parser.parse_args()
    check_args(parser, args)
    if args.size is None:
        args.size = VIDEO_SIZE if args.layout == 'ntu' else SIZE
    return args


def add_figure_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the people and what is around them."""
    parser.add_argument(
        '--persons', type=int, nargs=2, default=(1, 4), metavar=('MIN', 'MAX')
    )
    parser.add_argument('--occluders', type=float, default=1.0)
    parser.add_argument('--clutter', type=float, default=1.0)
    parser.add_argument(
        '--families',
        nargs='+',
        choices=FAMILIES,
        default=FAMILIES,
        help='kinds of poses (default: all)',
    )
    parser.add_argument(
        '--turn',
        type=float,
        default=180.0,
        help='largest angle between heading and camera, in degrees (%(default)s)',
    )
    parser.add_argument(
        '--whole',
        action='store_true',
        help='all of the person in each image; needs --persons 1 1',
    )


def check_args(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """End with one line if options do not fit together."""
    if (args.out is None) == (args.preview is None):
        parser.error('give either --out or --preview')
    if not 0 < args.num_train < VAL_START or args.num_val < 0:
        parser.error(f'--num-train must be from 1 to {VAL_START - 1}, --num-val >= 0')
    chosen = tuple(args.families) != FAMILIES or args.turn != 180 or args.whole
    if args.layout == 'ntu' and chosen:
        parser.error(
            '--families, --turn, --whole: people of ntu videos move on their own'
        )


def write_preview(figures: SyntheticFigures, path: Path) -> None:
    """Write twelve images: plain above, with each convention's joints below."""
    plain = [figures[i] for i in range(8)]
    tiles = [scene.image for scene in plain]
    for convention, scene in zip(CONVENTIONS, plain[4:], strict=True):
        tiles.append(draw_joints(scene, convention, zoom=1))
    sheet = contact_sheet([tile for tile in tiles if tile is not None], 4)
    # Round to steps of 8 gray levels, since PNG cannot compress the sensor's noise.
    sheet = sheet // 8 * 8 + 4
    print(write_picture(path, sheet))


def main() -> None:
    """Run the tool."""
    args = parse_args()
    if args.preview:
        check_picture(args.preview)
    try:
        figures = SyntheticFigures(
            args.seed,
            args.size,
            args.persons,
            args.occluders,
            args.clutter,
            families=args.families,
            turn=args.turn,
            whole=args.whole,
        )
    except ValueError as error:
        raise UserError(str(error)) from error
    if args.preview:
        write_preview(figures, args.preview)
        return
    write = LAYOUTS[args.layout]
    paths = write(figures, args.out, args.num_train, args.num_val, args.workers)
    print(*paths, sep='\n')


if __name__ == '__main__':
    run_cli(main)
