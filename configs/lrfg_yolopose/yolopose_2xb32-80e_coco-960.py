# The baseline: YOLO-Pose (YOLOv5s6-pose) on COCO at 960 px, trained from scratch.
_base_ = [
    '../_base_/datasets/coco-bottomup-960.py',
    '../_base_/models/yolopose.py',
    '../_base_/schedules/yolopose.py',
]

model = dict(
    backbone=_base_.yolopose_backbone,
    neck=_base_.yolopose_neck,
    head=_base_.yolopose_head,
    test_cfg=_base_.yolopose_test_cfg,
)
train_cfg = _base_.yolopose_train_cfg
optim_wrapper = _base_.yolopose_optim_wrapper
param_scheduler = _base_.yolopose_param_scheduler
custom_hooks = _base_.yolopose_custom_hooks
train_dataloader = dict(batch_size=32)
auto_scale_lr = dict(base_batch_size=64)
