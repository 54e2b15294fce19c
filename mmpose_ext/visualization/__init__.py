"""Pictures: learning curves and sheets of predicted skeletons."""

from .curves import plot_learning_curve, read_scalars
from .pose_sheet import draw_pose_pair, predict_samples, save_pose_sheet, tile_images

__all__ = [
    'draw_pose_pair',
    'plot_learning_curve',
    'predict_samples',
    'read_scalars',
    'save_pose_sheet',
    'tile_images',
]
