"""Pictures: learning curves and sheets of predicted skeletons."""

from .crowd_comparison import choose_images, save_crowd_comparison
from .curves import plot_learning_curve, plot_output_curves, plot_training
from .hard_examples import save_hard_examples
from .heatmap_comparison import save_heatmap_comparison
from .learned_heatmaps import plot_density, save_h1_h2
from .pose_grid import save_pose_grid
from .pose_sheet import (
    draw_pose_pair,
    predict_samples,
    save_pose_sheet,
    tile_images,
    with_titles,
)
from .scalars import read_scalars

__all__ = [
    'choose_images',
    'draw_pose_pair',
    'plot_density',
    'plot_learning_curve',
    'plot_output_curves',
    'plot_training',
    'predict_samples',
    'read_scalars',
    'save_crowd_comparison',
    'save_h1_h2',
    'save_hard_examples',
    'save_heatmap_comparison',
    'save_pose_grid',
    'save_pose_sheet',
    'tile_images',
    'with_titles',
]
