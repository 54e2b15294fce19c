# chi for H1 and 1 - chi for H2: the weighting with sudden drops (section IV-E.3).
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(head=dict(weighting=dict(type='ReversedSigmaWeighting')))
