# Hourglass-52 with SFM and DLM (Table 4).
_base_ = './td-hm_sadinet-hg52_2xb32-210e_mpii-256x256.py'

model = dict(backbone=dict(block='BasicBlock'))
