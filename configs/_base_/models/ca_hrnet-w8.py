# CA-HRNet for one CPU, at the size of HRNet-W8.
_base_ = './hrnet-w8.py'

model = dict(backbone=dict(type='CAHRNet'))
