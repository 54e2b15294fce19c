# FGCSPP alone (Table 1).
_base_ = '../yolopose_2xb32-80e_coco-960.py'

model = dict(backbone=dict(pooling=dict(_delete_=True, type='FGCSPP')))
