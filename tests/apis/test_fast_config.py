"""The fast parts in configs of this project and of MMPose."""

import copy
from pathlib import Path

import pytest
from mmengine.config import Config
from mmpose.registry import DATASETS, MODELS

from mmpose_ext.apis.fast_config import make_fast
from mmpose_ext.utils import ConfigError

ROOT = Path(__file__).resolve().parents[2]
CODEC = dict(type='MSRAHeatmap', input_size=(48, 64), heatmap_size=(12, 16), sigma=2)


def config(**changes):
    base = dict(
        model=dict(
            type='TopdownPoseEstimator',
            data_preprocessor=dict(type='PoseDataPreprocessor'),
            head=dict(type='HeatmapHead', decoder=CODEC),
        ),
        train_dataloader=dict(
            dataset=dict(
                type='CocoDataset',
                pipeline=[
                    dict(type='LoadImage'),
                    dict(type='RandomFlip', direction='horizontal'),
                    dict(type='RandomBBoxTransform'),
                    dict(type='TopdownAffine', input_size=(48, 64)),
                    dict(type='GenerateTarget', encoder=CODEC),
                    dict(type='PackPoseInputs'),
                ],
            )
        ),
        val_dataloader=dict(
            sampler=dict(type='DefaultSampler', shuffle=False, round_up=False),
            dataset=dict(type='CocoDataset', pipeline=[dict(type='LoadImage')]),
        ),
        val_evaluator=dict(type='CocoMetric', ann_file='x.json'),
    )
    return Config(copy.deepcopy({**base, **changes}))


def types(steps):
    return [step['type'] for step in steps]


def test_every_part_is_replaced_and_the_first_config_stays():
    plain = config()
    text = plain.pretty_text
    fast = make_fast(plain)
    assert plain.pretty_text == text
    assert fast.custom_imports['imports'] == ['mmpose_ext']
    assert fast.model.data_preprocessor.type == 'FastPoseDataPreprocessor'
    assert fast.model.data_preprocessor.codec == fast.model.head.decoder
    assert fast.model.head.decoder.type == 'BatchMSRAHeatmap'
    train = fast.train_dataloader
    assert train.collate_fn == dict(type='default_collate')
    assert train.dataset.type == 'LeanDataset'
    assert types(train.dataset.dataset.pipeline) == [
        'LoadImage',
        'DeferredRandomFlip',
        'FastRandomBBoxTransform',
        'FlipTopdownAffine',
        'PackLeanInputs',
    ]
    assert train.dataset.dataset.pipeline[3]['exact'] is True
    assert fast.val_dataloader.sampler.type == 'ImageGroupedSampler'
    assert types(fast.val_dataloader.dataset.dataset.pipeline) == ['LoadCachedImage']
    assert fast.val_dataloader.collate_fn == dict(type='stacked_collate')
    assert fast.val_evaluator.type == 'FastCocoMetric'
    near = make_fast(plain, exact=False)
    assert near.train_dataloader.dataset.dataset.pipeline[3]['exact'] is False


def test_targets_stay_where_they_cannot_be_made_on_the_device():
    other = dict(CODEC, sigma=3)
    plain = config()
    plain.train_dataloader.dataset.pipeline[4]['encoder'] = other
    fast = make_fast(plain)
    assert types(fast.train_dataloader.dataset.dataset.pipeline)[-2:] == [
        'GenerateTarget',
        'FastPackPoseInputs',
    ]
    assert 'collate_fn' not in fast.train_dataloader
    assert 'codec' not in fast.model.data_preprocessor


def test_other_networks_are_refused():
    with pytest.raises(ConfigError, match="type='BottomupPoseEstimator' is not a top"):
        make_fast(config(model=dict(type='BottomupPoseEstimator')))


def test_a_config_of_this_project_trains_on_a_batch(tmp_path):
    """From the synthetic figures to the losses, through every replaced part."""
    from mmengine.registry import FUNCTIONS, init_default_scope

    init_default_scope('mmpose')
    path = ROOT / 'configs/ca_hrnet/small'
    plain = Config.fromfile(sorted(path.glob('*hrnet*synthetic*.py'))[0])
    fast = make_fast(plain)
    dataset = fast.train_dataloader.dataset
    if dataset.type == 'LeanDataset':
        dataset.dataset.num_images = 4
    data = DATASETS.build(dataset)
    collate = fast.train_dataloader.get('collate_fn', dict(type='pseudo_collate'))
    batch = FUNCTIONS.get(collate['type'])([data[0], data[1]])
    model = MODELS.build(fast.model)
    inputs = model.data_preprocessor(batch, training=True)
    losses = model.loss(**inputs)
    assert losses['loss_kpt'].isfinite()
