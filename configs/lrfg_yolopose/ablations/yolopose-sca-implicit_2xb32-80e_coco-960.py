# Without FGCSPP (Table 1).
_base_ = '../lrfg-yolopose_2xb32-80e_coco-960.py'

model = dict(backbone=dict(pooling=dict(type='SPP', kernel_sizes=(3, 5, 7))))
