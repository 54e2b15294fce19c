# COCO key points for one-stage networks, 960x960, with the published YOLO-Pose's
# augmentation. COCO_ROOT can name another folder. MMPose's data set leaves out training
# images without an annotated person.
dataset_type = 'CocoDataset'
data_mode = 'bottomup'
data_root = '{{$COCO_ROOT:data/coco}}'
num_keypoints = 17
save_best = 'coco/AP'

input_size = (960, 960)
codec = dict(type='YOLOXPoseAnnotationProcessor', input_size=input_size)

# No rotation, shear or mix-up. The mosaic is used until the last epoch.
train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(
        type='Mosaic',
        img_scale=input_size,
        pad_val=114.0,
        pre_transform=[dict(type='LoadCheckedImage')],
    ),
    dict(
        type='CanvasRandomAffine',
        input_size=input_size,
        scale_factor=(0.5, 1.5),
        shift_factor=0.1,
    ),
    dict(type='RandomHSVGain', hue=0.015, saturation=0.7, value=0.4),
    dict(type='RandomFlip'),
    # In MMPose, `keep_empty=False` keeps the images that have lost all people.
    dict(type='FilterAnnotations', by_kpt=True, by_box=True, keep_empty=False),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='FastPackPoseInputs'),
]
# The keys needed to map predictions back to the original image.
meta_keys = (
    'id',
    'img_id',
    'img_path',
    'ori_shape',
    'img_shape',
    'input_size',
    'input_center',
    'input_scale',
)
val_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='BottomupResize', input_size=input_size, pad_val=(114, 114, 114)),
    dict(type='FastPackPoseInputs', meta_keys=meta_keys),
]

train_dataloader = dict(
    num_workers=8,
    persistent_workers=True,
    pin_memory=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        filter_cfg=dict(filter_empty_gt=False, min_size=32),
        ann_file='annotations/person_keypoints_train2017.json',
        data_prefix=dict(img='train2017/'),
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=1,
    num_workers=2,
    persistent_workers=True,
    pin_memory=True,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
    dataset=dict(
        type=dataset_type,
        data_root=data_root,
        data_mode=data_mode,
        ann_file='annotations/person_keypoints_val2017.json',
        data_prefix=dict(img='val2017/'),
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

val_evaluator = dict(
    type='CocoPersonMetric',
    ann_file=data_root + '/annotations/person_keypoints_val2017.json',
    score_mode='bbox',
    nms_mode='none',
    # As in the published YOLO-Pose's test.
    clip_keypoints=True,
)
# Testing also reports the AP of each joint and, with an outfile_prefix, the
# precision-recall curves.
test_evaluator = dict(val_evaluator, type='CocoCurveMetric')
