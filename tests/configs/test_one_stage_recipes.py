"""LRFG-YOLOPose's and its baseline's configs against what the paper says.

The paper (section III.A) gives the optimizer, the cosine, 80 epochs and the
augmentation; the rest is the published YOLO-Pose's, its baseline, at 960 px and 64
images a step. The small presets are ours.
"""

import copy

import pytest
import torch
from config_facts import CONFIGS, load, param, recipe_of, steps_of, values_of
from mmengine.optim import build_optim_wrapper
from mmpose.registry import MODELS, PARAM_SCHEDULERS

from mmpose_ext.models.heads.yolopose.anchors import P6_ANCHORS

FULL = [
    f'lrfg_yolopose/{net}_2xb32-80e_coco-{size}'
    for net in ('yolopose', 'lrfg-yolopose')
    for size in (640, 960)
]
SMALL = sorted(
    str(path.relative_to(CONFIGS).with_suffix(''))
    for path in (CONFIGS / 'lrfg_yolopose' / 'small').glob('*.py')
    if '-w8_' not in path.stem
)
STANDING = 'lrfg_yolopose/small/lrfg-yolopose-w8_1xb16-16e_synthetic-standing-128'
STREETS = 'lrfg_yolopose/small/lrfg-yolopose-w8_1xb16-30e_synthetic-128'
EPOCH = 500  # iterations, for schedules by iterations
# SPP's kernels are YOLOv5s6's, "three parallel pooling kernels" in Fig. 3.
YOLOPOSE = {
    'backbone.attention_stages': (),
    'backbone.attention': None,
    'backbone.pooling': dict(type='SPP', kernel_sizes=(3, 5, 7)),
    'neck.conv': dict(type='ConvModule'),
    'head.head_module.implicit': False,
}
# Sections II.A to II.C: SCA in "the last two C3 modules", FGCSPP, implicit knowledge.
LRFG = {
    'backbone.attention_stages': (3, 4),
    'backbone.attention': dict(type='SCA'),
    'backbone.pooling': dict(type='FGCSPP'),
    'neck.conv': dict(type='GhostConv'),
    'head.head_module.implicit': True,
}
# YOLOv5s6: depth .33, width .5.
SIZE = {
    'backbone.arch': 'P6',
    'backbone.deepen_factor': 0.33,
    'backbone.widen_factor': 0.5,
    'backbone.init_cfg': None,
    'neck.num_csp_blocks': 1,
    'neck.in_channels': [128, 256, 384, 512],
    'head.head_module.in_channels': [128, 256, 384, 512],
    'head.num_keypoints': 17,
}


def schedulers_of(config, model=None):
    """The optimizer and the schedulers, built for epochs of 500 iterations."""
    wrapper = build_optim_wrapper(
        model or torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1), torch.nn.BatchNorm2d(1)),
        dict(config.optim_wrapper),
    )
    built = dict(optimizer=wrapper, epoch_length=EPOCH)
    schedulers = [PARAM_SCHEDULERS.build(s, default_args=built) for s in param(config)]
    return wrapper.optimizer, schedulers


@pytest.mark.parametrize('name', FULL)
def test_optimizer_batch_and_epochs(name):
    # "Stochastic Gradient Descent (SGD) ... 80 rounds"; two GPUs.
    assert recipe_of(name) == dict(
        optimizer=dict(
            name='SGD',
            lr=0.01,
            momentum=0.937,
            nesterov=True,
            weight_decay=5e-4,
            wrapper='OptimWrapper',
            clip_grad=None,
            accumulated=1,
        ),
        batch=(2, 32, 64),
        epochs=80,
        validated_every=5,
    )


@pytest.mark.parametrize('name', FULL)
def test_schedule(name):
    config = load(name)
    _, (rate, momentum) = schedulers_of(config)
    # "Cosine Annealing", from .01 to a fifth of it over all epochs; three epochs of
    # warm-up, at least 1,000 iterations, in which biases start at .1.
    assert type(rate).__name__ == 'WarmupCosineLR'
    assert (rate.begin, rate.end) == (0, 80 * EPOCH)
    assert (rate.warmup_iters, rate.bias_start, rate.floor) == (3 * EPOCH, 0.1, 0.2)
    assert config.param_scheduler[0].min_warmup_iters == 1000
    # The momentum rises from .8 to .937 in the same time.
    assert type(momentum).__name__ == 'WarmupMomentum'
    assert config.param_scheduler[1].min_iters == 1000
    assert (momentum.begin, momentum.end) == (0, 3 * EPOCH)
    assert momentum.start_factor * 0.937 == pytest.approx(0.8)
    assert momentum.end_factor == 1.0


@pytest.mark.parametrize('name', FULL)
def test_norm_layers_biases_and_implicit_vectors_do_not_decay(name):
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1), torch.nn.BatchNorm2d(1))
    net.register_module('head', torch.nn.Module())
    net.head.implicit = torch.nn.Parameter(torch.zeros(1))
    optimizer, _ = schedulers_of(load(name), net)
    decay = {
        id(p): g['weight_decay'] for g in optimizer.param_groups for p in g['params']
    }
    found = {key: decay[id(p)] for key, p in net.named_parameters()}
    assert found == {
        '0.weight': 5e-4,
        '0.bias': 0.0,
        '1.weight': 0.0,
        '1.bias': 0.0,
        'head.implicit': 0.0,
    }


@pytest.mark.parametrize('name', FULL)
def test_moving_average(name):
    hooks = [dict(hook) for hook in load(name).custom_hooks]
    # Decay .9999, reached with a ramp of 2,000 steps; statistics of norm layers too.
    assert hooks == [
        dict(
            type='EMAHook',
            ema_type='ExpMomentumEMA',
            momentum=1e-4,
            gamma=2000,
            update_buffers=True,
            strict_load=False,
            priority=49,
        )
    ]


@pytest.mark.parametrize('name', FULL)
def test_augmentation(name):
    side = int(name[-3:])
    size = (side, side)
    config = load(name)
    steps = steps_of(config.train_dataloader.dataset.pipeline)
    assert steps == [
        # "mosaic augmentation with a probability of 1"
        ('Mosaic', dict(prob=1.0, img_scale=size, pad_val=114.0)),
        (
            'CanvasRandomAffine',
            dict(
                input_size=size,
                canvas=2.0,
                # "random scaling in the range of [0.5, 1.5]"
                scale_factor=(0.5, 1.5),
                scale_prob=1.0,
                # "random translation scale in the range of [-10, 10]", in percent
                shift_factor=0.1,
                shift_prob=1.0,
                rotate_factor=0.0,
            ),
        ),
        # "various color augmentations": the published gains.
        ('RandomHSVGain', dict(gains=(0.015, 0.7, 0.4))),
        # "random flipping with a probability of 0.5"
        ('RandomFlip', dict(prob=0.5, direction='horizontal')),
        (
            'FilterAnnotations',
            dict(by_kpt=True, by_box=True, by_area=False, keep_empty=False),
        ),
    ]
    codec = dict(type='YOLOXPoseAnnotationProcessor', input_size=size)
    assert config.train_dataloader.dataset.pipeline[-2].encoder == codec
    val = steps_of(config.val_dataloader.dataset.pipeline)
    resize = dict(input_size=size, resize_mode='fit', pad_val=(114, 114, 114))
    assert val == [('BottomupResize', resize)]


@pytest.mark.parametrize('name', FULL)
def test_network_thresholds_and_input(name):
    model = load(name).model
    parts = {**SIZE, **(LRFG if 'lrfg-' in name else YOLOPOSE)}
    assert values_of(model, parts) == parts
    # Confidence .001, IoU .65, at most 300 people, no flip.
    assert model.test_cfg == dict(score_thr=0.001, nms_thr=0.65, max_per_img=300)
    assert model.data_preprocessor == dict(
        type='PoseDataPreprocessor',
        mean=[0, 0, 0],
        std=[255, 255, 255],
        bgr_to_rgb=True,
        pad_size_divisor=64,
    )
    assert load(name).load_from is None


@pytest.mark.parametrize('name', FULL)
def test_anchors_gains_and_balance(name):
    head = MODELS.build(load(name).model.head)
    assert head.anchors.tolist() == [[list(a) for a in row] for row in P6_ANCHORS]
    assert P6_ANCHORS[0][0] == (19, 27)
    assert P6_ANCHORS[3][2] == (925, 792)
    # Gains of box, key points, objectness and visibility; the head scales them.
    gains = [head.loss_bbox, head.loss_kpt, head.loss_obj, head.loss_vis]
    assert [loss.loss_weight for loss in gains] == [0.05, 0.1, 1.0, 0.5]
    assert head.level_balance == (4.0, 1.0, 0.25, 0.06)
    assert head.strides == (8, 16, 32, 64)
    assert head.assigner.max_ratio == 4.0


@pytest.mark.parametrize('name', FULL)
def test_data_and_metric(name):
    config = load(name)
    train, val = config.train_dataloader.dataset, config.val_dataloader.dataset
    assert (train.type, train.ann_file, val.type, val.ann_file) == (
        'CocoDataset',
        'annotations/person_keypoints_train2017.json',
        'CocoDataset',
        'annotations/person_keypoints_val2017.json',
    )
    assert config.train_dataloader.sampler.shuffle
    assert train.filter_cfg == dict(filter_empty_gt=False, min_size=32)
    # The published test moves key points to the image's border before scoring.
    for metric in (config.val_evaluator, config.test_evaluator):
        assert (metric.score_mode, metric.nms_mode) == ('bbox', 'none')
        assert metric.clip_keypoints
    best = config.default_hooks.checkpoint
    assert (best.save_best, best.rule) == ('coco/AP', 'greater')


# Rate, epochs and first epoch with fixed statistics (docs/papers/lrfg_yolopose.md).
PRESETS = {
    'lrfg-yolopose-n_1xb4-160e_coco-256_plain-fixed-norm': (1e-3, 160, 0),
    'lrfg-yolopose-n_1xb4-260e_coco-256_plain': (2e-3, 260, None),
    'lrfg-yolopose-n_1xb8-12e_synthetic-256': (2e-3, 12, 8),
    'lrfg-yolopose-n_1xb8-16e_synthetic-128': (5e-3, 16, 12),
    'lrfg-yolopose-n_1xb8-8e_synthetic-128_fixed-norm': (2e-3, 8, 0),
    'yolopose-n_1xb8-12e_synthetic-256': (2e-3, 12, 8),
    'yolopose-n_1xb8-16e_synthetic-128': (5e-3, 16, 12),
    'yolopose-n_1xb8-8e_synthetic-128_fixed-norm': (2e-3, 8, 0),
}


@pytest.mark.parametrize('name', SMALL)
def test_small_presets(name):
    config = load(name)
    rate, epochs, frozen = PRESETS[name.rsplit('/', 1)[1]]
    found = recipe_of(name)['optimizer']
    assert (found['name'], found['lr'], found['weight_decay']) == ('AdamW', rate, 0.01)
    assert config.train_cfg.max_epochs == epochs
    hook = config.default_hooks.get('freeze_norm')
    assert (hook and hook.begin) == frozen
    _, (cosine,) = schedulers_of(config)
    # One epoch of warm-up, and down to a fiftieth with the last epoch.
    assert (cosine.warmup_iters, cosine.end) == (EPOCH, epochs * EPOCH)
    assert (cosine.bias_start, cosine.floor) == (0.0, 0.02)
    head = config.model.head
    assert head.anchor_scale * 960 == pytest.approx(256)
    assert head.loss_kpt.widenings == (1, 2, 4, 8)
    assert config.model.backbone.widen_factor == 0.25
    assert config.model.test_cfg == load(FULL[0]).model.test_cfg
    for metric in (config.val_evaluator, config.test_evaluator):
        assert not metric.get('clip_keypoints', False)
    alike = head.get('level_balance') == (1.0, 1.0, 1.0, 1.0)
    assert alike == ('synthetic-128' in name)
    assert (head.get('loss_obj', {}).get('loss_weight') == 25.0) == alike


def test_the_demo_has_easy_figures_and_a_recipe_for_minutes():
    config = load(STANDING)
    recipe = recipe_of(STANDING)
    assert (recipe['optimizer']['name'], recipe['optimizer']['lr']) == ('AdamW', 5e-3)
    assert (recipe['batch'], recipe['epochs']) == ((1, 16, 16), 16)
    train, val = config.train_dataloader.dataset, config.val_dataloader.dataset
    assert (train.num_images, val.num_images) == (1000, 150)
    assert (train.seed, val.seed) == (0, 1)
    scenes = dict(persons=(1, 1), turn=30, families=('walk',), clutter=0.3)
    for dataset in (train, val):
        assert values_of(dataset, scenes) == scenes
    head, backbone = config.model.head, config.model.backbone
    assert (backbone.arch, backbone.out_indices) == ('P5', (3, 4))
    assert (backbone.attention.type, backbone.pooling.type) == ('SCA', 'FGCSPP')
    assert (head.strides, head.level_balance) == ((16, 32), (1.0, 1.0))
    assert head.head_module.num_kpt_blocks == 2
    assert head.loss_kpt.loss_weight == 0.3
    # The average covers steps, not the 10,000 of the published run.
    ema = next(hook for hook in config.custom_hooks if hook.type == 'EMAHook')
    assert (ema.momentum, ema.gamma, ema.update_buffers) == (0.02, 50, True)


def test_the_demo_and_its_baseline_differ_in_the_parts_of_the_paper():
    demo = load(STANDING).to_dict()
    baseline = load(STANDING.replace('lrfg-', '')).to_dict()
    expected = copy.deepcopy(demo)
    model = expected['model']
    model['backbone'].update(attention_stages=(), pooling=YOLOPOSE['backbone.pooling'])
    model['neck'].update(conv=YOLOPOSE['neck.conv'])
    model['head']['head_module'].update(implicit=False)
    assert baseline == expected != demo


def test_the_recipe_on_streets_is_the_demos():
    config, demo = load(STREETS), copy.deepcopy(load(STANDING))
    for name in ('optim_wrapper', 'param_scheduler', 'custom_hooks', 'auto_scale_lr'):
        assert config[name] == demo[name]
    recipe = recipe_of(STREETS)
    assert (recipe['batch'], recipe['epochs']) == ((1, 16, 16), 30)
    train, val = config.train_dataloader.dataset, config.val_dataloader.dataset
    assert (train.num_images, val.num_images) == (2000, 150)
    scenes = dict(persons=(1, 3), turn=45, families=('stand', 'walk'), clutter=0)
    for dataset in (train, val):
        assert values_of(dataset, scenes) == scenes
    demo.model.head.anchors = config.model.head.anchors
    assert config.model == demo.model


def test_streets_are_shown_whole():
    config = load('lrfg_yolopose/small/yolopose-n_1xb8-16e_synthetic-128')
    affine = steps_of(config.train_dataloader.dataset.pipeline)[0]
    assert affine == (
        'CanvasRandomAffine',
        dict(
            input_size=(128, 128),
            canvas=1,
            scale_factor=(0.9, 1.1),
            scale_prob=1.0,
            shift_factor=0.05,
            shift_prob=1.0,
            rotate_factor=0.0,
        ),
    )


@pytest.mark.parametrize(
    ('preset', 'images', 'scenes'),
    [
        ('12e_synthetic-256', (800, 150), dict(persons=(1, 4))),
        (
            '16e_synthetic-128',
            (2000, 150),
            dict(
                persons=(1, 3),
                size=(128, 128),
                families=('stand', 'walk'),
                turn=45,
                occluders=0,
                clutter=0,
            ),
        ),
    ],
)
def test_synthetic_scenes(preset, images, scenes):
    config = load(f'lrfg_yolopose/small/yolopose-n_1xb8-{preset}')
    train, val = config.train_dataloader.dataset, config.val_dataloader.dataset
    assert (train.num_images, val.num_images) == images
    assert (train.seed, val.seed) == (0, 1)
    for dataset in (train, val):
        assert values_of(dataset, scenes) == scenes
