# chi = 0.5, fixed.
_base_ = './td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py'

model = dict(
    head=dict(weighting=dict(_delete_=True, type='ConstantWeighting', h1=0.5, h2=0.5))
)
