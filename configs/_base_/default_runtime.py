# The runtime of every config: plugin, hooks, processes, logging.
_base_ = './reliable_hooks.py'

default_scope = 'mmpose'

# Hooks of every run; `custom_hooks` is free for schedules and configs. Each config adds
# the score that selects its best checkpoint: checkpoint=dict(save_best=...).
default_hooks = dict(
    **_base_.reliable_hooks,
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=50),
    param_scheduler=dict(type='ParamSchedulerHook'),
    sampler_seed=dict(type='DistSamplerSeedHook'),
    visualization=dict(type='PaintedVisualizationHook', enable=False),
    badcase=dict(
        type='BadCaseAnalysisHook',
        enable=False,
        out_dir='badcase',
        metric_type='loss',
        badcase_thr=5,
    ),
)

env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    dist_cfg=dict(backend='nccl'),
)
visualizer = dict(
    type='SafeNamePoseVisualizer',
    vis_backends=[dict(type='LocalVisBackend')],
    name='visualizer',
)
log_processor = dict(type='LogProcessor', window_size=50, by_epoch=True, num_digits=6)
log_level = 'INFO'

# Initial weights, and whether to resume an interrupted run.
load_from = None
resume = False

val_cfg = dict()
test_cfg = dict()
