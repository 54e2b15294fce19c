# IBN off.
_base_ = './td-hm_daunet-w16_1xb32-8e_synthetic-128x128.py'

model = dict(backbone=dict(block='Bottleneck'))
