"""What a config does in training, read from the parts that it builds.

A default that a config leaves to a class counts like one that it writes out, so that
the tables of the tests state the published value and not how it is written.
"""

import copy
import inspect
import re
from functools import cache
from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.optim import build_optim_wrapper
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
from mmpose.registry import PARAM_SCHEDULERS, TRANSFORMS

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
GONE = '(taken away)'
# By MMEngine's runner and Config, MMPose's inferencers, and tools of this project.
READ = {
    *inspect.signature(Runner.__init__).parameters,
    *('custom_imports', 'data_mode', 'dataset_type', 'codec'),
}
# Attributes that say how a step changes an image and its labels.
ATTRIBUTES = {
    'GetBBoxCenterScale': ('padding',),
    'RandomFlip': ('prob', 'direction'),
    'RandomHalfBody': ('prob', 'min_total_keypoints', 'padding'),
    'RandomBBoxTransform': (
        *('shift_prob', 'shift_factor', 'scale_prob', 'scale_factor'),
        *('rotate_prob', 'rotate_factor'),
    ),
    'TopdownAffine': ('input_size', 'use_udp'),
    'Mosaic': ('prob', 'img_scale', 'pad_val'),
    'CanvasRandomAffine': (
        *('input_size', 'canvas', 'scale_factor', 'scale_prob', 'shift_factor'),
        *('shift_prob', 'rotate_factor'),
    ),
    'RandomHSVGain': ('gains',),
    'FilterAnnotations': ('by_kpt', 'by_box', 'by_area', 'keep_empty'),
    'BottomupResize': ('input_size', 'resize_mode', 'pad_val'),
    'TopdownPyramid': ('scales',),
}

# Faster parts with equal results, by what they take the place of.
SAME = dict(
    FastPackPoseInputs='PackPoseInputs',
    LoadCachedImage='LoadCheckedImage',
    DeferredRandomFlip='RandomFlip',
    FastRandomBBoxTransform='RandomBBoxTransform',
    FlipTopdownAffine='TopdownAffine',
)
LEFT_OUT = ('LoadCheckedImage', 'GenerateTarget', 'PackPoseInputs', 'PackLeanInputs')


@cache
def load(name):
    """Read a config below `configs/` once; nobody may change it."""
    init_default_scope('mmpose')
    return Config.fromfile(str(CONFIGS / f'{name}.py'))


def steps_of(pipeline):
    """List (type, attributes) of the steps, loading and packing left out."""
    steps = []
    for config in pipeline:
        kind = SAME.get(config['type'], config['type'])
        if kind in LEFT_OUT:
            continue
        step = TRANSFORMS.build(config)
        names = ATTRIBUTES[kind]
        steps.append((kind, {name: getattr(step, name) for name in names}))
    return steps


def optimizer_of(config):
    """Return the optimizer's name and settings, and the wrapper's."""
    model = torch.nn.Conv2d(1, 1, 1)
    wrapper = build_optim_wrapper(model, copy.deepcopy(config.optim_wrapper))
    kept = ('lr', 'betas', 'momentum', 'nesterov', 'weight_decay')
    settings = wrapper.optimizer.defaults
    return dict(
        name=type(wrapper.optimizer).__name__,
        **{key: settings[key] for key in kept if key in settings},
        wrapper=type(wrapper).__name__,
        clip_grad=wrapper.clip_grad_kwargs or None,
        accumulated=wrapper._accumulative_counts,
    )


def rates_of(config, epoch_length=1):
    """Return {epoch: rate} for the first epoch and each with another rate."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=config.optim_wrapper.optimizer.lr)
    built = dict(optimizer=optimizer, epoch_length=epoch_length)
    schedulers = [PARAM_SCHEDULERS.build(s, default_args=built) for s in param(config)]
    rates, changes = [], {}
    for epoch in range(config.train_cfg.max_epochs):
        rates.append(optimizer.param_groups[0]['lr'])
        if epoch == 0 or rates[-1] != rates[-2]:
            changes[epoch] = float(f'{rates[-1]:.9g}')
        for scheduler in schedulers:
            for _ in range(1 if scheduler.by_epoch else epoch_length):
                scheduler.step()
    return changes


def param(config):
    """The schedulers, with MMEngine's default for their end."""
    return [
        dict(dict(end=config.train_cfg.max_epochs), **scheduler)
        if scheduler.get('by_epoch', True)
        else scheduler
        for scheduler in config.param_scheduler
    ]


def recipe_of(name):
    """How a config trains, but for its data, augmentation and model."""
    config = load(name)
    processes, batch = map(int, re.search(r'_(\d+)xb(\d+)-', name).groups())
    assert config.train_dataloader.batch_size == batch
    return dict(
        optimizer=optimizer_of(config),
        batch=(processes, batch, config.auto_scale_lr.base_batch_size),
        epochs=config.train_cfg.max_epochs,
        validated_every=config.train_cfg.val_interval,
    )


def values_of(config, names):
    """Look up dotted names; None where there is nothing."""
    found = {}
    for name in names:
        value = config
        for key in name.split('.'):
            value = value.get(key) if value is not None else None
        found[name] = value
    return found


def flatten(value, path=''):
    """Yield (dotted path, value); a pipeline is one value."""
    if isinstance(value, dict) and set(value) - {'_scope_'}:
        for key in sorted(set(value) - {'_scope_'}):
            yield from flatten(value[key], f'{path}.{key}' if path else key)
    elif (
        isinstance(value, (list, tuple))
        and any(isinstance(item, dict) for item in value)
        and not path.endswith('pipeline')
    ):
        for index, item in enumerate(value):
            yield from flatten(item, f'{path}[{index}]')
    else:
        yield path, value


def differences(parent, child):
    """Return {path: value} of what a config changes, helper variables left out.

    Args:
        parent, child (Config): The two.

    Returns:
        dict[str, Any]: The child's values; GONE where it has none.
    """
    before, after = (
        {path: value for path, value in flatten(config.to_dict()) if is_read(path)}
        for config in (parent, child)
    )
    return {
        path: after.get(path, GONE)
        for path in sorted(before.keys() | after.keys())
        if before.get(path, GONE) != after.get(path, GONE)
    }


def is_read(path):
    """Whether MMEngine, MMPose or a tool of this project reads a value."""
    return re.split(r'[.\[]', path)[0] in READ
