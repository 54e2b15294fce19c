# COCO key points, top-down, 256x192, detector boxes: MMPose's HRNet-W32 config
# (codec, loaders, evaluator, model) with the folder named once. Set COCO_ROOT to
# read from elsewhere; a parser of MMEngine fills the variable in.
_base_ = [
    'mmpose::body_2d_keypoint/topdown_heatmap/coco/'
    'td-hm_hrnet-w32_8xb64-210e_coco-256x192.py',
    '../default_runtime.py',
]

data_root = '{{$COCO_ROOT:data/coco}}'

# The same steps as MMPose's, but a damaged image is an error that names it.
train_pipeline = [dict(type='LoadCheckedImage'), *_base_.train_pipeline[1:]]
val_pipeline = [dict(type='LoadCheckedImage'), *_base_.val_pipeline[1:]]

train_dataloader = dict(dataset=dict(data_root=data_root, pipeline=train_pipeline))
val_dataloader = dict(
    dataset=dict(
        data_root=data_root,
        bbox_file=data_root + '/person_detection_results/'
        'COCO_val2017_detections_AP_H_56_person.json',
        pipeline=val_pipeline,
    )
)
test_dataloader = val_dataloader
val_evaluator = dict(ann_file=data_root + '/annotations/person_keypoints_val2017.json')
# Testing adds which boxes the figures stand on, the AP of each joint and, with an
# outfile_prefix, the precision-recall curves.
test_evaluator = dict(type='CocoCurveMetric', **val_evaluator)
