r"""Draw a paper's figures from recorded runs and trained weights.

Examples::

    python tools/analysis/paper_figures.py curves work_dirs/RUN curves.png
    python tools/analysis/paper_figures.py heatmaps --joint left_wrist heat.png \
        --model None NONE.py none.pth --model DAUNet FULL.py full.pth
    python tools/analysis/paper_figures.py skeletons CONFIG.py best.pth grid.png
    python tools/analysis/paper_figures.py hard hard.png --rule occluded \
        --model Hourglass HG.py hg.pth --model SADI-Net SADI.py sadi.pth
    python tools/analysis/paper_figures.py h1h2 SADI.py sadi.pth h1h2.png --index 3
    python tools/analysis/paper_figures.py density SADI.py sadi.pth density.png
    python tools/analysis/paper_figures.py runs runs.png \
        --run default work_dirs/RUN1 --run "lambda = 0" work_dirs/RUN2
"""

import argparse
from pathlib import Path
from typing import Any

from mmengine.dataset import BaseDataset
from torch import nn

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.apis import build_dataset, load_model
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import NAME_HELP, add_models, load_config
from mmpose_ext.utils.pictures import check_picture
from mmpose_ext.visualization import (
    plot_density,
    plot_output_curves,
    plot_training,
    read_scalars,
    save_h1_h2,
    save_hard_examples,
    save_heatmap_comparison,
    save_pose_grid,
)
from mmpose_ext.visualization.hard_examples import RULES


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(dest='kind', required=True)
    add_run_figures(kinds)
    add_comparisons(kinds)
    add_single_model_figures(kinds)
    return parser.parse_args()


def add_run_figures(kinds: Any) -> None:
    """Add the figures that are drawn from recorded runs."""
    curves = kinds.add_parser('curves', help='loss and metrics over the epochs')
    curves.add_argument('work_dir', help="the run's work folder, or a scalars.json")
    curves.add_argument('out')
    curves.add_argument(
        '--metric',
        action='append',
        default=[],
        help='a key to draw, may be repeated (default: those of all joints together)',
    )
    curves.add_argument('--title', default='')
    runs = kinds.add_parser('runs', help='H1 and H2 of several runs')
    runs.add_argument('out')
    runs.add_argument(
        '--run',
        action='append',
        nargs=2,
        required=True,
        metavar=('NAME', 'WORK_DIR'),
        help='may be repeated',
    )
    runs.add_argument('--metric', default='PCK@0.2')
    runs.add_argument('--title', default='')


def add_comparisons(kinds: Any) -> None:
    """Add the figures of several trained models beside each other."""
    heatmaps = kinds.add_parser(
        'heatmaps', help="one joint's heat map by several models"
    )
    heatmaps.add_argument('out')
    add_models(heatmaps)
    heatmaps.add_argument('--joint', required=True)
    heatmaps.add_argument('--index', type=int, default=0, help='test sample to draw')
    hard = kinds.add_parser('hard', help='skeletons and heat maps on hard images')
    hard.add_argument('out')
    add_models(hard)
    hard.add_argument('--num', type=int, default=6)
    hard.add_argument(
        '--rule',
        default=RULES[0],
        choices=RULES,
        help='most hidden joints (at most half of them), or largest error',
    )


def add_single_model_figures(kinds: Any) -> None:
    """Add the figures of one trained model."""
    skeletons = kinds.add_parser('skeletons', help='a grid of predicted skeletons')
    outputs = kinds.add_parser('h1h2', help='both heat maps of SADI-Net')
    density = kinds.add_parser('density', help="SADI-Net's learned density")
    for kind in (skeletons, outputs, density):
        kind.add_argument('config', help=NAME_HELP)
        kind.add_argument('checkpoint')
        kind.add_argument('out')
    skeletons.add_argument('--num', type=int, default=12)
    skeletons.add_argument('--columns', type=int, default=4)
    skeletons.add_argument('--threshold', type=float, default=0.2)
    outputs.add_argument('--index', type=int, default=0, help='test sample to draw')
    outputs.add_argument(
        '--joint', action='append', default=[], help='may be repeated (default: all)'
    )


def load(config: str, checkpoint: str) -> nn.Module:
    """Load a trained model in evaluation mode, on the CPU."""
    return load_model(load_config(config), checkpoint)


def test_set(config: str) -> BaseDataset:
    """Build the test data set of a config."""
    return build_dataset(load_config(config))


def check_counts(args: argparse.Namespace) -> None:
    """Raise if the picture would be empty."""
    if args.num < 1 or getattr(args, 'columns', 1) < 1:
        raise UserError('--num and --columns must be at least 1', 'such as 12 and 4')


def draw_curves(args: argparse.Namespace) -> Path:
    """Draw loss and metrics of one run."""
    records = read_scalars(args.work_dir)
    return plot_training(records, args.out, args.metric, args.title)


def draw_runs(args: argparse.Namespace) -> Path:
    """Draw H1 and H2 of several runs."""
    runs = {name: read_scalars(folder) for name, folder in args.run}
    return plot_output_curves(runs, args.out, args.metric, args.title)


def draw_heatmaps(args: argparse.Namespace) -> Path:
    """Draw one joint's heat map by several models."""
    models = {name: load(config, file) for name, config, file in args.model}
    dataset = test_set(args.model[0][1])
    return save_heatmap_comparison(models, dataset, args.index, args.joint, args.out)


def draw_hard(args: argparse.Namespace) -> Path:
    """Draw several models on hard images."""
    check_counts(args)
    models = {name: load(config, file) for name, config, file in args.model}
    dataset = test_set(args.model[0][1])
    return save_hard_examples(models, dataset, args.out, args.num, args.rule)


def draw_skeletons(args: argparse.Namespace) -> Path:
    """Draw a grid of one model's predictions."""
    check_counts(args)
    model = load(args.config, args.checkpoint)
    return save_pose_grid(
        model,
        test_set(args.config),
        args.out,
        args.num,
        args.columns,
        threshold=args.threshold,
    )


def draw_h1_h2(args: argparse.Namespace) -> Path:
    """Draw both heat maps of SADI-Net."""
    model = load(args.config, args.checkpoint)
    return save_h1_h2(model, test_set(args.config), args.index, args.out, args.joint)


def draw_density(args: argparse.Namespace) -> Path:
    """Draw SADI-Net's learned density."""
    return plot_density(load(args.config, args.checkpoint), args.out)


KINDS = {
    'curves': draw_curves,
    'density': draw_density,
    'h1h2': draw_h1_h2,
    'hard': draw_hard,
    'heatmaps': draw_heatmaps,
    'runs': draw_runs,
    'skeletons': draw_skeletons,
}


def main() -> None:
    """Draw one figure."""
    args = parse_args()
    check_picture(args.out, figure=args.kind != 'skeletons')
    print(f'wrote {KINDS[args.kind](args)}')


if __name__ == '__main__':
    run_cli(main)
