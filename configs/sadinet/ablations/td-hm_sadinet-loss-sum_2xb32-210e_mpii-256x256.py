# Both heat maps' losses with weight 1 (Table 5).
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(
    head=dict(weighting=dict(_delete_=True, type='ConstantWeighting', h1=1.0, h2=1.0))
)
