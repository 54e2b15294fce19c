# The small SADI-Net tested with six scales and flipping.
_base_ = './td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py'

test_pipeline = [
    dict(type='LoadCheckedImage'),
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
custom_hooks = [
    *_base_.custom_hooks,
    dict(type='PrepareTTAHook', tta_cfg=dict(type='PyramidTTAModel')),
]
