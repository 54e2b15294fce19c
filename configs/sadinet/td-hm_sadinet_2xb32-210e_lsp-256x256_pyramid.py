# SADI-Net tested on LSP as in the paper, with six scales and flipping.
_base_ = './td-hm_sadinet_2xb32-210e_lsp-256x256.py'

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
