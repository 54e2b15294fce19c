"""Heat-map head whose maps stay in float32 under mixed precision."""

from collections.abc import Sequence
from typing import Any

import torch
from mmpose.models.heads import HeatmapHead
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor

from ...utils.checks import check_positive_int_lists, check_positive_ints, is_list
from ..utils.accuracy import heatmap_accuracy
from ..utils.inherited import check_inherited


class DeviceAccuracy:
    """Loss of a ``HeatmapHead`` whose accuracy is computed on the maps' device.

    MMPose computes it in NumPy in every iteration, for which a GPU has to wait. The
    values are equal. List this class before ``HeatmapHead`` among the bases.
    """

    def loss(
        self,
        feats: Sequence[Tensor],
        batch_data_samples: Sequence[PoseDataSample],
        train_cfg: dict | None = None,
    ) -> dict[str, Tensor]:
        """Return the loss and the accuracy.

        Args:
            feats (Sequence[Tensor]): The input of the head's ``forward``.
            batch_data_samples (Sequence[PoseDataSample]): Samples with heat maps
                (K, H, W) and weights (1, K).
            train_cfg (dict, optional): ``compute_acc=False`` leaves the accuracy out.

        Returns:
            dict[str, Tensor]: ``loss_kpt`` and ``acc_pose``.
        """
        maps = self.forward(feats)  # type: ignore[attr-defined]
        target = torch.stack([s.gt_fields.heatmaps for s in batch_data_samples])
        weights = torch.cat(
            [s.gt_instance_labels.keypoint_weights for s in batch_data_samples]
        )
        loss = self.loss_module(maps, target, weights)  # type: ignore[attr-defined]
        losses = dict(loss_kpt=loss)
        if (train_cfg or {}).get('compute_acc', True):
            losses['acc_pose'] = heatmap_accuracy(maps, target, weights > 0)
        return losses


@MODELS.register_module()
class Float32HeatmapHead(DeviceAccuracy, HeatmapHead):
    """MMPose's :class:`~mmpose.models.HeatmapHead` with maps in float32.

    MMPose computes the training accuracy in NumPy, which has no bfloat16, so that its
    own head stops under ``AmpOptimWrapper(dtype='bfloat16')``. Here the accuracy is
    computed on the maps' device. Without mixed precision both heads give the same
    values, and their weights have the same names.

    Args:
        in_channels (int | Sequence[int]): Channels of the feature map, or of each map.
        out_channels (int): Key points K.
        **kwargs: Arguments of :class:`~mmpose.models.HeatmapHead`.

    Raises:
        ConfigError: If an argument has a value that the head cannot use.

    Example:
        >>> import torch
        >>> head = Float32HeatmapHead(16, 17, deconv_out_channels=None)
        >>> with torch.autocast('cpu', torch.bfloat16):
        ...     head((torch.rand(1, 16, 8, 8),)).dtype
        torch.float32
    """

    def __init__(
        self, in_channels: int | Sequence[int], out_channels: int, **kwargs: Any
    ) -> None:
        if is_list(in_channels):
            check_positive_int_lists(self, in_channels=in_channels)
        else:
            check_positive_ints(self, in_channels=in_channels)
        check_inherited(self, out_channels=out_channels, **kwargs)
        super().__init__(in_channels, out_channels, **kwargs)

    def forward(self, feats: Any) -> Tensor:
        """Return the heat maps, (N, K, H, W), in float32.

        Args:
            feats (Sequence[Tensor]): The last is used, (N, C, H, W).
        """
        return super().forward(feats).float()
