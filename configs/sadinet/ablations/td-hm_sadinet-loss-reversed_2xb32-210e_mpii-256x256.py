# chi for H1 and 1 - chi for H2: the paper saw sudden drops with this weighting (section
# IV-E.3).
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(head=dict(weighting=dict(type='ReversedSigmaWeighting')))
