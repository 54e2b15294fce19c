"""Contact sheets of a data set after its pipeline, for a look before training.

The sheet is meant to show bad labels, so a faulty sample does not stop it: everything
that can be drawn is drawn, and a red frame and a red line of text report the rest.
"""

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmengine.dataset import BaseDataset
from mmpose.datasets.transforms import PackPoseInputs

from ..datasets.transforms import PackLeanInputs
from ..utils.errors import UserError
from ..utils.pictures import check_picture, write_picture
from .labels import draw_labels, drawable
from .pose_sheet import tile_images

_LONGER_SIDE = 320
_CAPTION = 18
_RED = (200, 0, 0)


class SampleError(UserError):
    """A sample that its pipeline drops or cannot process.

    Args:
        what (str): The transform and its error.
        fix (str): What the user can do about it.
        results (dict, optional): Results of the transforms before it.
    """

    def __init__(self, what: str, fix: str = '', results: dict | None = None) -> None:
        super().__init__(what, fix)
        self.results = results or {}


@dataclass
class SampleView:
    """One sample after the pipeline.

    Attributes:
        caption (str): Image, number and annotated joints.
        pictures (list[np.ndarray]): The network's input with the skeletons (and boxes
            in bottom-up mode) and, if the pipeline makes heat maps, with these;
            (H, W, 3) uint8, RGB, all of one size.
        problems (list[str]): What could not be drawn, and why.
    """

    caption: str
    pictures: list[np.ndarray]
    problems: list[str] = field(default_factory=list)

    def strip(self) -> np.ndarray:
        """Join the pictures side by side over the caption, (H, W, 3) uint8, RGB."""
        strip = self.framed()
        lines = [(self.caption, (0, 0, 0))] + [(p, _RED) for p in self.problems]
        return np.vstack([strip, *(_line(*line, strip.shape[1]) for line in lines)])

    def framed(self) -> np.ndarray:
        """Join the pictures side by side, in a red frame if there are problems."""
        strip = np.hstack(self.pictures)
        if self.problems:
            strip[:4] = strip[-4:] = _RED
            strip[:, :4] = strip[:, -4:] = _RED
        return strip


def _line(text: str, color: tuple[int, int, int], width: int) -> np.ndarray:
    """Draw a line of text, (18, width, 3) uint8; OpenCV's fonts are ASCII."""
    footer = np.full((_CAPTION, width, 3), 255, np.uint8)
    plain = text.encode('ascii', 'backslashreplace').decode('ascii')
    font, place = cv2.FONT_HERSHEY_SIMPLEX, (2, _CAPTION - 5)
    return cv2.putText(footer, plain, place, font, 0.42, color, 1, cv2.LINE_AA)


def run_pipeline(dataset: BaseDataset, index: int, seed: int = 0) -> dict[str, Any]:
    """Run a data set's pipeline, except for the packing.

    Args:
        dataset (BaseDataset): A data set of MMPose.
        index (int): The sample.
        seed (int): Seed of the augmentation.

    Returns:
        dict[str, Any]: Results of the transforms, such as ``img``.

    Raises:
        SampleError: If a transform drops the sample or fails.
        UserError: If the pipeline does not make a picture.
    """
    # MMPose's transforms draw from the global generators.
    np.random.seed((seed + index) % 2**32)  # noqa: NPY002
    random.seed(seed + index)
    results: Any = {}
    step: Any = dataset
    try:
        results = dataset.get_data_info(index)
        results['dataset'] = dataset
        for step in dataset.pipeline.transforms:
            if isinstance(step, (PackPoseInputs, PackLeanInputs)):
                break
            before, results = results, step(dict(results))
            if results is None:
                results = before
                raise SampleError(
                    f'{type(step).__name__} drops sample {index} of the data set',
                    'choose another sample',
                    before,
                )
    except SampleError:
        raise
    except Exception as error:  # transforms may raise anything on a bad label
        reason = ' '.join(str(error).split()) or type(error).__name__
        raise SampleError(
            f'{type(step).__name__} fails: {reason}', '', results
        ) from error
    image = results.get('img')
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        raise UserError(
            'the pipeline leaves no uint8 image in "img"',
            'a pipeline of MMPose has LoadImage and does not normalize',
        )
    return results


def view_sample(dataset: BaseDataset, index: int, seed: int = 0) -> SampleView:
    """Draw one sample after the pipeline.

    Args:
        dataset (BaseDataset): A data set of MMPose.
        index (int): The sample.
        seed (int): Seed of the augmentation.

    Returns:
        SampleView: Its pictures. If the pipeline fails, the picture up to that point,
        or an empty tile, and the reason.

    Raises:
        UserError: If the pipeline does not make pictures.
    """
    problems = []
    try:
        results = run_pipeline(dataset, index, seed)
    except SampleError as error:
        results = error.results
        problems.append(error.what)
    image = results.get('img')
    if not isinstance(image, np.ndarray) or image.ndim != 3 or not image.size:
        image = np.full((_LONGER_SIDE * 3 // 4, _LONGER_SIDE, 3), 225, np.uint8)
        results = {k: v for k, v in results.items() if k == 'img_path'}
    large, scale = _enlarged(image)
    pictures = [large]
    # After the crop in the input's pixels; bottom-up pipelines move the originals.
    points = results.get('transformed_keypoints', results.get('keypoints'))
    annotated = np.zeros((0, 0))
    if points is not None:
        try:
            # Pixel centers have whole coordinates.
            moved = (np.asarray(points, dtype=float)[..., :2] + 0.5) * scale - 0.5
            annotated = _visibility(results, moved)
            labels, more = draw_labels(
                large, moved, annotated, _boxes(results, scale), dataset.metainfo
            )
        except (TypeError, ValueError, IndexError) as error:
            annotated = np.zeros((0, 0))
            reason = ' '.join(str(error).split())
            labels, more = large.copy(), [f'labels cannot be drawn: {reason}']
        pictures.append(labels)
        problems += more
    problems += _box_problems(results)
    if (maps := _heat(results)) is not None:
        pictures.append(_overlay(large, maps))
    name = Path(str(results.get('img_path', ''))).name
    caption = f'{index}: {name}, {int((annotated > 0).sum())}/{annotated.size} joints'
    return SampleView(caption, pictures, problems)


def _enlarged(image: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the image in RGB, its longer side at least 320 pixels, and the factor."""
    scale = max(1.0, _LONGER_SIDE / max(image.shape[:2]))
    size = [max(1, round(image.shape[i] * scale)) for i in (1, 0)]
    rgb = np.ascontiguousarray(image[..., ::-1])
    return cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC), scale


def _visibility(results: dict[str, Any], points: np.ndarray) -> np.ndarray:
    visible = results.get('keypoints_visible')
    if visible is None:
        return np.ones(points.shape[:2])
    visible = np.asarray(visible, dtype=float)
    return visible[..., 0] if visible.ndim == 3 else visible


def _boxes(results: dict[str, Any], scale: float) -> np.ndarray | None:
    """Return corners (N, 4) after a bottom-up pipeline, in the large picture."""
    boxes = results.get('bbox')
    if boxes is None or 'transformed_keypoints' in results or np.ndim(boxes) != 2:
        return None
    return (np.asarray(boxes, dtype=float) + 0.5) * scale - 0.5


def _box_problems(results: dict[str, Any]) -> list[str]:
    """Describe faults of the boxes' corners (N, 4) that do not depend on the image."""
    boxes = results.get('bbox')
    if boxes is None or np.ndim(boxes) != 2:
        return []
    boxes = np.asarray(boxes, dtype=float)
    wild = ~drawable(boxes, 1e5)
    empty = ~wild & ((boxes[:, 2:] - boxes[:, :2]) <= 0).any(axis=1)
    return [
        f'{mask.sum()} of {len(boxes)} boxes {what}'
        for mask, what in ((wild, 'nan or far outside'), (empty, 'without area'))
        if mask.any()
    ]


def _heat(results: dict[str, Any]) -> np.ndarray | None:
    """Return the maximum over all joints' heat maps, (h, w), from 0 to 1."""
    maps = results.get('heatmaps')
    if maps is None:
        return None
    # The finest of several levels.
    finest = max(maps, key=lambda m: m.shape[-1]) if isinstance(maps, list) else maps
    highest = np.asarray(finest, dtype=np.float32).max(axis=0)
    return np.clip(np.nan_to_num(highest), 0, 1)


def _overlay(image: np.ndarray, heat: np.ndarray) -> np.ndarray:
    large = cv2.resize(heat, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    colors = cv2.applyColorMap((255 * large).astype(np.uint8), cv2.COLORMAP_JET)
    weight = (0.25 + 0.5 * large)[..., None]
    return (image * (1 - weight) + colors[..., ::-1] * weight).astype(np.uint8)


def save_contact_sheet(
    views: Sequence[SampleView], out: str | os.PathLike, columns: int = 2
) -> Path:
    """Write a sheet as a picture.

    Args:
        views (Sequence[SampleView]): The samples.
        out (str | os.PathLike): The picture; its suffix names the format.
        columns (int): Number of samples in a row.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If it cannot be written.
    """
    check_picture(out)
    strips = [view.strip() for view in views]
    cell = (max(s.shape[1] for s in strips), max(s.shape[0] for s in strips))
    sheet = tile_images(strips, columns, cell)
    return write_picture(out, sheet[..., ::-1])
