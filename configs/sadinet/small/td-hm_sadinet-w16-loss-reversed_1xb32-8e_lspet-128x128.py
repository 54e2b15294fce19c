# chi for H1 and 1 - chi for H2: the paper saw sudden drops with this weighting.
_base_ = './td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py'

model = dict(head=dict(weighting=dict(type='ReversedSigmaWeighting')))
