"""Training with several processes without a GPU.

MMEngine's launchers call ``torch.cuda.set_device`` and give every process's wrapper a
CUDA device. Both can be avoided from outside: its runner keeps an existing process
group, and takes the wrapper's devices from the config.
"""

import os

import torch
from mmengine.config import Config
from torch import distributed


def prepare_processes(config: Config) -> Config:
    """Prepare a config for the processes that ``torchrun`` started.

    With one process nothing changes. With several the config gets
    ``launcher='pytorch'``. Without CUDA, in addition, the process group is opened here,
    with gloo, and the model's wrapper gets no devices.

    Args:
        config (Config): The config of a training; changed in place.

    Returns:
        Config: ``config``.
    """
    if int(os.environ.get('WORLD_SIZE', '1')) < 2:
        return config
    config.launcher = 'pytorch'
    if not torch.cuda.is_available():
        if not distributed.is_initialized():
            distributed.init_process_group('gloo')
        wrapper = config.get('model_wrapper_cfg') or {}
        defaults = dict(
            type='MMDistributedDataParallel',
            device_ids=None,
            broadcast_buffers=False,
            find_unused_parameters=config.get('find_unused_parameters', False),
        )
        config.model_wrapper_cfg = {**defaults, **wrapper}
    return config
