"""MMPose's heat-map codecs that decode all samples of a batch at once."""

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmpose.codecs import MSRAHeatmap, UDPHeatmap
from mmpose.registry import KEYPOINT_CODECS
from torch import Tensor

from ..utils.checks import (
    check_bools,
    check_numbers,
    check_odd,
    check_positive_int_lists,
)
from ..utils.errors import ConfigError, check_choice
from .batch_decoding import (
    heatmap_maxima,
    move_quarter,
    refine_dark,
    refine_dark_udp,
)
from .batch_targets import batch_gaussians

Decoded = tuple[list[np.ndarray], list[np.ndarray]]


def _flattened(batch_encoded: Tensor) -> Tensor:
    """Return (B, K, H, W) as (B K, H, W), in a precision that NumPy has."""
    maps = batch_encoded.detach().flatten(0, 1)
    if maps.dtype.itemsize < 4:  # half precision
        maps = maps.float()
    return maps.contiguous()


def _split(points: np.ndarray, scores: np.ndarray, shape: Sequence[int]) -> Decoded:
    """Split arrays into those of each sample: (1, K, 2) and (1, K)."""
    count, joints = shape[:2]
    keypoints = points.reshape(count, 1, joints, 2)
    return list(keypoints), list(scores.reshape(count, 1, joints))


class CheckedHeatmap:
    """Mixin to list before MMPose's codecs, which do not check their arguments.

    Raises:
        ConfigError: If a size, width or switch has a value that no heat map can have.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given = inspect.signature(super().__init__).bind(*args, **kwargs).arguments
        for name, value in given.items():
            if name.endswith('_size') and name != 'blur_kernel_size':
                check_positive_int_lists(self, length=2, **{name: value})
            elif name == 'blur_kernel_size':
                check_odd(self, blur_kernel_size=value)
            elif name == 'unbiased':
                check_bools(self, unbiased=value)
            elif name in ('sigma', 'radius_factor'):
                check_numbers(self, above=0, **{name: value})
            elif name == 'heatmap_type':
                check_choice(self, name, value, ('gaussian', 'combined'))
        super().__init__(*args, **kwargs)


class MSRATargets:
    """Targets of a batch, for subclasses of ``MSRAHeatmap``."""

    scale_factor: np.ndarray
    heatmap_size: tuple[int, int]
    sigma: float
    unbiased: bool

    def batch_encode(
        self, keypoints: Tensor, visible: Tensor, out: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Make the heat maps of many persons, on the key points' device.

        Args:
            keypoints (Tensor): (B, K, 2) in input pixels.
            visible (Tensor): (B, K).
            out (Tensor, optional): Where to write the heat maps.

        Returns:
            tuple[Tensor, Tensor]: Heat maps (B, K, H, W) and weights (B, K).
        """
        return batch_gaussians(
            keypoints / torch.from_numpy(self.scale_factor).to(keypoints.device),
            visible,
            self.heatmap_size,
            self.sigma,
            unbiased=self.unbiased,
            out=out,
        )


@KEYPOINT_CODECS.register_module()
class BatchMSRAHeatmap(CheckedHeatmap, MSRATargets, MSRAHeatmap):
    """``MSRAHeatmap`` whose decoding takes a whole batch, on its device.

    MMPose's heads call :meth:`batch_decode` if a codec has it. Positions and
    scores equal those of ``MSRAHeatmap``; with ``unbiased`` (DARK) they lie within
    1e-4 pixels. A map with nan gives the same result as there.

    Args:
        **kwargs: Arguments of :class:`mmpose.codecs.MSRAHeatmap`.

    Example:
        >>> import torch
        >>> codec = BatchMSRAHeatmap((64, 64), heatmap_size=(16, 16), sigma=2)
        >>> maps = codec.encode(np.array([[[21.0, 40.0]]]))['heatmaps']
        >>> keypoints, scores = codec.batch_decode(torch.from_numpy(maps)[None])
        >>> keypoints[0].tolist(), scores[0].tolist()
        ([[[20.0, 40.0]]], [[1.0]])
    """

    def batch_decode(self, batch_encoded: Tensor) -> Decoded:
        """Decode the maps of many persons.

        Args:
            batch_encoded (Tensor): (B, K, H, W).

        Returns:
            tuple[list[np.ndarray], list[np.ndarray]]: B times key points (1, K, 2)
            in input pixels and scores (1, K).
        """
        maps = _flattened(batch_encoded)
        places, scores = heatmap_maxima(maps)
        if self.unbiased:
            points = refine_dark(maps, places, self.blur_kernel_size)
        else:
            points = move_quarter(maps, places)
        keypoints = points * self.scale_factor
        return _split(keypoints, scores, batch_encoded.shape)


@KEYPOINT_CODECS.register_module()
class BatchUDPHeatmap(CheckedHeatmap, UDPHeatmap):
    """``UDPHeatmap`` whose decoding takes a whole batch, on its device.

    Like :class:`BatchMSRAHeatmap`; positions lie within 1e-4 pixels of
    ``UDPHeatmap``'s. Maps of the type ``'combined'`` are decoded one after another.

    Args:
        **kwargs: Arguments of :class:`mmpose.codecs.UDPHeatmap`.

    Example:
        >>> import torch
        >>> codec = BatchUDPHeatmap((64, 64), heatmap_size=(16, 16), sigma=2)
        >>> maps = codec.encode(np.array([[[21.0, 42.0]]]))['heatmaps']
        >>> keypoints, scores = codec.batch_decode(torch.from_numpy(maps)[None])
        >>> bool(np.abs(keypoints[0] - [21.0, 42.0]).max() < 1)
        True
    """

    def batch_encode(
        self, keypoints: Tensor, visible: Tensor, out: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Make the heat maps of many persons, on the key points' device.

        Args:
            keypoints (Tensor): (B, K, 2) in input pixels.
            visible (Tensor): (B, K).
            out (Tensor, optional): Where to write the heat maps.

        Returns:
            tuple[Tensor, Tensor]: Heat maps (B, K, H, W) and weights (B, K).

        Raises:
            ConfigError: If ``heatmap_type`` is ``'combined'``.
        """
        if self.heatmap_type != 'gaussian':
            raise ConfigError(
                self,
                'heatmap_type',
                self.heatmap_type,
                'cannot make the targets of a whole batch',
                "choose 'gaussian', or GenerateTarget in the pipeline",
            )
        return batch_gaussians(
            keypoints / torch.from_numpy(self.scale_factor).to(keypoints.device),
            visible,
            self.heatmap_size,
            self.sigma,
            udp=True,
            out=out,
        )

    def batch_decode(self, batch_encoded: Tensor) -> Decoded:
        """Decode the maps of many persons; see :class:`BatchMSRAHeatmap`.

        Args:
            batch_encoded (Tensor): (B, K, H, W), or (B, 3 K, H, W) if combined.

        Returns:
            tuple[list[np.ndarray], list[np.ndarray]]: B times key points (1, K, 2)
            in input pixels and scores (1, K).
        """
        if self.heatmap_type != 'gaussian':
            samples = batch_encoded.detach().float().cpu().numpy()
            decoded = [self.decode(sample) for sample in samples]
            return [k for k, _ in decoded], [s for _, s in decoded]
        maps = _flattened(batch_encoded)
        places, scores = heatmap_maxima(maps)
        joints = batch_encoded.shape[1]
        points = refine_dark_udp(maps, places, self.blur_kernel_size, joints)
        width, height = self.heatmap_size
        keypoints = points / [width - 1, height - 1] * self.input_size
        return _split(keypoints, scores, batch_encoded.shape)
