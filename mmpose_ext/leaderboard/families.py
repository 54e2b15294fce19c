"""Families of metrics: the published columns and the evaluators' keys for them."""

from collections.abc import Mapping
from dataclasses import dataclass

JOINTS = ('Head', 'Shoulder', 'Elbow', 'Wrist', 'Hip', 'Knee', 'Ankle')
#: Columns that are counted, not measured by a run.
COUNTS = ('Params', 'GFLOPs')


@dataclass(frozen=True)
class Family:
    """A metric as tables print it.

    Attributes:
        keys (Mapping[str, str]): The evaluator's key of each column.
        scale (float): Factor from the evaluator's unit to percent.
        tolerance (float): Largest difference, in percent, that counts as reproduced.
            It is a choice of this project: about the spread of HRNet-W32 on that data
            set between seeds and between code bases.
        main (str): The column that decides the verdict of a row.
    """

    keys: Mapping[str, str]
    scale: float
    tolerance: float
    main: str

    def value(self, metrics: Mapping[str, float], column: str) -> float | None:
        """Return a measured value in percent, or None if it was not measured.

        Args:
            metrics (Mapping[str, float]): An evaluator's result.
            column (str): The table's column.

        Example:
            >>> FAMILIES['OKS AP'].value({'coco/AP': 0.744}, 'AP')
            74.4
        """
        found = metrics.get(self.keys.get(column, ''))
        return None if found is None else found * self.scale


COCO = {
    'AP': 'coco/AP',
    'AP50': 'coco/AP .5',
    'AP75': 'coco/AP .75',
    'APM': 'coco/AP (M)',
    'APL': 'coco/AP (L)',
    'AR': 'coco/AR',
    'AR50': 'coco/AR .5',
    'AR75': 'coco/AR .75',
    'ARM': 'coco/AR (M)',
    'ARL': 'coco/AR (L)',
}
FAMILIES = {
    'OKS AP': Family(COCO, 100, 0.5, 'AP'),
    # HRNet's count, with the pixel that MMPose's metric adds: see docs/datasets.md.
    'PCKh@0.5': Family(
        {**{joint: f'mmpose/{joint} PCK' for joint in JOINTS}, 'Mean': 'mmpose/PCK'},
        1,
        0.3,
        'Mean',
    ),
    'PCK@0.2': Family(
        {**{joint: f'{joint} PCK@0.2' for joint in JOINTS}, 'Mean': 'PCK@0.2'},
        1,
        0.5,
        'Mean',
    ),
    'counts': Family({}, 1, 0.0, 'GFLOPs'),
    'not defined': Family({}, 1, 0.0, 'Accuracy'),
}
