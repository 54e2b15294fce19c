"""Random flip that works at any place in a pipeline."""

from mmpose.datasets.transforms import RandomFlip
from mmpose.registry import TRANSFORMS


@TRANSFORMS.register_module()
class CanvasRandomFlip(RandomFlip):
    """MMPose's ``RandomFlip``, with the size read from the image itself.

    The stock class reads ``input_size`` as (height, width), although MMPose's
    resizing and affine transforms write (width, height), and ``img_shape``, which has
    three numbers after MMPose's ``Mosaic``. So it misplaces the labels of rectangular
    images after ``BottomupRandomAffine`` and ``BottomupResize`` (mmpose#3015), and
    fails after ``Mosaic``. This class may follow any transform, as long as the labels
    are in pixels of the image.

    Args:
        prob (float | list[float]): Probability of a flip, or of each direction.
            Default: 0.5.
        direction (str | list[str]): ``'horizontal'``, ``'vertical'`` or
            ``'diagonal'``, or several of them. Default: ``'horizontal'``.

    Example:
        >>> import numpy as np
        >>> results = dict(img=np.zeros((8, 16, 3), np.uint8), img_shape=(8, 16))
        >>> results.update(keypoints=np.array([[[2.0, 3.0]]]), flip_indices=[0])
        >>> results['keypoints_visible'] = np.ones((1, 1))
        >>> CanvasRandomFlip(prob=1.0)(results)['keypoints'].tolist()
        [[[13.0, 3.0]]]
    """

    def transform(self, results: dict) -> dict:
        """Randomly flip image, mask, boxes and key points.

        Args:
            results (dict): Dict with ``img``, (H, W, 3), or a list of images, the first
                of which has the labels' size.

        Returns:
            dict: The same, with ``flip`` and ``flip_direction``.
        """
        image = (
            results['img'][0] if isinstance(results['img'], list) else results['img']
        )
        flipped = super().transform({**results, 'input_size': image.shape[:2]})
        del flipped['input_size']
        return {**results, **flipped}
