"""Multiplies hue, saturation and value by random factors."""

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from mmcv.transforms.utils import cache_randomness
from mmpose.registry import TRANSFORMS

from ...utils.checks import check_numbers


@TRANSFORMS.register_module()
class RandomHSVGain(BaseTransform):
    """Multiply hue, saturation and value by random factors.

    This is what the published YOLO-Pose does; MMPose's ``YOLOXHSVRandomAug`` adds
    instead. The paper says "various color augmentations". Each factor is uniform in
    [1 - gain, 1 + gain]. Hue is taken modulo 180 (OpenCV's half degrees), the others
    are clipped at 255. Changes ``img``, (H, W, 3) uint8, BGR.

    Args:
        hue (float): Gain of the hue. Default: 0.015.
        saturation (float): Gain of the saturation. Default: 0.7.
        value (float): Gain of the value. Default: 0.4.

    Raises:
        ConfigError: If a gain is outside [0, 1].

    Example:
        >>> image = np.full((2, 2, 3), 100, np.uint8)
        >>> noisy = RandomHSVGain(value=1)(dict(img=image))['img']
        >>> noisy.shape, len(np.unique(noisy))  # gray stays gray
        ((2, 2, 3), 1)
    """

    def __init__(
        self, hue: float = 0.015, saturation: float = 0.7, value: float = 0.4
    ) -> None:
        super().__init__()
        gains = dict(hue=hue, saturation=saturation, value=value)
        check_numbers(self, least=0, most=1, **gains)
        self.gains = (hue, saturation, value)

    @cache_randomness
    def _factors(self) -> np.ndarray:
        """Draw factors for hue, saturation and value, (3,)."""
        # MMPose's transforms draw from the global generator, which workers seed.
        return 1 + np.random.uniform(-1, 1, 3) * self.gains  # noqa: NPY002

    def transform(self, results: dict) -> dict:
        """Return ``results`` with changed colors."""
        hue, saturation, value = self._factors()
        levels = np.arange(256)
        tables = np.stack(
            [
                levels * hue % 180,
                (levels * saturation).clip(0, 255),
                (levels * value).clip(0, 255),
            ],
            axis=1,
        ).astype(np.uint8)
        image = cv2.cvtColor(results['img'], cv2.COLOR_BGR2HSV)
        image = cv2.LUT(image, tables[None])
        results['img'] = cv2.cvtColor(image, cv2.COLOR_HSV2BGR)
        return results

    def __repr__(self) -> str:
        return f'{type(self).__name__}(gains={self.gains})'
