# SADI-Net tested on LSP as in the paper, with six scales and flipping.
_base_ = './td-hm_sadinet_2xb32-210e_lsp-256x256.py'

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
custom_hooks = [dict(type='PrepareTTAHook', tta_cfg=dict(type='PyramidTTAModel'))]
