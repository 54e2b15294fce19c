# Without SFM and DLM: the hourglass of RFM blocks (Table 3).
_base_ = './td-hm_sadinet-hourglass_2xb32-210e_mpii-256x256.py'

model = dict(backbone=dict(block='RFM'))
