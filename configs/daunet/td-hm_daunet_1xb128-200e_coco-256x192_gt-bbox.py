# The same model, evaluated on ground-truth boxes. Never compare across box protocols.
_base_ = './td-hm_daunet_1xb128-200e_coco-256x192.py'

val_dataloader = dict(dataset=dict(bbox_file=None))
test_dataloader = val_dataloader
