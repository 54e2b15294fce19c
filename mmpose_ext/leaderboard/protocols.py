"""The protocol under which a config measures, read from the config itself."""

from typing import Any

from mmengine.config import Config

from .tables import Protocol

_METRICS = {
    'OKS AP': ('CocoMetric', 'CocoPersonMetric', 'CocoCurveMetric', 'FastCocoMetric'),
    'PCKh@0.5': ('MpiiPCKAccuracy',),
    'PCK@0.2': ('TorsoPCKAccuracy',),
}
_DATASETS = {
    'CocoDataset': 'COCO',
    'MpiiDataset': 'MPII',
    'SyntheticPoseDataset': 'synthetic figures',
}


def protocol_of(config: Config) -> Protocol:
    """Return the protocol of a config's test.

    Args:
        config (Config): The resolved config.

    Returns:
        Protocol: The protocol; unknown parts are ``other``.
    """
    dataset = config.test_dataloader.dataset
    kind = dataset.type if isinstance(dataset.type, str) else dataset.type.__name__
    annotations = str(dataset.get('ann_file') or '')
    name = _DATASETS.get(kind, 'other')
    if kind == 'LspDataset':
        name = 'LSP-extended' if 'lspet' in annotations else 'LSP'
    return Protocol(name, _split(kind, annotations), _boxes(dataset), _metric(config))


def _split(kind: str, annotations: str) -> str:
    for part in ('val2017', 'test-dev2017'):
        if part in annotations:
            return part
    if kind == 'SyntheticPoseDataset':
        return 'unseen figures'
    stem = annotations.rpartition('/')[2].removesuffix('.json')
    return stem.rpartition('_')[2] or 'other'


def _boxes(dataset: Any) -> str:
    if dataset.get('data_mode') == 'bottomup':
        return 'one-stage'
    return 'detector' if dataset.get('bbox_file') else 'ground truth'


def _metric(config: Config) -> str:
    evaluators = config.test_evaluator
    if not isinstance(evaluators, (list, tuple)):
        evaluators = [evaluators]
    for evaluator in evaluators:
        kind = evaluator.type
        kind = kind if isinstance(kind, str) else kind.__name__
        for metric, kinds in _METRICS.items():
            if kind in kinds:
                return metric
    return 'other'
