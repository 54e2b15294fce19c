"""What a pipeline makes of a data set, to look at before training."""

import base64
import html
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmengine.dataset import BaseDataset
from mmengine.structures import InstanceData
from mmpose.datasets.transforms import PackPoseInputs
from mmpose.structures import PoseDataSample
from mmpose.visualization import PoseLocalVisualizer

from ..utils.errors import UserError
from ..utils.io import atomic_write
from .pose_sheet import tile_images

_LONGER_SIDE = 320
_CAPTION = 18


@dataclass
class SampleView:
    """One sample after the pipeline.

    Attributes:
        caption (str): Image, number and annotated joints.
        pictures (list[np.ndarray]): The network's input, with the skeletons (and
            boxes in bottom-up mode), and with the heat maps where the pipeline makes
            some; (H, W, 3) uint8, RGB, all of one size.
    """

    caption: str
    pictures: list[np.ndarray]

    def strip(self) -> np.ndarray:
        """The pictures side by side over the caption, (H, W, 3) uint8, RGB."""
        strip = np.hstack(self.pictures)
        footer = np.full((_CAPTION, strip.shape[1], 3), 255, np.uint8)
        font, place = cv2.FONT_HERSHEY_SIMPLEX, (2, _CAPTION - 5)
        cv2.putText(footer, self.caption, place, font, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
        return np.vstack([strip, footer])


def run_pipeline(dataset: BaseDataset, index: int, seed: int = 0) -> dict[str, Any]:
    """Run a data set's pipeline, but for the packing.

    Args:
        dataset (BaseDataset): A data set of MMPose.
        index (int): The sample.
        seed (int): Of the augmentation.

    Returns:
        dict[str, Any]: What the transforms leave, among others ``img``.

    Raises:
        UserError: If a transform drops the sample or makes no picture of it.
    """
    # MMPose's transforms draw from the global generators.
    np.random.seed((seed + index) % 2**32)  # noqa: NPY002
    random.seed(seed + index)
    results: Any = dataset.get_data_info(index)
    results['dataset'] = dataset
    for transform in dataset.pipeline.transforms:
        if isinstance(transform, PackPoseInputs):
            break
        results = transform(results)
        if results is None:
            raise UserError(
                f'{type(transform).__name__} drops sample {index} of the data set',
                'look at another one',
            )
    image = results.get('img')
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        raise UserError(
            'the pipeline leaves no uint8 image in "img"',
            'a pipeline of MMPose has LoadImage and does not normalise',
        )
    return results


def view_sample(dataset: BaseDataset, index: int, seed: int = 0) -> SampleView:
    """Picture one sample after the pipeline.

    Args:
        dataset (BaseDataset): A data set of MMPose.
        index (int): The sample.
        seed (int): Of the augmentation.

    Returns:
        SampleView: Its pictures.

    Raises:
        UserError: As :func:`run_pipeline`.
    """
    results = run_pipeline(dataset, index, seed)
    image = np.ascontiguousarray(results['img'][..., ::-1])
    scale = max(1.0, _LONGER_SIDE / max(image.shape[:2]))
    size = [round(image.shape[i] * scale) for i in (1, 0)]
    large = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC)
    # After the crop in the input's pixels; bottom-up pipelines move the originals.
    points = results.get('transformed_keypoints', results.get('keypoints'))
    pictures = [large]
    annotated = np.zeros((0, 0))
    if points is not None:
        annotated = _visibility(results, points)
        # Pixel centres have whole coordinates.
        moved = (np.asarray(points)[..., :2] + 0.5) * scale - 0.5
        pictures.append(
            _skeleton(large, moved, annotated, _boxes(results, scale), dataset.metainfo)
        )
    if (maps := _heat(results)) is not None:
        pictures.append(_overlay(large, maps))
    name = Path(str(results.get('img_path', ''))).name
    caption = f'{index}: {name}, {int((annotated > 0).sum())}/{annotated.size} joints'
    return SampleView(caption, pictures)


def _visibility(results: dict[str, Any], points: np.ndarray) -> np.ndarray:
    visible = np.asarray(results.get('keypoints_visible', np.ones(points.shape[:2])))
    return visible[..., 0] if visible.ndim == 3 else visible


def _boxes(results: dict[str, Any], scale: float) -> np.ndarray | None:
    """Corners (N, 4) where a bottom-up pipeline moved them, in the large picture."""
    boxes = results.get('bbox')
    if boxes is None or 'transformed_keypoints' in results or boxes.ndim != 2:
        return None
    return (boxes + 0.5) * scale - 0.5


def _skeleton(
    image: np.ndarray,
    points: np.ndarray,
    visible: np.ndarray,
    boxes: np.ndarray | None,
    meta: dict,
) -> np.ndarray:
    visualizer = PoseLocalVisualizer(name='contact_sheet', radius=3, line_width=2)
    visualizer.set_dataset_meta(meta)
    sample = PoseDataSample()
    sample.gt_instances = InstanceData(
        keypoints=points, keypoints_visible=(visible > 0).astype(float)
    )
    if boxes is not None:
        sample.gt_instances.bboxes = boxes
    visualizer.add_datasample(
        'sample',
        image,
        sample,
        draw_pred=False,
        draw_bbox=boxes is not None,
        kpt_thr=0.5,
    )
    return visualizer.get_image()


def _heat(results: dict[str, Any]) -> np.ndarray | None:
    """The strongest of all joints' heat maps, (h, w) from 0 to 1."""
    maps = results.get('heatmaps')
    if maps is None:
        return None
    # Of several levels the finest.
    finest = max(maps, key=lambda m: m.shape[-1]) if isinstance(maps, list) else maps
    return np.clip(np.asarray(finest, dtype=np.float32).max(axis=0), 0, 1)


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
        out (str | os.PathLike): The picture, by its suffix.
        columns (int): Samples a row.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If it cannot be written.
    """
    strips = [view.strip() for view in views]
    cell = (max(s.shape[1] for s in strips), max(s.shape[0] for s in strips))
    sheet = tile_images(strips, columns, cell)
    out = Path(out)
    good, code = cv2.imencode(out.suffix or '.png', sheet[..., ::-1])
    if not good:
        raise UserError(f'cannot encode {out}')
    with atomic_write(out) as temporary:
        temporary.write_bytes(code.tobytes())
    return out


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 14px sans-serif; margin: 1em; }}
main {{ display: flex; flex-wrap: wrap; gap: 1em; }}
figure {{ margin: 0; }} figcaption {{ padding-top: .2em; color: #333; }}
</style></head><body><h1>{title}</h1><p>{text}</p><main>
{figures}
</main></body></html>
"""


def save_contact_page(
    views: Sequence[SampleView], out: str | os.PathLike, title: str, text: str = ''
) -> Path:
    """Write a sheet as one page that needs nothing else.

    Args:
        views (Sequence[SampleView]): The samples.
        out (str | os.PathLike): The ``.html`` file.
        title (str): Heading.
        text (str): A line below it.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If it cannot be written.
    """
    figures = []
    for view in views:
        pixels = np.hstack(view.pictures)[..., ::-1]
        code = cv2.imencode('.jpg', pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
        data = base64.b64encode(code.tobytes()).decode('ascii')
        caption = html.escape(view.caption)
        figures.append(
            f'<figure><img alt="{caption}" src="data:image/jpeg;base64,{data}">'
            f'<figcaption>{caption}</figcaption></figure>'
        )
    page = _PAGE.format(
        title=html.escape(title), text=html.escape(text), figures='\n'.join(figures)
    )
    with atomic_write(out) as temporary:
        temporary.write_text(page, encoding='utf-8')
    return Path(out)
