# SCRU off.
_base_ = './td-hm_daunet-w16_1xb32-8e_synthetic-128x128.py'

model = dict(neck=dict(rebuild=dict(type='Identity')))
