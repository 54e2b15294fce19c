# The plain hourglass of BasicBlocks (Tables 3 and 4).
_base_ = './td-hm_sadinet-rfm_2xb32-210e_mpii-256x256.py'

model = dict(backbone=dict(block='BasicBlock'))
