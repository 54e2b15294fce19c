"""Reduced precisions, and the score that they are accepted by."""

import numpy as np
import onnx
import pytest
import torch
from exported_networks import SAMPLES, small_config
from onnx import numpy_helper

from mmpose_ext.apis import build_dataset
from mmpose_ext.export import ExportOptions, export_reduced, reducing
from mmpose_ext.export.precision import REDUCTIONS
from mmpose_ext.export.reducing import calibration_inputs, check_loss
from mmpose_ext.export.scoring import as_points, score_file
from mmpose_ext.utils import UserError
from mmpose_ext_runtime import PoseModel
from mmpose_ext_runtime.crops import letterbox
from mmpose_ext_runtime.engines import load_engine
from mmpose_ext_runtime.manifest import Manifest


def reduce(out, precision, **settings):
    torch.manual_seed(15)
    return export_reduced(
        small_config('topdown'),
        None,
        out,
        ExportOptions(normalize=True, decode=True),
        True,
        SAMPLES[:1],
        precision=precision,
        calibration=SAMPLES,
        **settings,
    )


@pytest.mark.parametrize(
    'precision',
    [
        'bf16',
        pytest.param('fp16', marks=pytest.mark.slow),
        pytest.param('int8', marks=pytest.mark.slow),
    ],
)
def test_a_reduced_precision_is_measured(tmp_path, monkeypatch, precision):
    out = tmp_path / 'a.onnx'
    scores = iter([80.0, 79.0, 80.0, 79.0])
    monkeypatch.setattr(reducing, 'score_file', lambda *_: next(scores))
    with pytest.raises(UserError, match='loses 1.00 points'):
        reduce(out, precision)
    assert not out.exists()
    result = reduce(out, precision, max_loss=1.5)
    manifest = PoseModel(out).manifest
    assert manifest.precision == precision
    assert manifest.score == dict(metric='PCK@0.2', before=80.0, after=79.0)
    assert result.difference.compared > 0


@pytest.mark.parametrize('precision', ['fp16', 'bf16', 'int8'])
def test_a_reduced_file_is_smaller_and_similar(exported, tmp_path, precision):
    source, out = exported('topdown', normalize=True).path, tmp_path / 'a.onnx'
    full = PoseModel(source)
    batches = calibration_inputs(small_config('topdown'), full.manifest, SAMPLES)
    REDUCTIONS[precision](source, out, batches)
    reduced = PoseModel.__new__(PoseModel)
    reduced.__dict__.update(full.__dict__, _engine=load_engine(out))
    crops = [letterbox(sample.image, full.manifest) for sample in SAMPLES]
    a, b = (model.run(crops)['heatmaps'] for model in (full, reduced))
    spread = a.max() - a.min()
    limit = {'fp16': 0.05, 'bf16': 0.1, 'int8': 0.5}[precision]
    assert 0 < np.abs(a - b).max() < limit * spread
    share = {'fp16': 0.6, 'bf16': 0.6, 'int8': 0.5}[precision]
    assert out.stat().st_size < share * source.stat().st_size


def test_products_of_int8_cannot_saturate(exported, tmp_path):
    """Two of 255 * 64 fit into 16 bits, in which processors without VNNI add them."""
    source, out = exported('topdown', normalize=True).path, tmp_path / 'a.onnx'
    manifest = PoseModel(source).manifest
    batches = calibration_inputs(small_config('topdown'), manifest, SAMPLES)
    REDUCTIONS['int8'](source, out, batches)
    weights = [
        numpy_helper.to_array(tensor)
        for tensor in onnx.load(out).graph.initializer
        if tensor.data_type == onnx.TensorProto.INT8 and tensor.dims
    ]
    largest = [int(np.abs(w.astype(int)).max()) for w in weights if w.ndim == 4]
    assert largest
    assert max(largest) <= 64
    assert min(largest) > 60  # each channel uses the range


@pytest.mark.parametrize(
    ('before', 'after', 'problem'),
    [
        (80.0, 79.6, ''),
        (80.0, 85.0, ''),
        (80.0, 79.4, 'int8 loses 0.60 points of AP'),
        (80.0, float('nan'), 'loses nan'),
        (5.0, 5.0, 'nothing to lose'),
        (float('nan'), 80.0, 'loses nan'),
    ],
)
def test_a_loss_has_a_bound(before, after, problem):
    found = check_loss(before, after, 'int8', 'AP', 0.5)
    assert problem in found
    assert bool(found) == bool(problem)


def test_a_share_and_a_percentage_are_not_mixed():
    assert as_points(0.8, 0.9) == (80, 90)
    # One joint of 107 is correct: 0.93 %, not 93 %.
    assert as_points(80.0, 0.93) == (80, 0.93)
    assert as_points(0.93, 80.0) == (0.93, 80)


def test_a_score_is_the_evaluators(exported):
    """A file that answers with the truth scores 100, one that is far off 0."""
    config = small_config('topdown')
    dataset = build_dataset(config, 'test')

    class Oracle:
        manifest = PoseModel(exported('topdown').path).manifest
        batch, shift = 3, 0.0

        def run(self, crops):
            self.crops = crops
            return {}

        def decode(self, outputs):
            points = []
            for crop in self.crops:
                info = next(i for i in known if np.allclose(i[0], crop.center))
                size = np.array(self.manifest.input_size)
                inside = (info[1] - crop.center + crop.scale / 2) / crop.scale * size
                points.append(inside + self.shift)
            return np.array(points), np.ones((len(points), 14))

    known = []
    for i in range(len(dataset)):
        sample = dataset[i]['data_samples']
        known.append(
            (sample.metainfo['input_center'], sample.gt_instances.keypoints[0])
        )
    oracle = Oracle()
    assert score_file(config, dataset, oracle, 'PCK@0.2') == pytest.approx(100)
    oracle.shift = 1000.0
    assert score_file(config, dataset, oracle, 'PCK@0.2') == 0
    with pytest.raises(UserError, match='has no metric'):
        score_file(config, dataset, oracle, 'nonsense')


def test_calibration_takes_images_or_training_data(exported):
    manifest: Manifest = PoseModel(exported('topdown').path).manifest
    config = small_config('topdown')
    given = calibration_inputs(config, manifest, SAMPLES)
    assert sum(map(len, given)) == sum(len(s.boxes) for s in SAMPLES)
    trained = calibration_inputs(config, manifest, None)
    assert 4 <= sum(map(len, trained)) <= 64
    assert trained[0].shape[1:] == given[0].shape[1:] == (3, 128, 128)
