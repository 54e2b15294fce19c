# Without SCA (Table 1).
_base_ = '../lrfg-yolopose_2xb32-80e_coco-960.py'

model = dict(backbone=dict(attention_stages=()))
