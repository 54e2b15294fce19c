# Decodes by the paper's eq. 1: a quarter pixel toward the second maximum. Training is
# unchanged; to test existing weights with it, add
# --cfg-options model.head.decoder.type=SecondMaxHeatmap
_base_ = '../td-hm_daunet_1xb128-200e_mpii-256x256.py'

codec = dict(type='SecondMaxHeatmap')
model = dict(head=dict(decoder=codec))
