# SCR and SEM, no DASP: the row that Table 3 leaves out.
_base_ = '../td-hm_sdhrnet_4xb32-210e_mpii-256x256.py'

model = dict(head=dict(type='HeatmapHead', in_channels=32, deconv_out_channels=None))
