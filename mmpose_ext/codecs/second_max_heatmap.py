"""Heat maps decoded towards their second maximum (DAUNet, Eq. 1)."""

from typing import Any

import numpy as np
import torch
from mmpose.codecs import MSRAHeatmap
from mmpose.registry import KEYPOINT_CODECS
from torch import Tensor

from ..utils import ConfigError
from .batch_decoding import two_maxima
from .batch_heatmap import CheckedHeatmap, MSRATargets

SHIFT = 0.25


def decode_second_max(
    heatmaps: Tensor, shift: float = SHIFT
) -> tuple[np.ndarray, np.ndarray]:
    r"""Move each maximum m towards the second maximum s.

    .. math::
        p = m + 0.25 \, \frac{s - m}{\|s - m\|_2}

    s is the pixel of the second highest value, wherever it lies; among equal values the
    first in row order is taken. Maps without a positive value give (-1, -1), as in
    MMPose.

    Args:
        heatmaps (Tensor): (..., H, W), at least two pixels each.
        shift (float): Length of the move in heat-map pixels. Default: 0.25.

    Returns:
        tuple[np.ndarray, np.ndarray]: Positions (..., 2) as (x, y) in heat-map pixels
        and the maxima (...), both float32.

    Example:
        >>> maps = torch.tensor([[[0.0, 0.1, 0.0], [0.0, 1.0, 0.5]]])
        >>> points, scores = decode_second_max(maps)
        >>> points.tolist(), scores.tolist()
        ([[1.25, 1.0]], [1.0])
    """
    shape, width = heatmaps.shape[:-2], heatmaps.shape[-1]
    flat = heatmaps.detach().flatten(-2).float()
    first, second, scores = two_maxima(flat.reshape(-1, flat.shape[-1]))
    points = np.empty((2, len(first), 2), np.float32)
    for place, point in zip((first, second), points, strict=True):
        point[:, 1], point[:, 0] = np.divmod(place, width)
    found, step = points[0], points[1] - points[0]
    step *= np.float32(shift) / np.hypot(step[:, :1], step[:, 1:])
    found += step
    # As in MMPose, the position of a map with nan is that of the nan.
    found[scores <= 0] = -1
    return found.reshape(*shape, 2), scores.reshape(shape)


@KEYPOINT_CODECS.register_module()
class SecondMaxHeatmap(CheckedHeatmap, MSRATargets, MSRAHeatmap):
    r"""MSRA heat maps that are decoded by DAUNet's eq. 1.

    :class:`~mmpose.codecs.MSRAHeatmap` moves the maximum by 0.25 along *each*
    axis by the sign of the gradient, up to 0.35 pixels along a diagonal; eq. 1
    moves it by 0.25 along the unit vector towards the second maximum, which for
    a smooth peak is one of the four neighbors. Encoding is the same.

    The maxima of all maps of a batch are found at once, on their device.

    Args:
        input_size (tuple): Image size [w, h].
        heatmap_size (tuple): Heat-map size [W, H].
        sigma (float): Standard deviation of the Gaussian in heat-map pixels.
        **kwargs: Arguments of :class:`~mmpose.codecs.MSRAHeatmap`; ``unbiased``
            changes only the encoding, and ``blur_kernel_size`` is not allowed.

    Raises:
        ConfigError: If an argument has a value that the codec cannot use.

    Example:
        >>> codec = SecondMaxHeatmap((64, 64), heatmap_size=(16, 16), sigma=2)
        >>> encoded = codec.encode(np.array([[[21.0, 40.0]]]))
        >>> keypoints, scores = codec.decode(encoded['heatmaps'])
        >>> keypoints.round(2).tolist(), scores.tolist()
        ([[[20.0, 39.0]]], [[1.0]])
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if 'blur_kernel_size' in kwargs:
            raise ConfigError(
                self,
                'blur_kernel_size',
                kwargs['blur_kernel_size'],
                'is not supported: eq. 1 takes the maps as they are',
                'leave it out',
            )
        super().__init__(*args, **kwargs)

    def decode(self, encoded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Decode the maps of one person.

        Args:
            encoded (np.ndarray): (K, H, W).

        Returns:
            tuple[np.ndarray, np.ndarray]: Key points (1, K, 2) in input pixels
            and scores (1, K).
        """
        keypoints, scores = self.batch_decode(torch.from_numpy(encoded)[None])
        return keypoints[0], scores[0]

    def batch_decode(
        self, batch_encoded: Tensor
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """Decode the maps of many persons.

        Args:
            batch_encoded (Tensor): (B, K, H, W).

        Returns:
            tuple[list[np.ndarray], list[np.ndarray]]: B times key points
            (1, K, 2) in input pixels and scores (1, K).
        """
        points, scores = decode_second_max(batch_encoded)
        keypoints = points * self.scale_factor
        return list(keypoints[:, None]), list(scores[:, None])
