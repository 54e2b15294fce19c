# SADI-Net tested as in the paper: "image pyramids with six scales and flipping". The
# scales are our choice: 0.8 to 1.3 by 0.1. Training and validation stay plain.
_base_ = './td-hm_sadinet_2xb32-210e_mpii-256x256.py'

test_pipeline = [
    dict(type='LoadCachedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(
        type='TopdownPyramid',
        transforms=[
            dict(type='TopdownAffine', input_size=_base_.codec.input_size),
            dict(type='FastPackPoseInputs'),
        ],
    ),
]
test_dataloader = dict(dataset=dict(pipeline=test_pipeline))
custom_hooks = [dict(type='PrepareTTAHook', tta_cfg=dict(type='PyramidTTAModel'))]
