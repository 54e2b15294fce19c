# Hooks that let a run survive kills, signals and nan: see docs/reliability.md.
# default_runtime.py includes them; a config that inherits one of MMPose's complete
# configs adds them to its `default_hooks`.
_base_ = './custom_imports.py'

reliable_hooks = dict(
    # Writes whole files or none; --resume takes the newest that can be read.
    checkpoint=dict(type='SafeCheckpointHook', interval=10, rule='greater'),
    # Samples depend on (seed, epoch, index) alone, so that a resumed run sees the same.
    reproducible_data=dict(type='ReproducibleDataHook'),
    # Stops at a loss that is nan or infinite; such weights are not saved.
    finite_loss=dict(type='FiniteLossHook'),
    # On SIGTERM and SIGUSR1 saves and exits with status 75.
    preemption=dict(type='PreemptionHook'),
    # Repeats a validation that a stop may have cut off.
    val_after_resume=dict(type='ValAfterResumeHook'),
    # Averages the statistics of the norm layers over the processes at each epoch's end,
    # those of averaged models included.
    sync_buffers=dict(type='SyncAllBuffersHook'),
    # Warns if the total batch size does not match the learning rate.
    batch_size_check=dict(type='BatchSizeCheckHook'),
)
