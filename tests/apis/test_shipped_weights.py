"""The weights that come with the package: unchanged, small, and as good as recorded."""

import hashlib
from pathlib import Path

import pytest
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS, METRICS

from mmpose_ext.apis import load_model
from mmpose_ext.compat.model_index import own_models
from mmpose_ext.compat.shipped_weights import WEIGHTS
from mmpose_ext.utils.config import load_config
from mmpose_ext.visualization import predict_samples

LARGEST = 3_000_000  # bytes
SHIPPED = [
    entry for entry in own_models() if Path(str(entry['Weights'])).parent == WEIGHTS
]
TOLERANCE = 0.5  # percent


def test_every_file_is_in_a_metafile():
    files = {str(path) for path in WEIGHTS.glob('*.*')}
    assert files == {entry['Weights'] for entry in SHIPPED}
    assert len(files) == len(SHIPPED) > 0


@pytest.mark.parametrize('entry', SHIPPED, ids=lambda e: Path(e['Weights']).stem)
def test_weights_are_what_the_metafile_says(entry):
    file = Path(entry['Weights'])
    assert file.suffix == '.safetensors'
    assert file.stat().st_size <= LARGEST
    assert hashlib.sha256(file.read_bytes()).hexdigest() == entry['Weights SHA256']
    assert entry['Weights Command'].startswith('make demo')
    assert entry['Results']


@pytest.mark.parametrize('entry', SHIPPED, ids=lambda e: Path(e['Weights']).stem)
def test_score_on_unseen_figures(entry):
    config = load_config(entry['Config'])
    init_default_scope('mmpose')
    recorded = entry['Weights Score']
    count = recorded['figures']
    settings = config.test_dataloader.dataset
    dataset = DATASETS.build({**settings, 'num_images': count})
    model = load_model(config, entry['Weights'])
    metric = METRICS.build(config.test_evaluator)
    metric.dataset_meta = dataset.metainfo
    for start in range(0, count, 50):
        samples = predict_samples(model, dataset, range(start, min(start + 50, count)))
        metric.process({}, [sample.to_dict() for _, sample in samples])
    found = metric.evaluate(count)
    if 'coco/AP .5' in found:  # a fraction
        found['AP50'] = 100 * found['coco/AP .5']
    (name,) = recorded.keys() - {'figures'}
    assert abs(found[name] - recorded[name]) <= TOLERANCE
