"""MMPose's training accuracy, on the maps' device."""

import torch
from torch import Tensor


def heatmap_accuracy(
    output: Tensor, target: Tensor, mask: Tensor, threshold: float = 0.05
) -> Tensor:
    """Compute the share of key points whose maximum lies near the target's.

    The value is that of :func:`mmpose.evaluation.functional.pose_pck_accuracy`, which
    works in NumPy: it copies both batches of maps to the host, and a GPU waits for it
    in every iteration. The value here stays on the device, as a tensor.

    Args:
        output (Tensor): Predicted heat maps, (N, K, H, W).
        target (Tensor): True heat maps, (N, K, H, W).
        mask (Tensor): Whether a key point counts, (N, K), bool.
        threshold (float): Largest distance, x in units of H and y of W, as MMPose
            counts. Default: 0.05.

    Returns:
        Tensor: Mean over the key points that have a target; a scalar in float64, 0
        without any.
    """
    height, width = output.shape[-2:]
    unit = torch.tensor([height, width], device=output.device, dtype=torch.float64)
    gap = (_maxima(output) - _maxima(target)) / unit
    near = gap.norm(dim=-1).float() < threshold
    counted = mask.sum(0)
    shares = (near & mask).sum(0) / counted.clamp_min(1).double()
    there = counted > 0
    return (shares * there).sum() / there.sum().clamp_min(1)


def _maxima(heatmaps: Tensor) -> Tensor:
    """Find the maxima, (N, K, 2) as (x, y), float64; (-1, -1) without positives."""
    flat = heatmaps.detach().flatten(2)
    if flat.dtype.itemsize < 4:
        flat = flat.float()
    if flat.device.type == 'cpu':
        # NumPy's search is several times as fast as PyTorch's.
        index = torch.from_numpy(flat.numpy().argmax(axis=2))
        values = flat.gather(2, index[..., None])[..., 0]
    else:
        values, index = flat.max(dim=2)
    width = heatmaps.shape[-1]
    places = torch.stack((index % width, index // width), dim=2).double()
    return torch.where((values <= 0)[..., None], -1.0, places)
