# Decodes by the paper's eq. 1: a quarter pixel towards the second maximum. Training is
# unchanged; to test existing weights with it, add
# --cfg-options model.head.decoder.type=SecondMaxHeatmap
_base_ = '../td-hm_daunet_1xb128-200e_mpii-256x256.py'

codec = dict(type='SecondMaxHeatmap')
model = dict(head=dict(decoder=codec))

train_pipeline = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', direction='horizontal'),
    dict(type='RandomBBoxTransform', shift_prob=0),
    dict(type='TopdownAffine', input_size=_base_.codec.input_size),
    dict(type='GenerateTarget', encoder=dict(_base_.codec, **codec)),
    dict(type='PackPoseInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
