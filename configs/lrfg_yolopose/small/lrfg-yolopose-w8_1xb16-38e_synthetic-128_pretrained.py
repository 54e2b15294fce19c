# The recipe for small data on the synthetic streets: a small LRFG-YOLOPose that starts
# from the weights in the package, for about 30 minutes on one CPU core. The key points
# have a larger part of the loss, since boxes and objectness are learned far sooner, and a
# person's key points are averaged over all predictions that overlap it. Not from any
# paper.
_base_ = './lrfg-yolopose-w8_1xb16-30e_synthetic-128.py'

load_from = 'mmpose_ext://lrfg_yolopose'
model = dict(
    data_preprocessor=dict(type='FastPoseDataPreprocessor'),
    head=dict(loss_obj=dict(loss_weight=10.0), loss_kpt=dict(loss_weight=5.0)),
    test_cfg=dict(vote_thr=0.6),
)
train_cfg = dict(max_epochs=38, val_interval=19)
