# SFM and DLM on the plain hourglass (Table 4).
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(backbone=dict(block='BasicBlock'))
