# Both heat maps' losses with weight 1.
_base_ = './td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py'

model = dict(
    head=dict(weighting=dict(_delete_=True, type='ConstantWeighting', h1=1.0, h2=1.0))
)
