"""Image loading that keeps the last images, since each may have several boxes."""

from collections import OrderedDict
from typing import Any

import numpy as np
from mmpose.registry import TRANSFORMS

from ...utils.checks import check_positive_ints
from .loading import LoadCheckedImage


@TRANSFORMS.register_module()
class LoadCachedImage(LoadCheckedImage):
    """``LoadCheckedImage`` that decodes an image with several boxes only once.

    With :class:`.ImageGroupedSampler` the boxes of an image come one after another. A
    kept image is read-only, so that a transform that tries to paint into it fails
    instead of changing the next sample; crops are copies.

    Args:
        images (int): Number of images to keep in each worker. Default: 2.
        megabytes (int): Upper limit of their total size; an image beyond it is not
            kept. Default: 64.
        **kwargs: Arguments of :class:`.LoadCheckedImage`.

    Raises:
        ConfigError: If a bound is not a positive integer.
    """

    def __init__(self, images: int = 2, megabytes: int = 64, **kwargs: Any) -> None:
        check_positive_ints(self, images=images, megabytes=megabytes)
        super().__init__(**kwargs)
        self.images = images
        self.megabytes = megabytes
        self._kept: OrderedDict[str, np.ndarray] = OrderedDict()

    def _load(self, path: str) -> np.ndarray:
        """Return the image as (H, W, 3) uint8, BGR, or raise ImageError."""
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        image = super()._load(path)
        bound = self.megabytes << 20
        if image.nbytes > bound:
            return image
        image.flags.writeable = False
        self._kept[path] = image
        while len(self._kept) > self.images or self.cached_bytes > bound:
            self._kept.popitem(last=False)
        return image

    @property
    def cached_bytes(self) -> int:
        """Return the size of all kept images."""
        return sum(image.nbytes for image in self._kept.values())

    def __getstate__(self) -> dict:
        """Return the state without images: a copy for another worker starts empty."""
        return dict(self.__dict__, _kept=OrderedDict())
