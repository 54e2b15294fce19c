# SCA alone (Table 1).
_base_ = '../yolopose_2xb32-80e_coco-960.py'

model = dict(backbone=dict(attention_stages=(3, 4), attention=dict(type='SCA')))
