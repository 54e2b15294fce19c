# Implicit knowledge alone (Table 1): implicit vectors and ghost convolutions.
_base_ = '../yolopose_2xb32-80e_coco-960.py'

model = dict(
    neck=dict(conv=dict(type='GhostConv')),
    head=dict(head_module=dict(implicit=True)),
)
