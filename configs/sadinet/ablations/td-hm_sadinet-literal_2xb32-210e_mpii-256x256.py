# Eq. 8 as printed, without the likelihood, and sigma from sigmoid(0) = 0.5: mu leaves
# the image (docs/papers/sadinet.md, Stability).
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(head=dict(rle_weight=0.0, sfm=dict(sigma_init=0.5)))
