"""Makes batches whose images leave a loader's worker as one tensor."""

from collections.abc import Sequence
from typing import Any

from mmengine.dataset import pseudo_collate
from mmengine.registry import FUNCTIONS
from torch import Tensor
from torch.utils.data import default_collate


@FUNCTIONS.register_module()
def stacked_collate(samples: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Do the same as ``pseudo_collate``, but stack images of one size.

    A worker passes each tensor on as a file of shared memory, and one file for a batch
    takes less time than one for each image. MMPose's data preprocessors and
    :class:`.FastPoseDataPreprocessor` take stacked images; the former store a wrong
    ``pad_shape`` for them, which no top-down network reads.

    Args:
        samples (Sequence[dict]): Samples with ``inputs``, (C, H, W).

    Returns:
        dict: ``inputs``, (N, C, H, W) if all images have the same shape and type,
            otherwise the list of them; everything else as lists.

    Example:
        >>> import torch
        >>> samples = [dict(inputs=torch.zeros(3, 4, 2), name=name) for name in 'ab']
        >>> batch = stacked_collate(samples)
        >>> batch['inputs'].shape, batch['name']
        (torch.Size([2, 3, 4, 2]), ['a', 'b'])
    """
    batch = pseudo_collate(samples)
    images = batch['inputs']
    if (
        all(isinstance(image, Tensor) for image in images)
        and len({(image.shape, image.dtype) for image in images}) == 1
    ):
        batch['inputs'] = default_collate(images)
    return batch
