"""Averages the heat maps of several crops in a common frame of the image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from mmpose.structures import PoseDataSample
from torch import Tensor


@dataclass(frozen=True)
class CropBoxes:
    """Places of the crops of N persons in their images.

    Attributes:
        centers (np.ndarray): Centers, (N, 2), (x, y) in image pixels.
        sizes (np.ndarray): Sizes, (N, 2), (w, h) in image pixels.
    """

    centers: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, samples: Sequence[PoseDataSample]) -> 'CropBoxes':
        """Read the frames that ``TopdownAffine`` noted in data samples."""
        return cls(
            np.stack([s.metainfo['input_center'] for s in samples]).astype(float),
            np.stack([s.metainfo['input_scale'] for s in samples]).astype(float),
        )

    def same_as(self, other: 'CropBoxes') -> bool:
        """Check whether all crops are the same."""
        return np.array_equal(self.centers, other.centers) and np.array_equal(
            self.sizes, other.sizes
        )


def resample(
    heatmaps: Tensor, source: CropBoxes, target: CropBoxes, udp: bool
) -> tuple[Tensor, Tensor]:
    r"""Resample heat maps bilinearly from the crops' frames into others.

    In MMPose, pixel u of a heat map lies at x = c + S (u / E - 1/2) in the image,
    where c is the crop's center, S its size, and E = W the heat map's width, or
    E = W - 1 in UDP's convention (likewise for y). So pixel u of the target reads the
    source at

    .. math::
        u_s = \frac{S}{S_s} u + E \left(\frac{c - c_s}{S_s} + \frac{1}{2}
              - \frac{S}{2 S_s}\right)

    Args:
        heatmaps (Tensor): (N, K, H, W), float32.
        source (CropBoxes): Their crops.
        target (CropBoxes): The crops whose frames are wanted.
        udp (bool): Whether the codec follows UDP's convention.

    Returns:
        tuple[Tensor, Tensor]: The maps (N, K, H, W), and whether the source shows each
        pixel, (N, 1, H, W) bool; where it does not, the map is undefined.
    """
    height, width = heatmaps.shape[-2:]
    places, inside = [], []
    for axis, length in enumerate((width, height)):
        extent = length - 1 if udp else length
        ratio = target.sizes[:, axis] / source.sizes[:, axis]
        offset = (target.centers - source.centers)[:, axis] / source.sizes[:, axis]
        start = extent * (offset + 0.5 - 0.5 * ratio)
        place = ratio[:, None] * np.arange(length) + start[:, None]
        # A tolerance, so that rounding does not put pixels on the border outside.
        inside.append((place > -1e-4) & (place < length - 1 + 1e-4))
        places.append(2 * place / max(length - 1, 1) - 1)
    x, y = (torch.from_numpy(p).to(heatmaps) for p in places)
    size = (len(heatmaps), height, width)
    grid = torch.stack((x[:, None].expand(size), y[:, :, None].expand(size)), -1)
    warped = F.grid_sample(heatmaps, grid, padding_mode='border', align_corners=True)
    shown = torch.from_numpy(inside[0][:, None] & inside[1][:, :, None])
    return warped, shown[:, None].to(heatmaps.device)


def average_heatmaps(
    heatmaps: Sequence[Tensor],
    frames: Sequence[CropBoxes],
    reference: CropBoxes,
    udp: bool,
) -> Tensor:
    """Average heat maps of several crops in the frame of one.

    Each pixel is averaged over the crops that show it; pixels that none shows are
    zero. Maps that are already in the reference frame are not resampled.

    Args:
        heatmaps (Sequence[Tensor]): Heat maps (N, K, H, W) of each crop.
        frames (Sequence[CropBoxes]): Frame of each crop.
        reference (CropBoxes): The frame of the average.
        udp (bool): Whether the codec follows UDP's convention.

    Returns:
        Tensor: (N, K, H, W), in the dtype of the maps; computed in float32.
    """
    first = heatmaps[0]
    total = torch.zeros_like(first, dtype=torch.float32)
    count = total.new_zeros(len(first), 1, *first.shape[-2:])
    for maps, frame in zip(heatmaps, frames, strict=True):
        if frame.same_as(reference):
            total += maps
            count += 1
            continue
        warped, shown = resample(maps.float(), frame, reference, udp)
        total += torch.where(shown, warped, 0)
        count += shown
    return (total / count.clamp(min=1)).to(first.dtype)
