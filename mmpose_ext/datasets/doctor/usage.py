"""Use of an annotation file by a config, which determines the required fields."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Usage:
    """Use of an annotation file. The default is the most demanding one.

    Attributes:
        reader (str): Layout that the data set reads: ``'coco'`` or ``'mpii'``; empty
            for any.
        meta (Mapping | None): The data set's parsed meta information.
        trained (bool): Whether the data set is used for training, or scored on its
            own boxes; otherwise only a metric reads the file (detected boxes).
        bottomup (bool): Whether a sample is an image with all its people.
        coco_scored (bool): Whether COCO's evaluation reads the file.
        strict (bool): Whether it does so in MMPose's ``CocoMetric``, which does not
            fill in missing fields, instead of ``CocoPersonMetric``.
        use_area (bool): Whether that evaluation reads "area".
        suppressed (bool): Whether that evaluation drops all but one of several
            predictions at the same place.
        predicted (int | None): Fixed category of predictions; None if they get the
            category of the annotated person.
        head_size (bool): Whether PCKh reads "head_size".
        torso (tuple[str, ...]): Two joints whose distance is the unit of a PCK.
        head_file (str): File of head boxes, one row per entry.
    """

    reader: str = ''
    meta: Mapping[str, Any] | None = None
    trained: bool = True
    bottomup: bool = False
    coco_scored: bool = True
    strict: bool = True
    use_area: bool = True
    suppressed: bool = False
    predicted: int | None = None
    head_size: bool = False
    torso: tuple[str, ...] = ()
    head_file: str = ''

    def joined(self, other: 'Usage') -> 'Usage':
        """Combine two usages of one file.

        Args:
            other (Usage): The second usage, by the same kind of data set.

        Returns:
            Usage: The demands of both.
        """
        return replace(
            self,
            trained=self.trained or other.trained,
            bottomup=self.bottomup or other.bottomup,
            coco_scored=self.coco_scored or other.coco_scored,
            strict=(self.coco_scored and self.strict)
            or (other.coco_scored and other.strict),
            use_area=self.use_area or other.use_area,
            suppressed=self.suppressed or other.suppressed,
            predicted=other.predicted if self.predicted is None else self.predicted,
            head_size=self.head_size or other.head_size,
            torso=self.torso or other.torso,
            head_file=self.head_file or other.head_file,
        )
