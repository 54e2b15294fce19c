"""Random scaling and shifting about the center of a mosaic."""

import cv2
import numpy as np
from mmpose.datasets.transforms import BottomupRandomAffine
from mmpose.registry import TRANSFORMS

from ...utils import ConfigError
from ...utils.checks import check_numbers, check_range


@TRANSFORMS.register_module()
class CanvasRandomAffine(BottomupRandomAffine):
    """Scale and shift about the center of the canvas, as in the published YOLO-Pose.

    MMPose's own ``'perspective'`` mode scales about the center of the *input*, which
    is a corner region of a mosaic of twice the size, and its ``'affine'`` mode treats
    ``scale_factor`` as the visible share of the picture. Here the canvas is ``canvas``
    inputs wide and high; at a scale of 1 the input shows its center at original size,
    and a scale of 1.5 enlarges it. The shift is a share of the input's width and
    height.

    Keys are those of MMPose's ``BottomupRandomAffine``, with three differences:

    - ``img_shape`` becomes (height, width) of the output, and ``input_size`` is not
      set. The affine transforms of MMPose write ``input_size`` as (width, height) but
      its ``RandomFlip`` reads it as (height, width), so after the stock class every
      flipped label of a rectangular input is wrong (mmpose#3015).
    - ``img_mask``, (H, W), is transformed like the image; pixels from outside the
      canvas are 0.
    - ``canvas_area``, (N,), is added: the area of each person's box before it is cut
      at the border, in square pixels of the output.

    The paper: "random scaling in the range of [0.5, 1.5], random translation scale
    in the range of [-10, 10]", read as percent; no rotation, no shear.

    Args:
        input_size (tuple[int, int]): Width and height in pixels.
        scale_factor (tuple[float, float]): Default: (0.5, 1.5).
        shift_factor (float): Default: 0.1.
        canvas (float): 2 after a mosaic; 1 for a single picture, which at a scale
            of 1 then fits into the input. Default: 2.
        rotate_factor (float): Largest rotation in degrees. Default: 0.
        pad_val (float | tuple): Default: 114.
        **kwargs: Other arguments of MMPose's class, except ``transform_mode``.

    Raises:
        ConfigError: If the scales or ``canvas`` are not above 0, or a
            ``transform_mode`` is given.

    Example:
        >>> affine = CanvasRandomAffine((8, 8), (2.0, 2.0), 0.0, canvas=1.0)
        >>> results = dict(img=np.zeros((8, 8, 3), np.uint8), img_shape=(8, 8))
        >>> results['keypoints'] = np.array([[[4.0, 4.0], [5.0, 4.0]]])
        >>> results['keypoints_visible'] = np.ones((1, 2))
        >>> affine(results)['keypoints'].round(3).tolist()
        [[[4.0, 4.0], [6.0, 4.0]]]
    """

    def __init__(
        self,
        input_size: tuple[int, int],
        scale_factor: tuple[float, float] = (0.5, 1.5),
        shift_factor: float = 0.1,
        canvas: float = 2.0,
        rotate_factor: float = 0.0,
        pad_val: float | tuple = 114,
        **kwargs,
    ) -> None:
        if 'transform_mode' in kwargs:
            raise ConfigError(
                self,
                'transform_mode',
                kwargs['transform_mode'],
                "is not supported; it is always 'affine'",
                'leave it out',
            )
        check_numbers(self, above=0, canvas=canvas)
        check_range(self, above=0, scale_factor=scale_factor)
        options = dict(
            scale_type='long',
            distribution='uniform',
            bbox_keep_corner=False,
            clip_border=True,
        )
        super().__init__(
            input_size=input_size,
            scale_factor=scale_factor,
            shift_factor=shift_factor,
            rotate_factor=rotate_factor,
            pad_val=pad_val,
            transform_mode='affine',
            **{**options, **kwargs},
        )
        self.canvas = canvas

    # Not cached itself: the parent's method, which draws the parameters, is cached.
    def _get_transform_params(self) -> tuple:
        """Return the random parameters in MMPose's terms: the visible part.

        Returns:
            tuple: Offset (2,) and size (1,) of the visible part, as shares of the
            canvas; rotation and shear.
        """
        shift, scale, rotate, shear = super()._get_transform_params()
        seen = 1 / (self.canvas * scale)
        return -shift * seen, seen, rotate, shear

    def transform(self, results: dict) -> dict:
        """Transform the image and its labels.

        Args:
            results (dict): ``img`` and ``img_shape``; optionally ``keypoints``
                (N, K, 2), ``keypoints_visible`` (N, K), ``bbox`` (N, 4) as corners,
                ``area`` (N,) and ``img_mask`` (H, W).

        Returns:
            dict: The same, in pixels of the output.
        """
        width, height = (int(side) for side in self.input_size)
        boxes = np.array(results.get('bbox', np.zeros((0, 4))))
        sides = boxes[:, 2:] - boxes[:, :2]
        # OpenCV rejects empty arrays.
        empty = {
            key: results.pop(key)
            for key in ('keypoints', 'bbox')
            if key in results and not len(results[key])
        }
        results = {**super().transform(results), **empty}
        warp = results['warp_mat']
        if 'bbox' in results:
            results['canvas_area'] = sides.prod(axis=1) * abs(
                np.linalg.det(warp[:, :2])
            )
        if 'img_mask' in results:
            results['img_mask'] = cv2.warpAffine(
                results['img_mask'], warp, (width, height), flags=cv2.INTER_NEAREST
            )
        results.pop('input_size')
        results['img_shape'] = (height, width)
        return results
