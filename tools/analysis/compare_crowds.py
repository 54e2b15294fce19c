r"""Draw one-stage networks side by side on images of several people.

LRFG-YOLOPose's Figs. 5 to 7. The images are those of the first config's test set
with the most annotated people. Examples::

    python tools/analysis/compare_crowds.py crowds.png --num 3 \
        --model YOLO-Pose BASE.py base.pth --model LRFG-YOLOPose LRFG.py lrfg.pth
    python tools/analysis/compare_crowds.py single.png --people 1 1 --num 4 \
        --model LRFG-YOLOPose LRFG.py lrfg.pth
"""

import argparse
from pathlib import Path

from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import load_config
from mmpose_ext.visualization import choose_images, save_crowd_comparison


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('out', type=Path, help='the picture to write')
    parser.add_argument('--model', action='append', nargs=3, required=True,
                        metavar=('NAME', 'CONFIG', 'CHECKPOINT'),
                        help='repeatable; the first brings the test set')  # fmt: skip
    parser.add_argument('--num', type=int, default=3, help='images (default: 3)')
    parser.add_argument('--people', type=int, nargs=2, metavar=('FEWEST', 'MOST'),
                        help='in an image (default: 2 or more)')  # fmt: skip
    parser.add_argument('--index', type=int, nargs='+', help='choose images yourself')
    parser.add_argument('--size', type=int, default=480, help='of an image, in pixels')
    parser.add_argument('--score', type=float, default=0.3, help='of people drawn')
    parser.add_argument('--kpt-score', type=float, default=0.5, help='of joints drawn')
    parser.add_argument('--truth', action='store_true', help='show the annotation')
    return parser.parse_args()


def main() -> None:
    """Choose images, predict, draw."""
    args = parse_args()
    if args.num < 1 or args.size < 32:
        raise UserError('--num or --size is too small', 'such as 3 and 480')
    configs = [load_config(config) for _, config, _ in args.model]
    init_default_scope('mmpose')
    loader = configs[0].test_dataloader
    if loader.dataset.get('data_mode') != 'bottomup':
        raise UserError(
            f'{args.model[0][1]} is no config of a one-stage network',
            'its test data must be in bottom-up mode',
        )
    dataset = DATASETS.build(loader.dataset)
    fewest, most = args.people or (2, None)
    indices = args.index or choose_images(dataset, args.num, fewest, most)
    if max(indices) >= len(dataset) or min(indices) < 0:
        raise UserError(
            f'--index {max(indices)}: the test set has {len(dataset)} images',
            f'choose 0 to {len(dataset) - 1}',
        )
    from mmpose.apis import init_model  # mmpose.models needs mmpose_ext first

    models = {
        name: init_model(config, checkpoint, device='cpu')
        for (name, _, checkpoint), config in zip(args.model, configs, strict=True)
    }
    out = save_crowd_comparison(
        models, dataset, indices, args.out, args.size, args.score, args.kpt_score,
        args.truth,
    )  # fmt: skip
    print(f'images {", ".join(map(str, indices))}: {out}')


if __name__ == '__main__':
    run_cli(main)
