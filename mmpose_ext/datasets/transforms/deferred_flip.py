"""Flips, horizontal and others, that the warp of the crop performs.

MMPose's ``RandomFlip`` makes a view of the image with negative strides, which the warp
must copy first: flipped samples take several times as long as others. Here the flip of
the pixels waits for the warp.
"""

from typing import Any

import cv2
import numpy as np
from mmpose.datasets.transforms import RandomFlip, TopdownAffine
from mmpose.registry import TRANSFORMS
from mmpose.structures.bbox import get_udp_warp_matrix, get_warp_matrix

from ...utils.errors import ConfigError

# Where a flip waits between the two transforms.
PENDING = 'pending_flip'
_CODES = dict(horizontal=1, vertical=0, diagonal=-1)


def check_flipped(owner: Any, results: dict[str, Any]) -> None:
    """Raise if a flip still waits for its warp.

    Args:
        owner (object): The transform that packs the sample.
        results (dict): Results of the pipeline.

    Raises:
        ConfigError: If there was no :class:`FlipTopdownAffine`.
    """
    if PENDING in results:
        raise ConfigError(
            owner,
            'results',
            PENDING,
            'was left by DeferredRandomFlip: the image is not flipped',
            'put FlipTopdownAffine between the two, not TopdownAffine',
        )


@TRANSFORMS.register_module()
class DeferredRandomFlip(RandomFlip):
    """``RandomFlip`` that leaves the pixels to :class:`FlipTopdownAffine`.

    Boxes and key points are flipped immediately, by the same random numbers. Transforms
    between the two see the image as it is stored. Without a later
    ``FlipTopdownAffine``, image and key points would not match.

    Args:
        **kwargs: Arguments of :class:`mmpose.datasets.RandomFlip`.
    """

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Flip everything except the image.

        Args:
            results (dict): The input of :class:`mmpose.datasets.RandomFlip`.
        """
        image = results['img']
        # One pixel stands in, so that MMPose's code flips everything else.
        results['img'] = np.zeros((1, 1, 3), dtype=np.uint8)
        results = super().transform(results)
        results['img'] = image
        results[PENDING] = results['flip_direction']
        return results


@TRANSFORMS.register_module()
class FlipTopdownAffine(TopdownAffine):
    """``TopdownAffine`` that also performs the flip of :class:`DeferredRandomFlip`.

    Args:
        exact (bool): Whether the image is flipped by OpenCV and then warped, which
            gives MMPose's pixels exactly. Otherwise the flip is part of the warp's
            matrix and takes no time, but the interpolation, in steps of 1/32 pixels,
            differs by up to 7 of 255 levels, .02 on average. Default: True.
        **kwargs: Arguments of :class:`mmpose.datasets.TopdownAffine`.
    """

    def __init__(self, exact: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exact = exact

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Crop the person.

        Args:
            results (dict): The input of :class:`mmpose.datasets.TopdownAffine`.
        """
        direction = results.pop(PENDING, None)
        if direction is None:
            return super().transform(results)
        if self.exact:
            results['img'] = _each(
                results['img'], lambda image: cv2.flip(image, _CODES[direction])
            )
            return super().transform(results)
        images = results['img']
        results['img'] = []  # nothing for MMPose's code to warp
        results = super().transform(results)
        matrix = self._matrix(results)
        size = tuple(map(int, self.input_size))
        results['img'] = _each(
            images,
            lambda image: cv2.warpAffine(
                image,
                matrix @ _flip_matrix(direction, image.shape),
                size,
                flags=cv2.INTER_LINEAR,
            ),
        )
        return results

    def _matrix(self, results: dict[str, Any]) -> np.ndarray:
        """Return the warp of the flipped image, (2, 3)."""
        rotation = results['bbox_rotation'][0] if 'bbox_rotation' in results else 0.0
        make = get_udp_warp_matrix if self.use_udp else get_warp_matrix
        return make(
            results['input_center'],
            results['input_scale'],
            rotation,
            output_size=self.input_size,
        )


def _each(images: Any, change: Any) -> Any:
    """Change an image, or each image of a list."""
    return [change(i) for i in images] if isinstance(images, list) else change(images)


def _flip_matrix(direction: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return the matrix from stored to flipped pixel positions, (3, 3)."""
    height, width = shape[:2]
    matrix = np.eye(3)
    if direction != 'vertical':
        matrix[0] = -1, 0, width - 1
    if direction != 'horizontal':
        matrix[1] = 0, -1, height - 1
    return matrix
