"""Makes the heat maps of a whole batch from key points, on their device.

A Gaussian is the product of one along x and one along y, so that a batch of maps is
the outer product of two small arrays. The maps are within 1e-6 of those that MMPose
makes for one key point at a time, and the weights are equal.
"""

import torch
from torch import Tensor


def batch_gaussians(
    keypoints: Tensor,
    visible: Tensor,
    size: tuple[int, int],
    sigma: float,
    unbiased: bool = False,
    udp: bool = False,
    out: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Draw a Gaussian for each key point.

    It does the same as :func:`mmpose.codecs.utils.generate_gaussian_heatmaps` or, with
    ``unbiased``, ``generate_unbiased_gaussian_heatmaps`` or, with ``udp``,
    ``generate_udp_gaussian_heatmaps``.

    Args:
        keypoints (Tensor): Positions in heat-map pixels, (B, K, 2).
        visible (Tensor): (B, K); a key point below 0.5 has an empty map.
        size (tuple[int, int]): Heat-map size [W, H].
        sigma (float): Sigma of the Gaussian, in heat-map pixels.
        unbiased (bool): Whether the Gaussian is centered between pixels and covers the
            whole map (DARK).
        udp (bool): Whether it is centered between pixels and cut to a square (UDP).
        out (Tensor, optional): Where to write the heat maps, (B, K, H, W), float32.
            Default: new memory.

    Returns:
        tuple[Tensor, Tensor]: Heat maps (B, K, H, W), float32, and weights (B, K):
        ``visible``, or 0 where the Gaussian lies beyond the border.
    """
    radius = sigma * 3
    # Truncated towards zero, as NumPy converts to integers.
    middle = keypoints if unbiased else (keypoints + 0.5).trunc()
    first, last = middle - radius, middle + radius + 1
    if not unbiased:
        first, last = first.trunc(), last.trunc()
    limits = torch.tensor(size, device=keypoints.device)
    outside = ((first >= limits) | (last < 0)).any(-1)
    if not unbiased:  # NumPy converts nan to an integer far outside
        outside |= keypoints.isnan().any(-1)
    drawn = (visible >= 0.5) & ~outside
    curves = []
    for axis, length in enumerate(size):
        pixel = torch.arange(length, device=keypoints.device, dtype=keypoints.dtype)
        place, near, start, end = (
            x[..., axis, None] for x in (keypoints, middle, first, last)
        )
        if unbiased:
            curve = _gaussian(pixel - place, sigma)
        else:
            # The center lies at half of the square's whole size.
            center = (2 * radius + 1) // 2
            offset = pixel - start - (center + (place - near) if udp else center)
            curve = _gaussian(offset, sigma) * ((pixel >= start) & (pixel < end))
        curves.append(curve.float())
    along_x, along_y = curves
    # NaN must not spread from a key point that is not drawn.
    along_y = torch.where(drawn[..., None], along_y, 0.0)
    along_x = torch.where(drawn[..., None], along_x, 0.0)
    heatmaps = torch.mul(along_y[..., :, None], along_x[..., None, :], out=out)
    weights = torch.where((visible >= 0.5) & outside, 0, visible)
    return heatmaps, weights


def _gaussian(offset: Tensor, sigma: float) -> Tensor:
    return torch.exp(-(offset**2) / (2 * sigma**2))
