# CA-HRNet for one CPU, at the size of HRNet-W8.
_base_ = './hrnet-w8.py'

# The head computes like MMPose's HeatmapHead, and also works in bfloat16.
model = dict(backbone=dict(type='CAHRNet'), head=dict(type='Float32HeatmapHead'))
