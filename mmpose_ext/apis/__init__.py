"""Models, data sets and predictions, with one-line errors.

``Predictor(config, weights)(images, boxes)`` predicts; ``find_model`` finds config and
weights by name; ``write_coco``, ``write_csv`` and ``to_supervision`` hand results on.
"""

from .boxes import MMDetBoxes, OneStageBoxes, WholeImage
from .from_config import (
    build_dataset,
    build_model,
    check_checkpoint,
    check_pretrained,
    load_model,
)
from .images import as_image, load_image
from .predictor import Predictor
from .result_files import coco_results, to_supervision, write_coco, write_csv
from .results import PoseResult
from .zoo import find_model

__all__ = [
    'MMDetBoxes',
    'OneStageBoxes',
    'PoseResult',
    'Predictor',
    'WholeImage',
    'as_image',
    'build_dataset',
    'build_model',
    'check_checkpoint',
    'check_pretrained',
    'coco_results',
    'find_model',
    'load_image',
    'load_model',
    'to_supervision',
    'write_coco',
    'write_csv',
]
