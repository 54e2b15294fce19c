# Attention off: HRNet-W32 under the same recipe, for comparison.
_base_ = '../td-hm_ca-hrnet-w32_1xb16-210e_lspet-256x256.py'

model = dict(backbone=dict(attention=dict(type='Identity')))
