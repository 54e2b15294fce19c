# MMPose's Hourglass-52 (Tables 3 and 4), under this recipe.
_base_ = './td-hm_sadinet-hg52-rfm_2xb32-210e_mpii-256x256.py'

model = dict(backbone=dict(block='BasicBlock'))
