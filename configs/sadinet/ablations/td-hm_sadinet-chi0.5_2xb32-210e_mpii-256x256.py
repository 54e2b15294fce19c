# chi = 0.5, the "constant" of eq. 8; the value is our choice.
_base_ = '../td-hm_sadinet_2xb32-210e_mpii-256x256.py'

model = dict(
    head=dict(weighting=dict(_delete_=True, type='ConstantWeighting', h1=0.5, h2=0.5))
)
