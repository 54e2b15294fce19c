# Attention off: HRNet-W32 at the same schedule, for a comparison side by side.
_base_ = '../td-hm_ca-hrnet-w32_1xb16-210e_lspet-256x256.py'

model = dict(backbone=dict(attention=dict(type='Identity')))
