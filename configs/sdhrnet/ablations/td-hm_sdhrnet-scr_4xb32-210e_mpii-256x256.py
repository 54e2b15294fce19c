# Table 3: SCR alone. MMPose's head takes the last feature map.
_base_ = '../td-hm_sdhrnet_4xb32-210e_mpii-256x256.py'

model = dict(
    backbone=dict(sem=None),
    head=dict(type='HeatmapHead', in_channels=32, deconv_out_channels=None),
)
