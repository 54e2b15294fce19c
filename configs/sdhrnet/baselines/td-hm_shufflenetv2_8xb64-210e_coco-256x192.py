# Simple baseline, ShuffleNetV2: MMPose's config, without pretraining.
_base_ = [
    'mmpose::body_2d_keypoint/topdown_heatmap/coco/'
    'td-hm_shufflenetv2_8xb64-210e_coco-256x192.py',
    '../../_base_/reliable_hooks.py',
]

data_root = '{{$COCO_ROOT:data/coco}}'
model = dict(backbone=dict(_delete_=True, type='ShuffleNetV2', widen_factor=1.0))

train_dataloader = dict(dataset=dict(data_root=data_root))
val_dataloader = dict(
    dataset=dict(
        data_root=data_root,
        bbox_file=data_root + '/person_detection_results/'
        'COCO_val2017_detections_AP_H_56_person.json',
    )
)
test_dataloader = val_dataloader
val_evaluator = dict(ann_file=data_root + '/annotations/person_keypoints_val2017.json')
test_evaluator = val_evaluator
default_hooks = dict(_base_.reliable_hooks)
visualizer = dict(type='SafeNamePoseVisualizer')
