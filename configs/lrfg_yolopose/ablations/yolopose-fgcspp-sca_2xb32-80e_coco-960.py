# Without implicit knowledge (Table 1).
_base_ = '../lrfg-yolopose_2xb32-80e_coco-960.py'

model = dict(
    neck=dict(conv=dict(type='ConvModule')),
    head=dict(head_module=dict(implicit=False)),
)
