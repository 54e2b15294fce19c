# Hourglass-52 of RFM blocks (Table 3).
_base_ = './td-hm_sadinet-hg52-hourglass_2xb32-210e_mpii-256x256.py'

model = dict(backbone=dict(block='RFM'))
