# CA-HRNet for one CPU, at the size of HRNet-W8.
_base_ = './hrnet-w8.py'

# The head computes as MMPose's HeatmapHead, and works under bfloat16.
model = dict(backbone=dict(type='CAHRNet'), head=dict(type='Float32HeatmapHead'))
