# COCO's training images at 256x256, unaugmented, for training and for validation
# alike: a network that cannot learn these by heart has an error somewhere between
# assignment and suppression. No measure of accuracy.
_base_ = './coco-bottomup-960.py'

input_size = (256, 256)
codec = dict(type='YOLOXPoseAnnotationProcessor', input_size=input_size)

train_pipeline = [
    dict(type='LoadCheckedImage'),
    # What BottomupResize does to a test image, done to its annotations, too.
    dict(
        type='CanvasRandomAffine',
        input_size=input_size,
        canvas=1,
        scale_factor=(1, 1),
        shift_factor=0,
    ),
    _base_.train_pipeline[5],
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='BottomupResize', input_size=input_size, pad_val=(114, 114, 114)),
    *_base_.val_pipeline[2:],
]
train_dataloader = dict(
    batch_size=4, num_workers=1, dataset=dict(pipeline=train_pipeline)
)
val_dataloader = dict(
    batch_size=8,
    num_workers=1,
    # As in training, without the images that nobody is in.
    dataset=dict(
        test_mode=False,
        ann_file=_base_.train_dataloader.dataset.ann_file,
        data_prefix=_base_.train_dataloader.dataset.data_prefix,
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader
val_evaluator = dict(
    ann_file=_base_.data_root + '/annotations/person_keypoints_train2017.json'
)
test_evaluator = dict(type='CocoCurveMetric', **val_evaluator)
default_hooks = dict(logger=dict(interval=9), checkpoint=dict(interval=20))
