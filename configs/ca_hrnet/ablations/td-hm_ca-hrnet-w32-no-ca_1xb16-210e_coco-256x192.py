# Attention off: HRNet-W32 under the paper's recipe.
_base_ = '../td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192.py'

model = dict(backbone=dict(attention=dict(type='Identity')))
