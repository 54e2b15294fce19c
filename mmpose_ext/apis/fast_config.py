"""Replaces parts of a top-down config by faster ones."""

import copy
from typing import Any

from mmengine.config import Config

from ..utils.errors import ConfigError

# Faster parts with equal results, by the type that they replace.
_CODECS = dict(MSRAHeatmap='BatchMSRAHeatmap', UDPHeatmap='BatchUDPHeatmap')
_METRICS = dict(CocoMetric='FastCocoMetric')
_LOADERS = dict(LoadImage='LoadCachedImage', LoadCheckedImage='LoadCachedImage')
_PACKS = dict(PackPoseInputs='FastPackPoseInputs')
_WRAPPED = ('CombinedDataset', 'ConcatDataset', 'RepeatDataset', 'LeanDataset')


def make_fast(config: Config, exact: bool = True) -> Config:
    """Return a config with this project's fast parts in place of MMPose's.

    It replaces the heat-map codec (the new one decodes batches), the data preprocessor,
    COCO's metric, the flip and the random boxes of training, the targets (made on the
    device), the packing, and the image loading and order of the test loader. Parts that
    a config does not have, or has in another form, are left alone.

    Args:
        config (Config): A top-down config with heat maps; it is not changed.
        exact (bool): Whether training images keep MMPose's pixels. If not, the flip is
            part of the warp, whose interpolation differs by up to 7 of 255 levels.
            Default: True.

    Returns:
        Config: The new config.

    Raises:
        ConfigError: If the model is not a ``TopdownPoseEstimator``.

    Example:
        >>> head = dict(decoder=dict(type='MSRAHeatmap'))
        >>> config = Config(dict(model=dict(type='TopdownPoseEstimator', head=head)))
        >>> make_fast(config).model.head.decoder.type
        'BatchMSRAHeatmap'
    """
    fast = copy.deepcopy(config)
    model = fast.get('model', {})
    if model.get('type') != 'TopdownPoseEstimator':
        raise ConfigError(
            'make_fast',
            'model.type',
            model.get('type'),
            'is not a top-down network',
            "choose a config whose model is dict(type='TopdownPoseEstimator', ...)",
        )
    imports = fast.get('custom_imports') or dict(imports=[], allow_failed_imports=False)
    if 'mmpose_ext' not in imports['imports']:
        imports['imports'] = [*imports['imports'], 'mmpose_ext']
    fast.custom_imports = imports
    preprocessor = model.get('data_preprocessor') or {}
    if preprocessor.get('type') == 'PoseDataPreprocessor':
        preprocessor['type'] = 'FastPoseDataPreprocessor'
    _rename(model.get('head', {}).get('decoder'), _CODECS)
    codec = model.get('head', {}).get('decoder')
    if 'train_dataloader' in fast:
        _speed_training(fast.train_dataloader, preprocessor, codec, exact)
    for name in ('val', 'test'):
        _speed_testing(fast.get(f'{name}_dataloader'))
        evaluators = fast.get(f'{name}_evaluator') or []
        for metric in evaluators if isinstance(evaluators, list) else [evaluators]:
            _rename(metric, _METRICS)
    return fast


def _rename(part: Any, names: dict[str, str]) -> None:
    if isinstance(part, dict) and part.get('type') in names:
        part['type'] = names[part['type']]


def _speed_training(loader: Any, preprocessor: Any, codec: Any, exact: bool) -> None:
    dataset = loader['dataset']
    if dataset.get('type') in _WRAPPED:
        return
    steps = dataset.get('pipeline', [])
    kinds = [step['type'] for step in steps]
    if 'RandomFlip' in kinds and 'TopdownAffine' in kinds:
        flip, crop = kinds.index('RandomFlip'), kinds.index('TopdownAffine')
        steps[flip]['type'] = 'DeferredRandomFlip'
        steps[crop].update(type='FlipTopdownAffine', exact=exact)
    for step in steps:
        _rename(step, dict(_PACKS, RandomBBoxTransform='FastRandomBBoxTransform'))
    loader['dataset'] = dict(type='LeanDataset', dataset=dataset)
    target = steps[-2] if len(steps) > 1 else {}
    if not (
        kinds[-2:] == ['GenerateTarget', 'PackPoseInputs']
        and preprocessor.get('type') == 'FastPoseDataPreprocessor'
        and isinstance(codec, dict)
        and codec.get('type') in _CODECS.values()
        and _same_codec(target.get('encoder'), codec)
        and 'collate_fn' not in loader
        and codec.get('heatmap_type', 'gaussian') == 'gaussian'
    ):
        return
    weighted = target.get('use_dataset_keypoint_weights', False)
    steps[-2:] = [dict(type='PackLeanInputs', use_dataset_keypoint_weights=weighted)]
    loader['collate_fn'] = dict(type='default_collate')
    preprocessor['codec'] = copy.deepcopy(codec)


def _same_codec(encoder: Any, codec: dict) -> bool:
    if not isinstance(encoder, dict):
        return False
    encoder = dict(encoder)
    _rename(encoder, _CODECS)
    return encoder == dict(codec)


def _speed_testing(loader: Any) -> None:
    if not loader or loader['dataset'].get('type') in _WRAPPED:
        return
    for step in loader['dataset'].get('pipeline', []):
        _rename(step, {**_LOADERS, **_PACKS})
    sampler = loader.get('sampler') or {}
    if sampler.get('type') == 'DefaultSampler' and not sampler.get('shuffle', True):
        sampler['type'] = 'ImageGroupedSampler'
    loader.setdefault('collate_fn', dict(type='stacked_collate'))
    loader['dataset'] = dict(type='LeanDataset', dataset=loader['dataset'])
