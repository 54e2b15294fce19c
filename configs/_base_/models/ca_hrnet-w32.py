# CA-HRNet-W32: coordinate attention in all 104 basic blocks of HRNet-W32.
_base_ = './hrnet-w32.py'

# The head computes like MMPose's HeatmapHead, and also works in bfloat16.
model = dict(backbone=dict(type='CAHRNet'), head=dict(type='Float32HeatmapHead'))
