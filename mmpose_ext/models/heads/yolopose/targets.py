"""The annotated people of a batch, collected in tensors."""

from dataclasses import dataclass

import torch
from mmpose.structures import PoseDataSample
from torch import Tensor

from ....utils import ConfigError


@dataclass
class BatchTargets:
    """All N annotated people of a batch, in input pixels.

    Attributes:
        images (Tensor): (N,), the image index of each, int64.
        boxes (Tensor): (N, 4), corners.
        keypoints (Tensor): (N, K, 2).
        visible (Tensor): (N, K), 1 where annotated, else 0.
    """

    images: Tensor
    boxes: Tensor
    keypoints: Tensor
    visible: Tensor


def collect_targets(
    samples: list[PoseDataSample], like: Tensor, num_keypoints: int
) -> BatchTargets:
    """Collect the annotations of a batch.

    Args:
        samples (list[PoseDataSample]): Samples with ``gt_instance_labels``:
            ``bboxes``, ``keypoints``, ``keypoints_visible``. An image without people
            has none of these, or empty ones.
        like (Tensor): A tensor on the device to use.
        num_keypoints (int): Number of key points K.

    Returns:
        BatchTargets: The people, in float32.

    Raises:
        ConfigError: If the people have another number of joints.
    """
    labels = [sample.get('gt_instance_labels') for sample in samples]
    people = [(i, label) for i, label in enumerate(labels) if label and len(label)]
    for _, label in people:
        found = label['keypoints'].shape[-2]
        if found != num_keypoints:
            raise ConfigError(
                'YOLOPoseHead',
                'num_keypoints',
                num_keypoints,
                f"is not the data's number of joints, {found}",
                'give the head, its loss_kpt.metainfo and the data set the same joints',
            )
    options = dict(device=like.device, dtype=torch.float32)

    def gather(name: str, *shape: int) -> Tensor:
        parts = [torch.as_tensor(label[name], **options) for _, label in people]
        empty = torch.zeros(0, *shape, **options)
        return torch.cat([empty, *(part.reshape(-1, *shape) for part in parts)])

    counts = torch.tensor([len(label) for _, label in people], dtype=torch.long)
    images = torch.tensor([i for i, _ in people], dtype=torch.long)
    visible = gather('keypoints_visible', num_keypoints)
    return BatchTargets(
        images=images.repeat_interleave(counts).to(like.device),
        boxes=gather('bboxes', 4),
        keypoints=gather('keypoints', num_keypoints, 2),
        visible=(visible > 0).float(),
    )
