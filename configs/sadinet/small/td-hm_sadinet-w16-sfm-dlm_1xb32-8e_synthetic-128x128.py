# BasicBlock in place of RFM.
_base_ = './td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py'

model = dict(backbone=dict(block='BasicBlock', block_cfg=None))
