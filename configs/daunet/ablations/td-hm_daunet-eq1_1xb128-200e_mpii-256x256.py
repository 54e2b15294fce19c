# Decoded by the paper's eq. 1: a quarter pixel towards the second maximum. Training
# is the same; for weights at hand test with
# --cfg-options model.head.decoder.type=SecondMaxHeatmap
_base_ = '../td-hm_daunet_1xb128-200e_mpii-256x256.py'

codec = dict(
    type='SecondMaxHeatmap', input_size=(256, 256), heatmap_size=(64, 64), sigma=2
)
model = dict(head=dict(decoder=codec))

train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', direction='horizontal'),
    dict(type='RandomBBoxTransform', shift_prob=0),
    dict(type='TopdownAffine', input_size=codec['input_size']),
    dict(type='GenerateTarget', encoder=codec),
    dict(type='PackPoseInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
