# The baseline: YOLO-Pose (YOLOv5s6-pose) on COCO at 640 px, trained from scratch.
_base_ = [
    '../_base_/default_runtime.py',
    '../_base_/datasets/coco-bottomup-640.py',
    '../_base_/models/yolopose.py',
    '../_base_/schedules/yolopose.py',
]

model = dict(head=dict(num_keypoints=_base_.num_keypoints))
train_dataloader = dict(batch_size=32)
default_hooks = dict(
    checkpoint=dict(interval=5, save_best=_base_.save_best, max_keep_ckpts=1)
)
