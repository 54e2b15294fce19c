# Attention off: HRNet-W32 with everything else as the paper has it.
_base_ = '../td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192.py'

model = dict(backbone=dict(attention=dict(type='Identity')))
