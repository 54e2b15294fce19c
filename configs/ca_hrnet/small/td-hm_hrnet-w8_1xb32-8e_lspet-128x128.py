# The same small network without attention, at the same budget.
_base_ = './td-hm_ca-hrnet-w8_1xb32-8e_lspet-128x128.py'

model = dict(backbone=dict(type='HRNet'))
