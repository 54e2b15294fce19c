# A DAUNet that a CPU can train: a quarter of the encoder's width and an eighth of
# the decoder's, 1.80 M parameters, 0.119 G at 128x128 (paper's counter). SGE keeps
# 8 channels a group.
daunet_backbone = dict(
    _delete_=True,
    type='DAUNetEncoder',
    depth=50,
    block='IBNBottleneck',
    stem_channels=16,
    base_channels=16,
)
daunet_neck = dict(
    type='DAUNetDecoder',
    in_channels=(64, 128, 256, 512),
    channels=(64, 32, 32),
    rebuild=dict(type='SCRU'),
    attention=dict(type='SGE', groups=8),
)
daunet_head = dict(in_channels=32, final_layer=dict(kernel_size=3, padding=1))

# SimpleBaseline with ResNet-50 at the same width; the deconvolutions are narrowed
# until parameters (1.78 M) and operations (0.120 G) match DAUNet's.
res50_backbone = dict(
    _delete_=True, type='ResNet', depth=50, stem_channels=16, base_channels=16
)
res50_head = dict(in_channels=512, deconv_out_channels=(32, 32, 32))
