"""The assigner and the losses that the config of a YOLO-Pose head selects."""

from typing import Any

from mmpose.registry import TASK_UTILS
from torch import nn

from ....utils import ConfigError
from ...utils.build import build_part, find_registered, is_loss

# MMPose finds COCO's metainfo in its package.
_DEFAULT_LOSSES: dict[str, dict[str, Any]] = {
    'loss_bbox': dict(type='CIoULoss', loss_weight=0.05),
    'loss_kpt': dict(
        type='MicroOKSLoss',
        metainfo='configs/_base_/datasets/coco.py',
        loss_weight=0.1,
    ),
    'loss_obj': dict(type='BCELoss'),
    'loss_vis': dict(type='BCELoss', loss_weight=0.5),
}


def build_assigner(owner: Any, cfg: dict | None) -> Any:
    """Build the part that matches annotated people with anchors.

    Args:
        owner (str | type | object): The head.
        cfg (dict, optional): Config of an assigner registered in
            ``mmpose.registry.TASK_UTILS``. Default: :class:`.AnchorRatioAssigner`.

    Raises:
        ConfigError: If it names no registered assigner.
    """
    if cfg is None:
        cfg = dict(type='AnchorRatioAssigner')
    kind = cfg.get('type') if isinstance(cfg, dict) else None
    if find_registered(TASK_UTILS, kind) is None:
        raise ConfigError(
            owner,
            'assigner',
            cfg,
            'names no registered assigner',
            "write dict(type='AnchorRatioAssigner')",
        )
    return TASK_UTILS.build(cfg)


def build_loss(owner: Any, argument: str, cfg: dict | None) -> nn.Module:
    """Build one of the four losses.

    Args:
        owner (str | type | object): The head.
        argument (str): ``loss_bbox``, ``loss_kpt``, ``loss_obj`` or ``loss_vis``.
        cfg (dict, optional): Its config. Default: see :class:`.YOLOPoseHead`.

    Raises:
        ConfigError: If it names no registered loss, or has bad arguments.
    """
    cfg = cfg or _DEFAULT_LOSSES[argument]
    return build_part(cfg, {}, owner, argument, suggest=is_loss)


def check_sigmas(owner: Any, loss: nn.Module, num_keypoints: int) -> None:
    """Raise unless the key-point loss has no sigmas, or one for each joint.

    Args:
        owner (str | type | object): The head.
        loss (nn.Module): Its ``loss_kpt``.
        num_keypoints (int): Number of key points K.

    Raises:
        ConfigError: If the numbers differ.
    """
    sigmas = getattr(loss, 'sigmas', None)
    if sigmas is not None and len(sigmas) != num_keypoints:
        raise ConfigError(
            owner,
            'num_keypoints',
            num_keypoints,
            f'is not the number of sigmas of loss_kpt.metainfo, {len(sigmas)}',
            "set both to those of the data, such as loss_kpt=dict(type='"
            "MicroOKSLoss', metainfo='my_joints.py', loss_weight=0.1)",
        )
