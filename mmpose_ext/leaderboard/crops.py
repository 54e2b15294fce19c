"""Packs a top-down data set, keeping what its pipelines can reach of each image."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmengine.dataset import BaseDataset
from tqdm import tqdm

from ..datasets.packed_dataset import LENGTHS, POINTS, SCHEMA, to_crop
from ..datasets.transforms import LoadCheckedImage
from ..datasets.transforms.topdown_pyramid import SCALES
from ..utils.errors import UserError
from ..utils.io import atomic_write

#: Pixels of a packed crop per pixel of the network's input, before augmentation. It is
#: above 1 because augmentation may enlarge a person; a crop itself is never enlarged.
DETAIL = 1.25
JPEG_QUALITY = 88
#: Samples that are packed to estimate the size.
ESTIMATED = 24
#: Pixels around a crop, for the interpolation at its border.
_BORDER = 2
# Added to every sample by MMPose from the metainfo, or not needed by a pipeline.
_DROPPED = frozenset(
    {
        *('dataset_name', 'upper_body_ids', 'lower_body_ids', 'flip_pairs'),
        *('dataset_keypoint_weights', 'flip_indices', 'skeleton_links'),
        *('img', 'segmentation', 'sample_idx'),
    }
)


@dataclass(frozen=True)
class Reach:
    """Distance from a person's box that a pipeline can reach.

    Attributes:
        size (tuple[int, int]): The network's input, width and height.
        padding (float): Padding factor of ``GetBBoxCenterScale``.
        scale (float): Largest factor by which the padded box is scaled.
        shift (float): Largest shift, as a fraction of the padded box's sides.
        rotates (bool): Whether the box is rotated.
    """

    size: tuple[int, int]
    padding: float = 1.25
    scale: float = 1.0
    shift: float = 0.0
    rotates: bool = False

    def region(self, box: Sequence[float]) -> tuple[float, float, float, float]:
        """Return the region that the pipeline can look at: left, top, right, bottom.

        Args:
            box (Sequence[float]): The person's box: left, top, right, bottom.
        """
        width, height = self._padded(box)
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if self.rotates:
            half_x = half_y = math.hypot(width, height) / 2 * self.scale
        else:
            half_x, half_y = width / 2 * self.scale, height / 2 * self.scale
        half_x += self.shift * width + _BORDER
        half_y += self.shift * height + _BORDER
        return x - half_x, y - half_y, x + half_x, y + half_y

    def factor(self, box: Sequence[float], detail: float) -> float:
        """Return the factor, at most 1, by which a person's crop may be shrunk.

        Args:
            box (Sequence[float]): The person's box.
            detail (float): Pixels of the crop per pixel of the network's input.
        """
        return min(1.0, detail * self.size[0] / self._padded(box)[0])

    def _padded(self, box: Sequence[float]) -> tuple[float, float]:
        """Return the padded box's sides in the proportions that TopdownAffine uses."""
        width = max(box[2] - box[0], 1.0) * self.padding
        height = max(box[3] - box[1], 1.0) * self.padding
        ratio = self.size[0] / self.size[1]
        return max(width, height * ratio), max(height, width / ratio)


def reach_of(pipeline: Iterable[Any]) -> Reach:
    """Return how far a top-down pipeline looks beyond a person's box.

    Args:
        pipeline (Iterable[dict]): The pipeline's config.

    Raises:
        UserError: If it has no ``TopdownAffine``.
    """
    found: dict[str, Any] = {}
    for step in pipeline:
        kind = step['type'] if isinstance(step['type'], str) else step['type'].__name__
        if kind == 'GetBBoxCenterScale':
            found['padding'] = step.get('padding', 1.25)
        elif kind == 'RandomHalfBody':
            # Half of the joints, padded by 1.5, about a center at most at their edge.
            found['scale'] = 2.0 * found.get('scale', 1.0)
        elif kind.endswith('RandomBBoxTransform'):
            factor = step.get('scale_factor', (0.5, 1.5))
            largest = factor[1] if isinstance(factor, (list, tuple)) else 1 + factor
            scale = max(1.0, largest) if step.get('scale_prob', 1.0) else 1.0
            found['scale'] = scale * found.get('scale', 1.0)
            shifts = step.get('shift_prob', 0.3)
            found['shift'] = step.get('shift_factor', 0.16) if shifts else 0.0
            rotates = step.get('rotate_prob', 0.6) and step.get('rotate_factor', 80)
            found['rotates'] = bool(rotates)
        elif kind == 'TopdownPyramid':
            found['scale'] = 1 / min(step.get('scales', SCALES))
            found['size'] = reach_of(step['transforms']).size
        elif kind.endswith('TopdownAffine'):
            found['size'] = tuple(step['input_size'])
    if 'size' not in found:
        raise UserError(
            'only top-down data sets can be packed: the pipeline has no TopdownAffine',
            'choose top-down rows with --rows, or data that need no packing',
        )
    return Reach(**found)


def pack_crops(
    dataset: BaseDataset,
    reaches: Sequence[Reach],
    file: Path,
    fingerprint: dict[str, Any],
    detail: float = DETAIL,
) -> None:
    """Write the crops of a data set and everything else its samples hold.

    Args:
        dataset (BaseDataset): A top-down data set of MMPose.
        reaches (Sequence[Reach]): Reaches of the pipelines that will read the crops.
        file (Path): The file to write, ``.npz``.
        fingerprint (dict[str, Any]): What identifies the data set.
        detail (float): See :data:`DETAIL`.

    Raises:
        UserError: If an image is damaged, or the file cannot be written.
    """
    codes: list[np.ndarray] = []
    samples: list[dict[str, Any]] = []
    numbers = tqdm(range(len(dataset)), desc=f'packing {file.stem}', unit='crop')
    for sample, code in packed_samples(dataset, numbers, reaches, detail):
        samples.append(sample)
        codes.append(code)
    arrays = _stacked(samples)
    header = dict(
        schema=SCHEMA,
        arrays=sorted(arrays),
        fingerprint=fingerprint,
        samples=[
            {k: _plain(v) for k, v in sample.items() if k not in arrays}
            for sample in samples
        ],
    )
    with atomic_write(file) as temporary:
        np.savez_compressed(
            temporary,
            header=np.frombuffer(json.dumps(header).encode(), np.uint8),
            ends=np.cumsum([code.size for code in codes]),
            codes=np.concatenate(codes),
            **arrays,
        )


def estimate_bytes(
    dataset: BaseDataset, reaches: Sequence[Reach], detail: float = DETAIL
) -> int:
    """Estimate the size of the packed file from a few samples.

    Args:
        dataset (BaseDataset): The data set.
        reaches (Sequence[Reach]): See :func:`pack_crops`.
        detail (float): See :data:`DETAIL`.
    """
    count = min(ESTIMATED, len(dataset))
    numbers = np.linspace(0, len(dataset) - 1, count).astype(int).tolist()
    sizes = [
        code.size + len(json.dumps({k: _plain(v) for k, v in sample.items()})) // 4
        for sample, code in packed_samples(dataset, numbers, reaches, detail)
    ]
    return round(sum(sizes) / count * len(dataset))


def packed_samples(
    dataset: BaseDataset,
    numbers: Iterable[int],
    reaches: Sequence[Reach],
    detail: float = DETAIL,
) -> Iterator[tuple[dict[str, Any], np.ndarray]]:
    """Yield samples in coordinates of their crops, with the crops as JPEG.

    Args:
        dataset (BaseDataset): The data set.
        numbers (Iterable[int]): Indices of the samples.
        reaches (Sequence[Reach]): See :func:`pack_crops`.
        detail (float): See :data:`DETAIL`.

    Yields:
        tuple[dict[str, Any], np.ndarray]: The sample, and the JPEG's bytes as uint8.
    """
    load = LoadCheckedImage()
    for number in numbers:
        info = dataset.get_data_info(number)
        image = load(dict(info))['img']
        box = np.asarray(info['bbox'], float).reshape(-1)[:4]
        regions = np.array([reach.region(box) for reach in reaches])
        height, width = image.shape[:2]
        # At least one pixel, even if the box lies outside its image.
        left, top = np.floor(regions[:, :2].min(0)).clip(0, (width - 1, height - 1))
        right, bottom = np.ceil(regions[:, 2:].max(0))
        right, bottom = np.clip((right, bottom), (left + 1, top + 1), (width, height))
        factor = max(reach.factor(box, detail) for reach in reaches)
        crop = image[int(top) : int(bottom), int(left) : int(right)]
        if factor < 1:
            crop = cv2.resize(
                crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA
            )
        options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        code = cv2.imencode('.jpg', crop, options)[1].ravel()
        place = (np.array([left, top], np.float32), np.float32(factor))
        yield _moved(info, *place, (height, width)), code


def _moved(
    info: dict[str, Any],
    origin: np.ndarray,
    factor: np.float32,
    shape: tuple[int, int],
) -> dict[str, Any]:
    """Return a sample in coordinates of its crop."""
    sample = {key: value for key, value in info.items() if key not in _DROPPED}
    for name in POINTS:
        if sample.get(name) is not None:
            sample[name] = to_crop(np.asarray(sample[name]), origin, float(factor))
    for name in LENGTHS:
        if sample.get(name) is not None:
            sample[name] = np.asarray(sample[name]) * factor
    corners = np.asarray(sample['bbox']).reshape(-1, 2, 2)
    sample['bbox'] = to_crop(corners, origin, float(factor)).reshape(-1, 4)
    if sample.get('area') is not None:
        sample['area'] = np.asarray(sample['area']) * factor**2
    if 'img_path' in sample:
        sample['img_path'] = Path(sample['img_path']).name
    sample.update(
        crop_origin=origin, crop_factor=np.asarray(factor), image_shape=np.array(shape)
    )
    return sample


def _stacked(samples: Sequence[dict[str, Any]]) -> dict[str, np.ndarray]:
    """Stack each field that is an array of the same shape and type in all samples."""
    found = {}
    for name, first in samples[0].items():
        values = [sample.get(name) for sample in samples]
        if isinstance(first, np.ndarray) and all(
            isinstance(value, np.ndarray)
            and (value.shape, value.dtype) == (first.shape, first.dtype)
            for value in values
        ):
            found[name] = np.stack(values)  # type: ignore[arg-type]
    return found


def _plain(value: Any) -> Any:
    """Convert a value to types of JSON; outlines of people are left out."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k not in _DROPPED}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, np.generic) else value
