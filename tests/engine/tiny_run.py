"""A training of a second with all that a real one has, for the engine's tests.

Its model has dropout, batch norm and an averaged copy; its samples are augmented with
all three global generators; rate and momentum are scheduled by iteration and epoch.
It is run in processes forked from one that has imported everything already.
"""

import itertools
import multiprocessing
import os
import random
import signal

import numpy as np
import torch
from mmengine.evaluator import BaseMetric
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.registry import DATASETS, HOOKS, METRICS, MODELS
from mmengine.runner import Runner
from torch import nn
from torch.utils.data import Dataset

import mmpose_ext  # noqa: F401
from mmpose_ext.compat.excepthook import one_line

torch.set_num_threads(1)
SAMPLES, BATCH, EPOCHS = 24, 4, 3
LENGTH = SAMPLES // BATCH
_RUNS = itertools.count()


@DATASETS.register_module(force=True)
class TinyDataset(Dataset):
    """Points with noise from each global generator; optionally one of nan."""

    def __init__(self, noisy=True, bad=None):
        self.noisy = noisy
        self.bad = bad

    def __len__(self):
        return SAMPLES

    def __getitem__(self, index):
        if not self.noisy:
            return dict(inputs=torch.full((3,), index / SAMPLES), at=index)
        noise = random.random() + np.random.rand() + torch.rand(()).item()  # noqa: NPY002
        point = torch.full((3,), index / SAMPLES) + torch.rand(3) * noise
        return dict(inputs=point * (float('nan') if index == self.bad else 1), at=index)


@MODELS.register_module(force=True)
class TinyModel(BaseModel):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.3), nn.Linear(8, 1)
        )

    def forward(self, inputs, at, mode='tensor'):
        at = torch.as_tensor(at)
        value = self.net(torch.stack(list(inputs)))[:, 0]
        if mode == 'loss':
            error = (value - at.to(value) / SAMPLES).square()
            return dict(loss_kpt=error.mean(), loss_reg=value.abs().mean() / 10)
        return list(value)


@HOOKS.register_module(force=True)
class ActAt(Hook):
    """Call ``action`` at the n-th call of a stage of the run, counted from 1."""

    def __init__(self, stage, n, action, priority='NORMAL'):
        self.priority = priority
        calls = itertools.count(1)

        def stage_method(runner, *args, **kwargs):
            if next(calls) == n:
                action(runner)

        setattr(self, stage, stage_method)


@METRICS.register_module(force=True)
class TinyMetric(BaseMetric):
    def process(self, data_batch, data_samples):
        self.results += [float(value) for value in data_samples]

    def compute_metrics(self, results):
        return dict(acc=sum(results) / len(results))


def config(work_dir, workers=0, hooks=(), bad=None, keep=1, **changes):
    """A config for MMEngine's runner."""
    loader = dict(
        batch_size=BATCH,
        num_workers=workers,
        persistent_workers=workers > 0,
        dataset=dict(type='TinyDataset', bad=bad),
    )
    settings = dict(
        model=dict(type='TinyModel'),
        work_dir=str(work_dir),
        train_dataloader=dict(
            loader, sampler=dict(type='DefaultSampler', shuffle=True)
        ),
        val_dataloader=dict(
            loader,
            dataset=dict(type='TinyDataset', noisy=False),
            sampler=dict(type='DefaultSampler', shuffle=False),
        ),
        val_evaluator=dict(type='TinyMetric'),
        train_cfg=dict(by_epoch=True, max_epochs=EPOCHS, val_interval=1),
        val_cfg=dict(),
        optim_wrapper=dict(
            optimizer=dict(type='SGD', lr=0.1, momentum=0.9, weight_decay=1e-3)
        ),
        param_scheduler=[
            dict(type='LinearLR', start_factor=0.1, end=8, by_epoch=False),
            dict(type='MultiStepLR', milestones=[2], gamma=0.1),
        ],
        default_hooks=dict(
            checkpoint=dict(
                type='SafeCheckpointHook',
                interval=1,
                max_keep_ckpts=keep,
                save_best='acc',
            ),
            finite_loss=dict(type='FiniteLossHook'),
            data=dict(type='ReproducibleDataHook'),
            preemption=dict(type='PreemptionHook'),
            val_after_resume=dict(type='ValAfterResumeHook'),
        ),
        custom_hooks=[
            dict(type='SyncAllBuffersHook'),
            dict(
                type='EMAHook',
                ema_type='ExpMomentumEMA',
                gamma=20,
                update_buffers=True,
                priority=49,
            ),
            *hooks,
        ],
        # MMEngine's own is the second, which several runs of a test share.
        experiment_name=f'{os.path.basename(work_dir)}-{next(_RUNS)}',
        default_scope='mmpose',
        log_level='WARNING',
        randomness=dict(seed=5),
        env_cfg=dict(dist_cfg=dict(backend='gloo')),
    )
    settings.update(changes)
    return settings


def train(work_dir, **settings):
    """Train and leave the final state in ``work_dir/final.pt``."""
    runner = Runner(**config(work_dir, **settings))
    runner.train()
    ema = next(hook for hook in runner.hooks if type(hook).__name__ == 'EMAHook')
    state = dict(
        model=runner.model.state_dict(),
        ema=ema.ema_model.state_dict(),
        optimizer=runner.optim_wrapper.state_dict(),
        best=runner.message_hub.get_info('best_score'),
        schedulers=[s.last_step for s in runner.param_schedulers],
    )
    torch.save(state, os.path.join(work_dir, 'final.pt'))
    return runner


def same(first, second):
    """Whether two states are equal to the bit."""
    if isinstance(first, torch.Tensor):
        return torch.equal(first, second)
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(
            same(first[key], second[key]) for key in first
        )
    if isinstance(first, (list, tuple)):
        return len(first) == len(second) and all(map(same, first, second))
    return first == second


def train_and_die(work_dir, call, n, half=False, **settings):
    """Train until the n-th call of a function of ``os``, and be killed before it."""
    real, calls = getattr(os, call), itertools.count(1)

    def counted(*args):
        if next(calls) < n:
            return real(*args)
        if half:  # of os.fsync: the file has only half its content
            os.ftruncate(args[0], os.fstat(args[0]).st_size // 2)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(os, call, counted)
    train(work_dir, **settings)


def train_and_signal(work_dir, stage, n, number, **settings):
    """Train and signal this process and its loaders' workers at a stage."""

    def send(runner):
        for process in multiprocessing.active_children():
            os.kill(process.pid, number)
        os.kill(os.getpid(), number)

    train(work_dir, hooks=[ActAt(stage, n, send)], **settings)


def distributed(rank, folder, meeting, function, *args, **kwargs):
    """Call a function as one of two processes that talk through gloo.

    They meet in a file, which must be a new one.
    """
    os.environ.update(
        RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE='2', LOCAL_WORLD_SIZE='2'
    )
    torch.distributed.init_process_group(
        'gloo', init_method=f'file://{meeting}', rank=rank, world_size=2
    )
    function(os.path.join(folder, 'run'), *args, **kwargs)
    torch.distributed.destroy_process_group()


def train_without_ddp(work_dir, hooks=(), stop_at=None, **settings):
    """Train on this process's half of the samples; save both models' buffers.

    The weights stay apart, since MMEngine's wrapper for several processes wants one
    device for each; what the hooks do does not depend on it.
    """
    rank = torch.distributed.get_rank()
    if stop_at is not None and rank == 1:
        hooks = [ActAt('before_train_iter', stop_at, signal_self)]
    runner = Runner(**config(work_dir, hooks=hooks, **settings))
    runner.train()
    ema = next(hook for hook in runner.hooks if type(hook).__name__ == 'EMAHook')
    state = dict(
        model=dict(runner.model.named_buffers()),
        ema=dict(ema.ema_model.module.named_buffers()),
        mean=runner.model.net[0].weight,
    )
    torch.save(state, os.path.join(work_dir, f'buffers{rank}.pt'))


def signal_self(runner):
    os.kill(os.getpid(), signal.SIGTERM)


def run_and_lose_a_worker(work_dir, kind):
    """Kill the worker of a loader; leave the line that a user would see in a file.

    In a process of its own: PyTorch raises the error in a signal handler, wherever the
    process is at that moment.
    """

    def kill(runner):
        for process in multiprocessing.active_children():
            os.kill(process.pid, signal.SIGKILL)

    settings = config(
        work_dir, workers=1, hooks=[ActAt(f'before_{kind}_iter', 2, kill)]
    )
    for part in ('dataloader', 'evaluator', 'cfg'):
        settings[f'test_{part}'] = settings[f'val_{part}']
    # Ends of the training's workers, which wait, are not what is tried.
    settings['train_dataloader'].update(
        dict(num_workers=0, persistent_workers=False) if kind == 'val' else {}
    )
    try:
        try:
            runner = Runner(**settings)
            (runner.test if kind == 'test' else runner.train)()
        except Exception as error:
            _write_line(work_dir, error)
    except Exception as error:
        # The signal came while a broken pipe, which the worker left, was handled.
        _write_line(work_dir, error)


def _write_line(work_dir, error):
    # Another worker's end would be raised while the line is written.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(os.path.join(work_dir, 'line.txt'), 'w') as file:
        file.write(one_line(error) or repr(error))
