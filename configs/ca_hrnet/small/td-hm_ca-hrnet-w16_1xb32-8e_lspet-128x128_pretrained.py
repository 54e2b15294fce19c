# The same, from the shipped weights, which were trained on drawn figures.
_base_ = './td-hm_ca-hrnet-w16_1xb32-8e_lspet-128x128.py'

load_from = 'mmpose_ext://ca_hrnet'
