# Coordinate attention with reduction r = 8 (default: 32; the paper gives none).
_base_ = '../td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192.py'

model = dict(backbone=dict(attention=dict(type='CoordAttention', reduction=8)))
