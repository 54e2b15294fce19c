r"""Draw one-stage networks side by side on images of several people.

Like LRFG-YOLOPose's Figs. 5 to 7. The images are those with the most annotated people
in the first config's test set. Examples::

    python tools/analysis/compare_crowds.py crowds.png --num 3 \
        --model YOLO-Pose BASE.py base.pth --model LRFG-YOLOPose LRFG.py lrfg.pth
    python tools/analysis/compare_crowds.py single.png --people 1 1 --num 4 \
        --model LRFG-YOLOPose LRFG.py lrfg.pth
"""

import argparse
from pathlib import Path

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.apis import build_dataset, load_model
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import add_models, load_config, require
from mmpose_ext.utils.pictures import check_picture
from mmpose_ext.visualization import choose_images, save_crowd_comparison


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('out', type=Path, help='the picture to write')
    add_models(parser)
    parser.add_argument('--num', type=int, default=3, help='number of images (3)')
    parser.add_argument(
        '--people',
        type=int,
        nargs=2,
        metavar=('FEWEST', 'MOST'),
        help='annotated people in an image (default: 2 or more)',
    )
    parser.add_argument('--index', type=int, nargs='+', help='choose images yourself')
    parser.add_argument(
        '--size', type=int, default=480, help='longer side of an image in pixels (480)'
    )
    parser.add_argument(
        '--score', type=float, default=0.3, help='minimum score of a person (0.3)'
    )
    parser.add_argument(
        '--kpt-score', type=float, default=0.5, help='minimum score of a joint (0.5)'
    )
    parser.add_argument('--truth', action='store_true', help='show the annotation')
    return parser.parse_args()


def main() -> None:
    """Choose images, predict, draw."""
    args = parse_args()
    check_picture(args.out)
    if args.num < 1 or args.size < 32:
        raise UserError('--num or --size is too small', 'give for example 3 and 480')
    configs = [load_config(config) for _, config, _ in args.model]
    if require(configs[0], 'test_dataloader.dataset').get('data_mode') != 'bottomup':
        raise UserError(
            f'{args.model[0][1]} is not the config of a one-stage network',
            'its test data must be in bottom-up mode',
        )
    dataset = build_dataset(configs[0])
    fewest, most = args.people or (2, None)
    indices = args.index or choose_images(dataset, args.num, fewest, most)
    for index in indices:
        if 0 <= index < len(dataset):
            continue
        raise UserError(
            f'--index {index}: the test set has {len(dataset)} images',
            f'choose 0 to {len(dataset) - 1}',
        )
    models = {
        name: load_model(config, checkpoint)
        for (name, _, checkpoint), config in zip(args.model, configs, strict=True)
    }
    out = save_crowd_comparison(
        models,
        dataset,
        indices,
        args.out,
        args.size,
        args.score,
        args.kpt_score,
        args.truth,
    )
    print(f'images {", ".join(map(str, indices))}: {out}')


if __name__ == '__main__':
    run_cli(main)
