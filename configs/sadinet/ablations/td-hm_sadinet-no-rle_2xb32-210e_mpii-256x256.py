# lambda = 0: eq. 8 as printed, without the likelihood.
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(head=dict(rle_weight=0.0))
