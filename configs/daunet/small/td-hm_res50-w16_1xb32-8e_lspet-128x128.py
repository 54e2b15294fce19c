# SimpleBaseline with MMPose's ResNet-50 at the same width and budget; the deconvolutions
# are narrowed until parameters (1.78 M) and operations (0.120 G) match DAUNet's.
_base_ = '../../_base_/datasets/lspet-128x128.py'

model = dict(
    backbone=dict(
        _delete_=True, type='ResNet', depth=50, stem_channels=16, base_channels=16
    ),
    head=dict(in_channels=512, deconv_out_channels=(32, 32, 32)),
)
