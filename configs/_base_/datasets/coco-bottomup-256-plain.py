# COCO's training images at 256x256 without augmentation, for both training and
# validation: a network that cannot overfit them has an error in assignment, loss,
# decoding or suppression. The scores do not measure accuracy.
_base_ = './coco-bottomup-960.py'

input_size = (256, 256)
codec = dict(type='YOLOXPoseAnnotationProcessor', input_size=input_size)

train_pipeline = [
    dict(type='LoadCheckedImage'),
    # Resizes as BottomupResize does in testing, annotations included.
    dict(
        type='CanvasRandomAffine',
        input_size=input_size,
        canvas=1,
        scale_factor=(1, 1),
        shift_factor=0,
    ),
    dict(type='FilterAnnotations', by_kpt=True, by_box=True, keep_empty=False),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='FastPackPoseInputs'),
]
val_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='BottomupResize', input_size=input_size, pad_val=(114, 114, 114)),
    dict(type='FastPackPoseInputs', meta_keys=_base_.meta_keys),
]

train_dataloader = dict(num_workers=1, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(
    batch_size=8,
    num_workers=1,
    # As in training, images without people are left out.
    dataset=dict(
        test_mode=False,
        ann_file='annotations/person_keypoints_train2017.json',
        data_prefix=dict(img='train2017/'),
        pipeline=val_pipeline,
    ),
)
test_dataloader = val_dataloader

train_file = _base_.data_root + '/annotations/person_keypoints_train2017.json'
# The measured runs were scored without clipping.
val_evaluator = dict(ann_file=train_file, clip_keypoints=False)
test_evaluator = val_evaluator
