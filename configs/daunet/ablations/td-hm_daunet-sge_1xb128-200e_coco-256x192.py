# IBN and SCRU off (Table 4).
_base_ = '../td-hm_daunet_1xb128-200e_coco-256x192.py'

model = dict(
    backbone=dict(block='Bottleneck'),
    neck=dict(rebuild=dict(type='Identity')),
)
