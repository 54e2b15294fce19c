# Lite-HRNet-18: MMPose's config, unchanged except for the data folder.
_base_ = [
    'mmpose::body_2d_keypoint/topdown_heatmap/coco/'
    'td-hm_litehrnet-18_8xb64-210e_coco-256x192.py',
    '../../_base_/reliable_hooks.py',
]

data_root = '{{$COCO_ROOT:data/coco}}'

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
