# COCO key points for one-stage networks, 960x960: MMPose's YOLOX-Pose config with
# the published YOLO-Pose's augmentation and the folder named once. Set COCO_ROOT to
# read from elsewhere. Training images without any annotated person are dropped by
# MMPose's data set.
_base_ = [
    'mmpose::body_2d_keypoint/yoloxpose/coco/yoloxpose_s_8xb32-300e_coco-640.py',
    '../default_runtime.py',
]

data_root = '{{$COCO_ROOT:data/coco}}'

input_size = (960, 960)
codec = dict(type='YOLOXPoseAnnotationProcessor', input_size=input_size)

# No rotation, shear or mix-up; the mosaic stays on to the end.
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
    # In MMPose `keep_empty=False` keeps a picture that nobody is left in.
    dict(type='FilterAnnotations', by_kpt=True, by_box=True, keep_empty=False),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='BottomupResize', input_size=input_size, pad_val=(114, 114, 114)),
    *_base_.val_pipeline[2:],
]

train_dataloader = dict(
    dataset=dict(
        data_root=data_root,
        ann_file='annotations/person_keypoints_train2017.json',
        data_prefix=dict(img='train2017/'),
        pipeline=train_pipeline,
    )
)
val_dataloader = dict(
    dataset=dict(
        data_root=data_root,
        ann_file='annotations/person_keypoints_val2017.json',
        data_prefix=dict(img='val2017/'),
        pipeline=val_pipeline,
    )
)
test_dataloader = val_dataloader
val_evaluator = dict(ann_file=data_root + '/annotations/person_keypoints_val2017.json')
# Testing adds the AP of each joint and, with an outfile_prefix, the curves.
test_evaluator = dict(type='CocoCurveMetric', **val_evaluator)
default_hooks = dict(
    checkpoint=dict(interval=5, save_best='coco/AP', rule='greater', max_keep_ckpts=1)
)

# RGB from 0 to 1; sides are filled up to the coarsest stride.
model = dict(
    init_cfg=None,
    data_preprocessor=dict(
        _delete_=True,
        type='PoseDataPreprocessor',
        mean=[0, 0, 0],
        std=[255, 255, 255],
        bgr_to_rgb=True,
        pad_size_divisor=64,
    ),
)
