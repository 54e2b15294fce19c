"""Training samples that hold only what a heat-map head's loss reads."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import torch
from mmpose.registry import KEYPOINT_CODECS
from torch import Tensor

from ...utils.errors import ConfigError
from .normalization import BufferPool


class Fields(SimpleNamespace):
    """Attributes by name, with the look-ups of MMEngine's data elements."""

    def __contains__(self, name: str) -> bool:
        return name in self.__dict__

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def keys(self) -> list[str]:
        """Return the names of the attributes."""
        return list(self.__dict__)


class LeanSample:
    """A reduced ``PoseDataSample`` for training.

    Attributes:
        gt_fields (Fields): ``heatmaps`` (K, H, W).
        gt_instance_labels (Fields): ``keypoint_weights`` (1, K).
        gt_instances (Fields): ``transformed_keypoints`` (1, K, 2) in input pixels and
            ``keypoints_visible`` (1, K).
        metainfo (dict): Other information, such as ``img_path``.
    """

    def __init__(
        self,
        gt_fields: Fields,
        gt_instance_labels: Fields,
        gt_instances: Fields,
        metainfo: dict,
    ) -> None:
        self.gt_fields = gt_fields
        self.gt_instance_labels = gt_instance_labels
        self.gt_instances = gt_instances
        self.metainfo = metainfo

    def set_metainfo(self, metainfo: Mapping[str, Any]) -> None:
        """Add to ``metainfo``."""
        self.metainfo.update(metainfo)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the entry of ``metainfo`` of this name."""
        return self.metainfo.get(name, default)


class TargetMaker:
    """Makes the targets of a batch from its key points, on their device.

    Args:
        codec (dict): Config of a codec with ``batch_encode``, the same as the head's
            decoder.

    Raises:
        ConfigError: If the codec has no ``batch_encode``.
    """

    def __init__(self, codec: dict) -> None:
        self.codec = KEYPOINT_CODECS.build(codec)
        if not hasattr(self.codec, 'batch_encode'):
            raise ConfigError(
                'FastPoseDataPreprocessor',
                'codec',
                codec.get('type'),
                'cannot make the targets of a whole batch',
                'choose BatchMSRAHeatmap, BatchUDPHeatmap or SecondMaxHeatmap, or '
                'keep GenerateTarget and PackPoseInputs in the pipeline',
            )

        self._pool = BufferPool()

    def __call__(self, batch: Mapping[str, Any]) -> list[LeanSample]:
        """Return samples with targets.

        Args:
            batch (Mapping): ``keypoints`` (B, K, 2) in input pixels,
                ``keypoints_visible`` (B, K), optionally ``keypoint_factors`` (B, K)
                that the weights are multiplied by, and lists with one entry for each
                sample, which become metainfo.

        Returns:
            list[LeanSample]: B samples, whose targets are views of the batch's.
        """
        points, visible = batch['keypoints'], batch['keypoints_visible']
        width, height = self.codec.heatmap_size
        out = None
        if points.device.type == 'cpu':  # a GPU's allocator keeps memory itself
            out = self._pool.take((*points.shape[:2], height, width))
        heatmaps, weights = self.codec.batch_encode(points, visible, out)
        if 'keypoint_factors' in batch:
            weights = weights * batch['keypoint_factors']
        lists = {k: v for k, v in batch.items() if isinstance(v, list)}
        return [
            LeanSample(
                Fields(heatmaps=heatmaps[i]),
                Fields(keypoint_weights=weights[i : i + 1]),
                Fields(
                    transformed_keypoints=points[i : i + 1],
                    keypoints_visible=visible[i : i + 1],
                ),
                {name: values[i] for name, values in lists.items()},
            )
            for i in range(len(points))
        ]


def is_lean(batch: Mapping[str, Any]) -> bool:
    """Check whether a batch is from :class:`.PackLeanInputs` and lacks its targets.

    Args:
        batch (Mapping): A batch of ``default_collate`` or ``pseudo_collate``.
    """
    points = batch.get('keypoints')
    if isinstance(points, list) and points:
        points = points[0]
    return 'data_samples' not in batch and isinstance(points, Tensor)


def stack_lists(batch: Mapping[str, Any]) -> dict[str, Any]:
    """Return a batch with its lists of tensors, as ``pseudo_collate`` makes, stacked.

    >>> batch = dict(keypoints=[torch.zeros(17, 2)] * 3, img_path=['a', 'b', 'c'])
    >>> stack_lists(batch)['keypoints'].shape
    torch.Size([3, 17, 2])

    Args:
        batch (Mapping): Tensors, lists of tensors of one shape, and other lists.
    """
    return {
        name: torch.stack(value)
        if isinstance(value, list) and value and isinstance(value[0], Tensor)
        else value
        for name, value in batch.items()
    }
