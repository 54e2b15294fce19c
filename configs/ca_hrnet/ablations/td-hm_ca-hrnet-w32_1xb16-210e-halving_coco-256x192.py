# The literal schedule. "Every 3.6 million iterations the rate is halved", read as
# samples, means every 24.0 epochs of COCO's 149,813 persons.
_base_ = '../td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192.py'

param_scheduler = [dict(type='StepLR', step_size=24, gamma=0.5)]
