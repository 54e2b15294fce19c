# SCRU off (Table 4).
_base_ = '../td-hm_daunet_1xb128-200e_mpii-256x256.py'

model = dict(
    neck=dict(rebuild=dict(type='Identity')),
)
