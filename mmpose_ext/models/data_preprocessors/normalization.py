"""Normalization of 8-bit images through a table of the 256 possible values."""

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from torch import Tensor


class BufferPool:
    """One buffer that is reused while no tensor refers to it.

    Fresh memory of a batch's size comes from the system page by page, which takes
    longer than filling it. A tensor that was handed out and is still referenced, by a
    hook or by the graph of a backward pass, is never written to.
    """

    def __init__(self) -> None:
        self._buffer: Tensor | None = None

    def take(self, shape: Sequence[int]) -> Tensor:
        """Return an uninitialized float32 tensor on the CPU.

        Args:
            shape (Sequence[int]): Its shape.

        Returns:
            Tensor: A view of the buffer, or of a new one if the old is in use.
        """
        size = int(np.prod(shape))
        buffer = self._buffer
        if buffer is None or buffer.numel() < size or _holders(buffer) > 1:
            buffer = self._buffer = torch.empty(size)
        return buffer[:size].view(*shape)


def _holders(tensor: Tensor) -> int:
    """Return the number of tensors, including autograd's, that share the storage."""
    count = getattr(torch._C, '_storage_Use_Count', None)
    if count is None:
        return 2  # unknown; treated as in use
    storage = tensor.untyped_storage()
    # One of them is this Python object's.
    return count(storage._cdata) - 1


class TableNormalizer:
    """Normalizes (3, H, W) images of 8 bits into rows of a batch, exactly.

    Each of the 256 values of a channel is normalized once, in float32 by the same
    operations as MMEngine's preprocessor, and then looked up.

    Args:
        mean (Tensor): (1 or 3, 1, 1).
        std (Tensor): As ``mean``.
        swap (bool): Whether the order of the channels is reversed.
    """

    def __init__(self, mean: Tensor, std: Tensor, swap: bool) -> None:
        values = torch.arange(256, dtype=torch.float32)
        table = (values[None, None] - mean.cpu()) / std.cpu()
        self.tables = table[:, 0].expand(3, 256).contiguous().numpy()
        self.order = (2, 1, 0) if swap else (0, 1, 2)

    def __call__(self, images: Sequence[Tensor], out: Tensor) -> None:
        """Normalize images into ``out``.

        Args:
            images (Sequence[Tensor]): uint8, (3, H, W) each, on the CPU.
            out (Tensor): float32, (N, 3, H, W), contiguous, on the CPU.
        """
        rows = out.numpy()
        for row, image in zip(rows, images, strict=True):
            planes = image.numpy()
            for channel, source in enumerate(self.order):
                cv2.LUT(planes[source], self.tables[channel], dst=row[channel])
