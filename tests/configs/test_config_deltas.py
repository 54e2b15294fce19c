"""Every config that is another one with a change: what it changes, and nothing else.

Ablations carry the name of their table's row in the paper. The full configs have their
values in test_published_recipes.py and test_one_stage_recipes.py.
"""

import re
from unittest.mock import ANY

import pytest
from config_facts import CONFIGS, GONE, differences, load

OFF = 'Identity'
COCO, MPII, LSPET = 'coco-256x192', 'mpii-256x256', 'lspet-256x256'
NO_BOXES = {
    'val_dataloader.dataset.bbox_file': None,
    'test_dataloader.dataset.bbox_file': None,
}
BLOCK = 'model.backbone.block'
REBUILD, GATE = 'model.neck.rebuild.type', 'model.neck.attention.type'
WEIGHTING = 'model.head.weighting.type'
RLE = 'model.head.rle_weight'
# MMPose's own head on the last map of SDHRNet (section 3.3: DASP replaces it).
NO_DASP = {'model.head.type': 'HeatmapHead', 'model.head.in_channels': 32}
NO_SEM = {'model.backbone.sem': None}
# MMPose's Hourglass-52: six levels of these widths and blocks.
HG52 = {
    'model.backbone.stem_channels': 128,
    'model.backbone.in_channels': 256,
    'model.backbone.stage_channels': (256, 256, 384, 384, 384, 512),
    'model.backbone.stage_blocks': (2, 2, 2, 2, 2, 4),
    'model.backbone.num_outs': 4,
}
SCA = {
    'model.backbone.attention_stages': (3, 4),
    'model.backbone.attention.type': 'SCA',
}
FGCSPP = {
    'model.backbone.pooling.type': 'FGCSPP',
    'model.backbone.pooling.kernel_sizes': GONE,
}
IMPLICIT = {
    'model.head.head_module.implicit': True,
    'model.neck.conv.type': 'GhostConv',
}


def constant(weight):
    """Both heat maps' losses with one fixed weight."""
    return {
        WEIGHTING: 'ConstantWeighting',
        'model.head.weighting.h1': weight,
        'model.head.weighting.h2': weight,
    }


SADI_LOSSES = {
    'chi0.5': constant(0.5),  # eq. 8's "constant"; the value is our choice
    'loss-sum': constant(1.0),  # Table 5
    'loss-reversed': {WEIGHTING: 'ReversedSigmaWeighting'},  # section IV-E.3
    'no-rle': {RLE: 0.0},  # eq. 8 as printed
    # ... and sigma from sigmoid(0) = 0.5.
    'literal': {RLE: 0.0, 'model.head.sfm.sigma_init': 0.5},
}


def continued(parent, epoch, rate, **others):
    """A second run from the weights of a first, with fixed statistics."""
    return {
        'load_from': f'work_dirs/{parent}/epoch_{epoch}.pth',
        'optim_wrapper.optimizer.lr': rate,
        'default_hooks.freeze_norm.begin': 0,
        **others,
    }


def ca_hrnet():
    """Ablations of CA-HRNet; the paper has none."""
    main, gate = 'ca_hrnet/td-hm_ca-hrnet-w32_1xb16-210e_', 'model.backbone.attention.'
    rows = 'ca_hrnet/ablations/td-hm_ca-hrnet-w32'
    for data in (COCO, LSPET):
        yield f'{rows}-no-ca_1xb16-210e_{data}', main + data, {gate + 'type': OFF}
    for r in (8, 16):
        reduced = {gate + 'type': 'CoordAttention', gate + 'reduction': r}
        yield f'{rows}-r{r}_1xb16-210e_{COCO}', main + COCO, reduced
    # Section 4.1: "every 3.6 million iterations" of 149,813 people is 24 epochs.
    halving = {
        'param_scheduler[0].type': 'StepLR',
        'param_scheduler[0].step_size': 24,
        'param_scheduler[0].gamma': 0.5,
        'param_scheduler[0].milestones': GONE,
    }
    yield f'{rows}_1xb16-210e-halving_{COCO}', main + COCO, halving
    yield f'{main}{COCO}_gt-bbox', main + COCO, NO_BOXES
    small = 'ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-{}e_lspet-128x128'
    longer = {
        'train_cfg.max_epochs': 24,
        'train_cfg.val_interval': 4,
        'param_scheduler[1].milestones': [18, 22],
    }
    yield small.format(24), small.format(8), longer
    wider = 'ca_hrnet/small/td-hm_ca-hrnet-w16_1xb32-8e_lspet-128x128'
    yield f'{wider}_pretrained', wider, {'load_from': 'mmpose_ext://ca_hrnet'}


def daunet():
    """Table 4: each combination of modules, named by those that are on."""
    off = {
        'ibn': {BLOCK: 'Bottleneck'},
        'scru': {REBUILD: OFF},
        'sge': {GATE: OFF},
    }
    rows = ('none', 'ibn', 'scru', 'sge', 'ibn-scru', 'ibn-sge', 'scru-sge')
    for data in (COCO, MPII):
        main = f'daunet/td-hm_daunet_1xb128-200e_{data}'
        for row in rows:
            delta = {}
            for part in off.keys() - set(row.split('-')):
                delta |= off[part]
            yield f'daunet/ablations/td-hm_daunet-{row}_1xb128-200e_{data}', main, delta
        # Eq. 1 decodes; training is the same.
        second = dict.fromkeys(
            ('codec.type', 'model.head.decoder.type'), 'SecondMaxHeatmap'
        )
        yield f'daunet/ablations/td-hm_daunet-eq1_1xb128-200e_{data}', main, second
    main = f'daunet/td-hm_daunet_1xb128-200e_{COCO}'
    yield f'{main}_gt-bbox', main, NO_BOXES
    small = 'daunet/small/td-hm_daunet-w16{}_1xb32-8e_synthetic-128x128'
    for part, delta in off.items():
        yield small.format(f'-no-{part}'), small.format(''), delta


def sadinet():
    """Tables 3 to 5, the loss as printed, and the same on Hourglass-52."""
    end = '_2xb32-210e_mpii-256x256'
    main, rows = f'sadinet/td-hm_sadinet{end}', 'sadinet/ablations/td-hm_sadinet-'
    for row, delta in SADI_LOSSES.items():
        yield f'{rows}{row}{end}', main, delta
    attached = {'model.head.weighting.detach': False}
    yield f'{rows}chi-attached{end}', main, attached
    yield f'{rows}sfm-dlm{end}', main, {BLOCK: 'BasicBlock'}
    yield f'{rows}rfm{end}', f'{rows}hourglass{end}', {BLOCK: 'RFM'}
    fused = {
        **HG52,
        'model.head.in_channels': (256, 256, 384, 384),
        'model.head.sfm.channels': (64, 128, 256, 512),
        'model.head.sfm.fusion.type': 'CrossScaleFusion',
    }
    yield f'{rows}hg52{end}', main, fused
    yield f'{rows}hg52-sfm-dlm{end}', f'{rows}hg52{end}', {BLOCK: 'BasicBlock'}
    plain = {**HG52, 'model.head.in_channels': 256}
    yield f'{rows}hg52-hourglass{end}', f'{rows}hourglass{end}', plain
    yield f'{rows}hg52-rfm{end}', f'{rows}hg52-hourglass{end}', {BLOCK: 'RFM'}

    small = 'sadinet/small/td-hm_{}_1xb32-8e_{}-128x128'
    for data in ('synthetic', 'lspet'):
        for row, delta in SADI_LOSSES.items():
            if data == 'synthetic' or row in ('loss-reversed', 'no-rle', 'literal'):
                full = small.format('sadinet-w16', data)
                yield small.format(f'sadinet-w16-{row}', data), full, delta
    basic = {
        BLOCK: 'BasicBlock',
        'model.backbone.block_cfg': None,
        'model.backbone.block_cfg.se_ratio': GONE,
    }
    full = small.format('sadinet-w16', 'synthetic')
    yield small.format('sadinet-w16-sfm-dlm', 'synthetic'), full, basic
    hourglass = small.format('hourglass-w16', 'synthetic')
    fortified = {BLOCK: 'RFM', 'model.backbone.block_cfg.se_ratio': 4}
    yield small.format('sadinet-w16-rfm', 'synthetic'), hourglass, fortified

    # Section IV-C: "image pyramids with six scales and flipping".
    for full, hook in (
        (main, 0),
        ('sadinet/td-hm_sadinet_2xb32-210e_lsp-256x256', 0),
        (small.format('sadinet-w16', 'lspet'), 2),
    ):
        pyramid = {
            'test_dataloader.dataset.pipeline': ANY,  # test_variant_steps.py
            f'custom_hooks[{hook}].type': 'PrepareTTAHook',
            f'custom_hooks[{hook}].tta_cfg.type': 'PyramidTTAModel',
        }
        yield f'{full}_pyramid', full, pyramid


def sdhrnet():
    """Table 3, the row that it leaves out, and its baseline HRNet-W32."""
    for data in (COCO, MPII):
        end = f'_4xb32-210e_{data}'
        main, rows = f'sdhrnet/td-hm_sdhrnet{end}', 'sdhrnet/ablations/td-hm_sdhrnet'
        yield f'{rows}-scr{end}', main, {**NO_SEM, **NO_DASP}
        yield f'{rows}-scr-dasp{end}', main, NO_SEM
        yield f'{rows}-scr-sem{end}', main, NO_DASP
        # Section 4.2: "randomly scaled images and randomly flipped images".
        steps = {'train_dataloader.dataset.pipeline': ANY}  # test_variant_steps.py
        yield f'{rows}_4xb32-210e-scale-flip_{data}', main, steps


def lrfg_yolopose():
    """Table 1, the published weights, eq. 5 alone, and the small presets."""
    end, rows = '_2xb32-80e_coco-960', 'lrfg_yolopose/ablations/'
    base, full = f'lrfg_yolopose/yolopose{end}', f'lrfg_yolopose/lrfg-yolopose{end}'
    yield f'{rows}yolopose-fgcspp{end}', base, FGCSPP
    yield f'{rows}yolopose-sca{end}', base, SCA
    yield f'{rows}yolopose-implicit{end}', base, IMPLICIT
    no_implicit = {
        'model.head.head_module.implicit': False,
        'model.neck.conv.type': 'ConvModule',
    }
    yield f'{rows}yolopose-fgcspp-sca{end}', full, no_implicit
    no_sca = {'model.backbone.attention_stages': ()}
    yield f'{rows}yolopose-fgcspp-implicit{end}', full, no_sca
    spp = {
        'model.backbone.pooling.type': 'SPP',
        'model.backbone.pooling.kernel_sizes': (3, 5, 7),
    }
    yield f'{rows}yolopose-sca-implicit{end}', full, spp
    gate = 'model.backbone.attention.attention.'
    eq_5 = {
        f'{gate}type': 'CoordAttention',
        f'{gate}residual': False,
        f'{gate}norm_cfg.type': 'BN',
        f'{gate}norm_cfg.momentum': 0.03,
        f'{gate}norm_cfg.eps': 0.001,
    }
    yield f'{rows}lrfg-yolopose-no-residual{end}', full, eq_5
    joint = {'model.head.head_module.layout': 'joint'}
    yield f'{base}_published', base, joint

    small = 'lrfg_yolopose/small/'
    all_three = {**SCA, **FGCSPP, **IMPLICIT}
    for end in ('12e_synthetic-256', '16e_synthetic-128'):
        name = f'yolopose-n_1xb8-{end}'
        yield f'{small}lrfg-{name}', f'{small}{name}', all_three
    name = 'yolopose-w8_1xb16-16e_synthetic-standing-128'
    yield f'{small}{name}', f'{small}lrfg-{name}', {**no_sca, **spp, **no_implicit}
    for net in ('yolopose-n', 'lrfg-yolopose-n'):
        first = f'{net}_1xb8-16e_synthetic-128'
        again = continued(first, 16, 2e-3, **{'train_cfg.max_epochs': 8})
        name = f'{small}{net}_1xb8-8e_synthetic-128_fixed-norm'
        yield name, f'{small}{first}', again
    streets = f'{small}lrfg-yolopose-w8_1xb16-{{}}_synthetic-128'
    started = {
        'load_from': 'mmpose_ext://lrfg_yolopose',
        'model.data_preprocessor.type': 'FastPoseDataPreprocessor',
        'model.head.loss_obj.loss_weight': 10.0,
        'model.head.loss_kpt.loss_weight': 5.0,
        'model.test_cfg.vote_thr': 0.6,
        'train_cfg.max_epochs': 38,
        'train_cfg.val_interval': 19,
    }
    yield streets.format('38e') + '_pretrained', streets.format('30e'), started
    first = 'lrfg-yolopose-n_1xb4-260e_coco-256_plain'
    again = {
        'train_cfg.max_epochs': 160,
        'default_hooks.freeze_norm.type': 'FreezeNormStatsHook',
    }
    name = f'{small}lrfg-yolopose-n_1xb4-160e_coco-256_plain-fixed-norm'
    yield name, f'{small}{first}', continued(first, 260, 1e-3, **again)


NTU = 'daunet/td-hm_daunet_1xb128-200e_mpii-256x256_ntu60'
DELTAS = {
    child: (parent, delta)
    for paper in (ca_hrnet, daunet, sadinet, sdhrnet, lrfg_yolopose)
    for child, parent, delta in paper()
}


@pytest.mark.parametrize('child', DELTAS)
def test_a_config_changes_what_its_name_says_and_nothing_else(child):
    parent, delta = DELTAS[child]
    assert differences(load(parent), load(child)) == delta


def children():
    """The configs with a single other config below them."""
    for path in sorted(CONFIGS.rglob('*.py')):
        name = str(path.relative_to(CONFIGS).with_suffix(''))
        single = re.search(r"^_base_ = '", path.read_text(), re.MULTILINE)
        if single and not name.startswith('_base_'):
            yield name


@pytest.mark.parametrize('child', sorted({*children()} - {NTU}))
def test_every_variant_has_its_row(child):
    assert child in DELTAS, (
        f'say in tests/configs/test_config_deltas.py what {child} changes'
    )
