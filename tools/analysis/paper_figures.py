r"""Draw a paper's figures from recorded runs and trained weights.

Examples::

    python tools/analysis/paper_figures.py curves work_dirs/RUN curves.png
    python tools/analysis/paper_figures.py heatmaps --joint left_wrist heat.png \
        --model None NONE.py none.pth --model DAUNet FULL.py full.pth
    python tools/analysis/paper_figures.py skeletons CONFIG.py best.pth grid.png
"""

import argparse

from mmengine.config import Config
from mmengine.dataset import BaseDataset
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS
from torch import nn

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.visualization import (
    plot_training,
    read_scalars,
    save_heatmap_comparison,
    save_pose_grid,
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(dest='kind', required=True)
    curves = kinds.add_parser('curves', help='loss and metrics over the epochs')
    curves.add_argument('work_dir', help='of the run, or a scalars.json')
    curves.add_argument('out')
    curves.add_argument('--metric', action='append', default=[],
                        help='a key to draw, repeatable; default: all')  # fmt: skip
    curves.add_argument('--title', default='')
    heatmaps = kinds.add_parser(
        'heatmaps', help="one joint's heat map by several models"
    )
    heatmaps.add_argument('out')
    heatmaps.add_argument('--model', action='append', nargs=3, required=True,
                          metavar=('NAME', 'CONFIG', 'CHECKPOINT'))  # fmt: skip
    heatmaps.add_argument('--joint', required=True)
    heatmaps.add_argument('--index', type=int, default=0, help='of the test sample')
    skeletons = kinds.add_parser('skeletons', help='a grid of predicted skeletons')
    skeletons.add_argument('config')
    skeletons.add_argument('checkpoint')
    skeletons.add_argument('out')
    skeletons.add_argument('--num', type=int, default=12)
    skeletons.add_argument('--columns', type=int, default=4)
    skeletons.add_argument('--threshold', type=float, default=0.2)
    return parser.parse_args()


def load(config: str, checkpoint: str) -> nn.Module:
    """A trained model in evaluation mode, on the CPU."""
    from mmpose.apis import init_model

    return init_model(read_config(config), checkpoint, device='cpu')


def read_config(path: str) -> Config:
    """A config, or one line about it."""
    try:
        return Config.fromfile(path)
    except (FileNotFoundError, OSError) as error:
        raise UserError(
            f'cannot read the config {path}: {error}', 'check the path'
        ) from error


def test_set(config: str) -> BaseDataset:
    """The test data set of a config."""
    init_default_scope('mmpose')
    return DATASETS.build(read_config(config).test_dataloader.dataset)


def main() -> None:
    """Draw one figure."""
    args = parse_args()
    if args.kind == 'curves':
        records = read_scalars(args.work_dir)
        out = plot_training(records, args.out, args.metric, args.title)
    elif args.kind == 'heatmaps':
        models = {name: load(config, file) for name, config, file in args.model}
        dataset = test_set(args.model[0][1])
        out = save_heatmap_comparison(models, dataset, args.index, args.joint, args.out)
    else:
        if args.num < 1 or args.columns < 1:
            raise UserError(
                '--num and --columns must be at least 1', 'such as 12 and 4'
            )
        model = load(args.config, args.checkpoint)
        dataset = test_set(args.config)
        out = save_pose_grid(
            model,
            dataset,
            args.out,
            args.num,
            args.columns,
            threshold=args.threshold,
        )
    print(f'wrote {out}')


if __name__ == '__main__':
    run_cli(main)
