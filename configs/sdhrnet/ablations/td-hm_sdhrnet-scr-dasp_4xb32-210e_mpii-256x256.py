# Table 3: SCR and DASP, no SEM.
_base_ = '../td-hm_sdhrnet_4xb32-210e_mpii-256x256.py'

model = dict(backbone=dict(sem=None))
