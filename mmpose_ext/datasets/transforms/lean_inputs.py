"""Training samples of plain tensors, with key points instead of heat maps."""

from typing import Any

import cv2
import numpy as np
import torch
from mmcv.transforms import BaseTransform
from mmpose.registry import TRANSFORMS

from ...utils.errors import ConfigError
from .deferred_flip import check_flipped


@TRANSFORMS.register_module()
class PackLeanInputs(BaseTransform):
    """Pack training samples, in place of ``GenerateTarget`` and ``PackPoseInputs``.

    A sample is an 8-bit image and its key points. With
    ``collate_fn=dict(type='default_collate')``, a batch leaves a loader's worker as
    three tensors with less than half of the bytes. :class:`.FastPoseDataPreprocessor`
    makes the heat maps of the whole batch on the network's device.

    Required Keys:

        - img
        - transformed_keypoints
        - keypoints_visible
        - dataset_keypoint_weights (with use_dataset_keypoint_weights)

    Args:
        use_dataset_keypoint_weights (bool): As for ``GenerateTarget``. Default: False.
        meta_keys (tuple[str]): Keys of strings that are kept for messages. Default:
            ``('img_path',)``.
    """

    def __init__(
        self,
        use_dataset_keypoint_weights: bool = False,
        meta_keys: tuple[str, ...] = ('img_path',),
    ) -> None:
        self.use_dataset_keypoint_weights = use_dataset_keypoint_weights
        self.meta_keys = tuple(meta_keys)

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Pack one person.

        Args:
            results (dict): Results of the pipeline after ``TopdownAffine``.

        Returns:
            dict: ``inputs`` (3, H, W), uint8; ``keypoints`` (K, 2) in input pixels;
            ``keypoints_visible`` (K,); ``keypoint_factors`` (K,) if asked for.

        Raises:
            ConfigError: If the sample has no cropped image and key points of one
                person, or if a flip still waits for its warp.
        """
        check_flipped(self, results)
        points = results.get('transformed_keypoints')
        if points is None or points.ndim != 3 or len(points) != 1:
            raise ConfigError(
                self,
                'results',
                sorted(results),
                'have no key points of one person in the crop',
                'put PackLeanInputs after FlipTopdownAffine, in training only',
            )
        visible = results['keypoints_visible'][0]
        if visible.ndim == 2:  # visibility and its weight
            visible = visible[:, 0]
        packed = dict(
            inputs=image_planes(results['img']),
            keypoints=_tensor(points[0, :, :2]),
            keypoints_visible=_tensor(visible),
        )
        if self.use_dataset_keypoint_weights:
            packed['keypoint_factors'] = _tensor(results['dataset_keypoint_weights'])
        packed.update({k: str(results[k]) for k in self.meta_keys if k in results})
        return packed


@TRANSFORMS.register_module()
class DropImage(BaseTransform):
    """Drop the image, to measure the time that a pipeline takes for loading only."""

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Return one number.

        Args:
            results (dict): Results of the pipeline.
        """
        return dict(inputs=torch.zeros(1))


def _tensor(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))


def image_planes(image: np.ndarray) -> torch.Tensor:
    """Return an image with its channels one after another.

    Args:
        image (np.ndarray): (H, W, C).

    Returns:
        torch.Tensor: (C, H, W), a copy of the same type.
    """
    planes = np.empty((image.shape[2], *image.shape[:2]), dtype=image.dtype)
    for channel in range(image.shape[2]):
        cv2.extractChannel(image, channel, dst=planes[channel])
    return torch.from_numpy(planes)
