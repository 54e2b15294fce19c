# lambda = 0: eq. 8 as printed, without the likelihood.
_base_ = './td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py'

model = dict(head=dict(rle_weight=0.0))
