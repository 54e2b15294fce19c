# A DAUNet that a CPU can train: a quarter of the encoder's width, 1.80 M parameters
# and 0.119 G (paper's counter). Its decoder is an eighth as wide; SGE keeps 8
# channels a group.
_base_ = '../../_base_/datasets/lspet-128x128.py'

model = dict(
    backbone=dict(
        _delete_=True,
        type='DAUNetEncoder',
        depth=50,
        stem_channels=16,
        base_channels=16,
    ),
    neck=dict(
        type='DAUNetDecoder',
        in_channels=(64, 128, 256, 512),
        channels=(64, 32, 32),
        rebuild=dict(type='SCRU'),
        attention=dict(type='SGE', groups=8),
    ),
    head=dict(in_channels=32, final_layer=dict(kernel_size=3, padding=1)),
)
