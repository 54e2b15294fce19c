# chi = sigma with its gradient: sigma also learns from the weighting.
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(head=dict(weighting=dict(detach=False)))
