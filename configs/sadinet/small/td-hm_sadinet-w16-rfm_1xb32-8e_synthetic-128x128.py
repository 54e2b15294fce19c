# Without SFM and DLM: the hourglass of RFM blocks.
_base_ = './td-hm_hourglass-w16_1xb32-8e_synthetic-128x128.py'

model = dict(backbone=dict(block='RFM', block_cfg=dict(se_ratio=4)))
