# DAUNet at full width, under names of its own: MMEngine refuses one key from two
# bases, and the data files bring `model` along. Strides 4, 8, 16, 32 and back to 4.
daunet_backbone = dict(
    _delete_=True,
    type='DAUNetEncoder',
    depth=50,
    block='IBNBottleneck',
    # "Pre-trained in the convolutional network part": what a ResNet-50 has for it.
    init_cfg=dict(type='PretrainedResNet', checkpoint='torchvision://resnet50'),
)
daunet_neck = dict(
    type='DAUNetDecoder',
    in_channels=(256, 512, 1024, 2048),
    channels=(512, 256, 256),
    rebuild=dict(type='SCRU'),
    attention=dict(type='SGE', groups=64),
)
daunet_head = dict(in_channels=256, final_layer=dict(kernel_size=3, padding=1))
