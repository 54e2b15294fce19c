# The runtime of the presets for one CPU: short runs, which log and save more often.
_base_ = './default_runtime.py'

default_hooks = dict(
    logger=dict(interval=20),
    checkpoint=dict(interval=2, max_keep_ckpts=1),
    keep_memory=dict(type='KeepMemoryHook'),
)
