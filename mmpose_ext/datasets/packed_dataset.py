"""Top-down data sets packed as crops: one file instead of a folder of images."""

import json
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from mmpose.datasets.datasets.base import BaseCocoStyleDataset
from mmpose.registry import DATASETS, TRANSFORMS

from ..utils.errors import UserError

SCHEMA = 1
#: Fields of a sample that are points or lengths in pixels of the image.
POINTS = ('keypoints', 'bbox_center', 'input_center')
LENGTHS = ('bbox_scale', 'input_scale', 'head_size')
_FIX = 'pack the data again with `mmpose-ext leaderboard pack`'


@DATASETS.register_module()
class PackedPoseDataset(BaseCocoStyleDataset):
    """Crops of another top-down data set, in one file.

    A sample has the fields that the other data set gave it, with coordinates in pixels
    of its crop, the crop itself as ``img``, and the crop's place in the image as
    ``crop_origin`` and ``crop_factor``, with which :class:`OriginalUnits` undoes the
    change before a test is scored.

    Args:
        pack_file (str): The file, which ``mmpose-ext leaderboard pack`` writes.
        metainfo (dict): The other data set's.
        **kwargs: ``pipeline``, ``test_mode`` and so on of MMPose's
            ``BaseCocoStyleDataset``.

    Attributes:
        fingerprint (dict): Data that identify the other data set.

    Raises:
        UserError: If the file cannot be read.
    """

    def __init__(self, pack_file: str | os.PathLike, metainfo: dict, **kwargs: Any):
        self.pack_file = Path(pack_file)
        self.fingerprint: dict[str, Any] = {}
        self._codes = np.empty(0, np.uint8)
        super().__init__(metainfo=metainfo, **kwargs)

    def load_data_list(self) -> list[dict]:
        """Read the file; its crops stay compressed in memory."""
        try:
            with np.load(self.pack_file, allow_pickle=False) as file:
                header = json.loads(file['header'].tobytes())
                arrays = {name: file[name] for name in header['arrays']}
                ends, self._codes = file['ends'], file['codes']
        except Exception as error:  # zipfile, numpy and JSON raise several types
            raise UserError(
                f'cannot read the packed data {self.pack_file}: {error}', _FIX
            ) from error
        if header['schema'] != SCHEMA:
            raise UserError(
                f'{self.pack_file} has schema {header["schema"]}, not {SCHEMA}', _FIX
            )
        self.fingerprint = header['fingerprint']
        starts = [0, *ends[:-1].tolist()]
        return [
            {
                **rest,
                **{name: np.asarray(values[index]) for name, values in arrays.items()},
                'code': (starts[index], int(ends[index])),
            }
            for index, rest in enumerate(header['samples'])
        ]

    def get_data_info(self, idx: int) -> dict:
        """Return a sample with its crop.

        Args:
            idx (int): Its number.
        """
        info = super().get_data_info(idx)
        first, end = info.pop('code')
        info['img'] = cv2.imdecode(self._codes[first:end], cv2.IMREAD_COLOR)
        return info


@TRANSFORMS.register_module()
class OriginalUnits(BaseTransform):
    """Move a packed sample from pixels of its crop to pixels of the image.

    Put it before the last step of a test's pipeline. The network's input is not
    changed; predictions and annotations come out in pixels of the image, so that
    metrics with lengths in pixels (OKS, PCKh) are those of the data set that was
    packed. Samples that are not packed stay as they are.
    """

    def transform(self, results: dict) -> dict:
        """Convert points, lengths, boxes and areas.

        Args:
            results (dict): A sample after cropping.
        """
        if 'crop_factor' not in results:
            return results
        factor, origin = float(results['crop_factor']), results['crop_origin']
        for name in POINTS:
            if results.get(name) is not None:
                results[name] = to_image(results[name], origin, factor)
        for name in LENGTHS:
            if results.get(name) is not None:
                results[name] = results[name] / factor
        if results.get('bbox') is not None:
            corners = results['bbox'].reshape(-1, 2, 2)
            results['bbox'] = to_image(corners, origin, factor).reshape(-1, 4)
        if results.get('area') is not None:
            results['area'] = results['area'] / factor**2
        shape = tuple(int(side) for side in results['image_shape'])
        results.update(ori_shape=shape, img_shape=shape)
        return results


def whole_image(info: dict) -> np.ndarray:
    """Put a packed sample's crop back into its place; the rest of the image is black.

    Args:
        info (dict): A sample of :meth:`PackedPoseDataset.get_data_info`.

    Returns:
        np.ndarray: (H, W, 3) uint8.
    """
    height, width = (int(side) for side in info['image_shape'])
    factor = float(info['crop_factor'])
    offset = to_image(np.zeros(2), info['crop_origin'], factor)
    matrix = np.array([[1 / factor, 0, offset[0]], [0, 1 / factor, offset[1]]])
    return cv2.warpAffine(info['img'], matrix, (width, height))


def to_image(points: np.ndarray, origin: np.ndarray, factor: float) -> np.ndarray:
    """Convert pixels of a crop to pixels of the image; both count from pixel centers.

    Args:
        points (np.ndarray): x and y, shape (..., 2).
        origin (np.ndarray): First pixel of the crop in the image, shape (2,).
        factor (float): Pixels of the crop per pixel of the image.
    """
    return (points + 0.5) / factor - 0.5 + np.asarray(origin, points.dtype)


def to_crop(points: np.ndarray, origin: np.ndarray, factor: float) -> np.ndarray:
    """Convert pixels of the image to pixels of a crop; see :func:`to_image`.

    Args:
        points (np.ndarray): x and y, shape (..., 2).
        origin (np.ndarray): First pixel of the crop in the image, shape (2,).
        factor (float): Pixels of the crop per pixel of the image.
    """
    return (points - np.asarray(origin, points.dtype) + 0.5) * factor - 0.5
