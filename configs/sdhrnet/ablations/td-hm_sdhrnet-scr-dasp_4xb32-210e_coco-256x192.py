# Table 3: SCR and DASP, no SEM.
_base_ = '../td-hm_sdhrnet_4xb32-210e_coco-256x192.py'

model = dict(backbone=dict(sem=None))
