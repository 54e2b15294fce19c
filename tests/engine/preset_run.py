"""A few iterations of a published preset, for the tests of resuming."""

import os
import signal

import tiny_run
import torch
from mmengine.config import Config
from mmengine.runner import Runner


def train_preset(config, work_dir, stop_at=None, workers=0, resume=False):
    """Two epochs of four batches; leaves the final state in ``work_dir/final.pt``.

    Args:
        config (str): A preset on synthetic figures.
        work_dir (str): For the checkpoints.
        stop_at (int, optional): The iteration, from 1, in which SIGTERM arrives.
        workers (int): Of the loaders.
        resume (bool): Whether to go on from there.
    """
    torch.set_num_threads(1)
    cfg = Config.fromfile(config)
    cfg.merge_from_dict(
        {
            'work_dir': str(work_dir),
            'resume': resume,
            'train_cfg.max_epochs': 2,
            'train_cfg.val_interval': 2,
            'randomness': dict(seed=3),
            'log_level': 'ERROR',
            'default_hooks.checkpoint.interval': 1,
            'train_dataloader.dataset.num_images': 8,
            'val_dataloader.dataset.num_images': 4,
            'test_dataloader.dataset.num_images': 4,
            'train_dataloader.batch_size': 2,
            'train_dataloader.num_workers': workers,
            'train_dataloader.persistent_workers': workers > 0,
            'val_dataloader.num_workers': 0,
            'val_dataloader.persistent_workers': False,
        }
    )
    cfg.model.backbone.pop('init_cfg', None)
    cfg.experiment_name = f'{os.path.basename(work_dir)}-{resume}'
    runner = Runner.from_cfg(cfg)
    if stop_at is not None:
        runner.register_hook(
            tiny_run.ActAt(
                'before_train_iter',
                stop_at,
                lambda _: os.kill(os.getpid(), signal.SIGTERM),
            )
        )
    runner.train()
    state = dict(
        model=runner.model.state_dict(),
        optimizer=runner.optim_wrapper.state_dict(),
        ema=[
            hook.ema_model.state_dict()
            for hook in runner.hooks
            if type(hook).__name__ == 'EMAHook'
        ],
        rates=runner.optim_wrapper.get_lr(),
        best=runner.message_hub.get_info('best_score'),
    )
    torch.save(state, os.path.join(work_dir, 'final.pt'))
