# CA-HRNet-W32: coordinate attention in all 104 basic blocks of HRNet-W32.
_base_ = './hrnet-w32.py'

model = dict(backbone=dict(type='CAHRNet'))
