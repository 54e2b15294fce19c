"""A one-stage head whose features are its raw predictions, for sums by hand."""

from mmpose.registry import MODELS
from torch import nn

from mmpose_ext.models.heads.yolopose import YOLOPoseHead

OKS = dict(type='MicroOKSLoss', loss_weight=0.1)  # Without sigmas: 4 sigma^2 = 1.


@MODELS.register_module()
class RawPredictions(nn.Module):
    """Stands in for the layers: the features are the raw predictions."""

    def __init__(self, num_anchors, num_keypoints, strides):
        super().__init__()
        self.sizes = 6 * num_anchors, 3 * num_keypoints * num_anchors

    def forward(self, feats):
        split = [feat.split(self.sizes, dim=1) for feat in feats]
        return [box for box, _ in split], [kpt for _, kpt in split]


def make_head(**kwargs):
    """A head of one level, stride 8, one anchor of 10 x 10 and two joints."""
    options = dict(
        head_module=dict(type='RawPredictions'),
        num_keypoints=2,
        anchors=[[(10, 10)]],
        strides=(8,),
        level_balance=(1.0,),
        loss_kpt=OKS,
    )
    return YOLOPoseHead(**{**options, **kwargs})
