# The small SADI-Net tested with six scales and flipping.
_base_ = './td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py'

test_dataloader = dict(
    dataset=dict(
        pipeline=[
            *_base_.val_pipeline[:2],
            dict(type='TopdownPyramid', transforms=_base_.val_pipeline[2:]),
        ]
    )
)
custom_hooks = [
    *_base_.custom_hooks,
    dict(type='PrepareTTAHook', tta_cfg=dict(type='PyramidTTAModel')),
]
