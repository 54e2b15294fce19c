# IBN, SCRU and SGE off (Table 4).
_base_ = '../td-hm_daunet_1xb128-200e_mpii-256x256.py'

model = dict(
    backbone=dict(block='Bottleneck'),
    neck=dict(rebuild=dict(type='Identity'), attention=dict(type='Identity')),
)
