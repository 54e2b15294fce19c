"""Pictures: learning curves and sheets of predicted skeletons."""

from .curves import plot_learning_curve, read_scalars
from .heatmap_comparison import save_heatmap_comparison
from .pose_grid import save_pose_grid
from .pose_sheet import draw_pose_pair, predict_samples, save_pose_sheet, tile_images
from .training_figure import plot_training

__all__ = [
    'draw_pose_pair',
    'plot_learning_curve',
    'plot_training',
    'predict_samples',
    'read_scalars',
    'save_heatmap_comparison',
    'save_pose_grid',
    'save_pose_sheet',
    'tile_images',
]
