"""Exported files against PyTorch, and what is refused."""

import dataclasses

import numpy as np
import onnx
import pytest
import torch
from exported_networks import CONFIGS, SAMPLES, SMALL, small_config, small_network

from mmpose_ext.apis.predictor import Predictor
from mmpose_ext.export import (
    Difference,
    ExportOptions,
    compare,
    export_onnx,
    load_network,
    write_network,
)
from mmpose_ext.utils import UserError
from mmpose_ext_runtime import PoseModel

# Nobody ships weights for it.
UNTRAINED = 'td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py'


@pytest.mark.parametrize(
    ('kind', 'options'),
    [
        ('topdown', {}),
        ('topdown', dict(normalize=True, decode=True)),
        ('topdown', dict(normalize=True, decode=True, flip_test=True)),
        ('onestage', {}),
        ('onestage', dict(normalize=True, nms=True)),
    ],
)
def test_files_are_like_pytorch_at_any_batch(exported, kind, options):
    file = exported(kind, **options)
    assert file.difference.largest <= 0.01
    assert file.difference.missing == 0
    images = [SAMPLES[0].image, SAMPLES[1].image, SAMPLES[0].image]
    one, all_at_once = (PoseModel(file.path, batch=n).predict(images) for n in (1, 3))
    for a, b in zip(one, all_at_once, strict=True):
        np.testing.assert_allclose(a.keypoints, b.keypoints, atol=0.01)
    np.testing.assert_allclose(one[0].keypoints, one[2].keypoints, atol=0.01)


def test_rgb_input_gives_the_same(exported):
    blue = exported('topdown', normalize=True, decode=True)
    red = exported('topdown', normalize=True, decode=True, input_order='rgb')
    found = [PoseModel(f.path)(SAMPLES[0].image).keypoints for f in (blue, red)]
    np.testing.assert_allclose(*found, atol=1e-3)
    manifests = [PoseModel(f.path).manifest for f in (blue, red)]
    assert [m.input_order for m in manifests] == ['bgr', 'rgb']


def test_the_flip_test_changes_the_answer(exported):
    plain = exported('topdown', normalize=True, decode=True)
    flipped = exported('topdown', normalize=True, decode=True, flip_test=True)
    a, b = (PoseModel(f.path)(SAMPLES[0].image).scores for f in (plain, flipped))
    assert np.abs(a - b).max() > 1e-6


def test_a_wrong_file_is_noticed_and_leaves_nothing(exported, tmp_path, monkeypatch):
    """A file whose mean is wrong by a fifth: key points differ."""
    import mmpose_ext.export.exporting as exporting

    def wrong(config, model, path, options, weights=None):
        manifest = write_network(config, model, path, options, weights)
        shifted = dataclasses.replace(manifest, padding=manifest.padding * 1.1)
        write_description(path, shifted)
        return shifted

    from mmpose_ext.export.writing import write_description

    monkeypatch.setattr(exporting, 'write_network', wrong)
    out = tmp_path / 'a.onnx'
    with pytest.raises(UserError, match='fails the comparison with PyTorch'):
        export_onnx(small_config('topdown'), None, out, None, True, SAMPLES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ('difference', 'problem'),
    [
        (Difference(0.009, 0, 0, 10), ''),
        (Difference(0.011, 0, 0, 10), 'differ by up to 0.011 px'),
        (Difference(float('nan'), 0, 0, 10), 'differ'),
        (Difference(0, 0, 0, 0), 'no prediction to compare'),
        (Difference(0, 0, 0, 10, undecided=6), 'rounding'),
        (Difference(0, 0, 0, 10, missing=1), 'missing'),
    ],
)
def test_what_a_difference_means(difference, problem):
    assert problem in difference.problem()
    assert bool(problem) == bool(difference.problem())


def test_a_network_without_weights_is_refused(tmp_path):
    with pytest.raises(UserError, match='--random-weights'):
        export_onnx(small_config('topdown'), None, tmp_path / 'a.onnx')
    with pytest.raises(UserError, match='choose one'):
        load_network(small_config('topdown'), 'a.pth', random_weights=True)


def test_a_checkpoint_of_another_network_is_refused(tmp_path):
    path = tmp_path / 'other.pth'
    torch.save({'state_dict': {'backbone.x': torch.zeros(3)}}, path)
    with pytest.raises(UserError, match='does not fit'):
        export_onnx(small_config('topdown'), path, tmp_path / 'a.onnx')
    assert not (tmp_path / 'a.onnx').exists()


@pytest.mark.parametrize(
    ('kind', 'changes', 'options', 'problem'),
    [
        ('topdown', {}, dict(nms=True), '--nms is for one-stage'),
        ('onestage', {}, dict(flip_test=True), 'top-down'),
        (
            'topdown',
            {'test_dataloader.dataset.pipeline.1.type': 'TopdownPyramid'},
            {},
            'test pipeline of .* (lacks|has the step)',
        ),
        (
            'onestage',
            {'test_dataloader.dataset.pipeline.1.resize_mode': 'expand'},
            {},
            "resize_mode='expand'",
        ),
    ],
)
def test_what_cannot_be_exported(tmp_path, kind, changes, options, problem):
    config = small_config(kind)
    config.merge_from_dict(changes)
    with pytest.raises(UserError, match=problem):
        write_network(
            config, small_network(kind), tmp_path / 'a.onnx', ExportOptions(**options)
        )


def test_votes_are_refused(tmp_path):
    model = small_network('onestage')
    model.test_cfg = dict(model.test_cfg or {}, vote_thr=0.6)
    with pytest.raises(UserError, match='vote_thr=0.6 cannot be exported'):
        write_network(
            small_config('onestage'), model, tmp_path / 'a.onnx', ExportOptions()
        )


def test_a_regression_network_is_refused(tmp_path):
    model = small_network('topdown')
    config = small_config('topdown')
    head, model.head = model.head, torch.nn.Identity()
    try:
        with pytest.raises(UserError, match='Identity cannot be exported'):
            write_network(config, model, tmp_path / 'a.onnx', ExportOptions())
    finally:
        model.head = head


def test_the_command_exports_a_checkpoint(tmp_path, run_tool, capsys):
    weights, out = tmp_path / 'w.pth', tmp_path / 'a.onnx'
    torch.save({'state_dict': small_network('topdown').state_dict()}, weights)
    config = CONFIGS / SMALL['topdown']
    parts = ('--normalize', '--decode', '--flip-test')
    assert run_tool('export.py', config, weights, *parts, out) == 0
    said = capsys.readouterr().out
    assert 'largest difference to PyTorch: ' in said
    manifest = PoseModel(out).manifest
    assert manifest.weights == 'w.pth'
    assert len(manifest.weights_sha256) == 64
    onnx.checker.check_model(str(out))
    image, boxes = SAMPLES[0].image, SAMPLES[0].boxes
    wanted = Predictor(config, weights)(image, boxes)
    found = PoseModel(out)(image, boxes)
    np.testing.assert_allclose(found.keypoints, wanted.keypoints, atol=0.01)
    np.testing.assert_allclose(found.scores, wanted.keypoint_scores, atol=1e-4)
    for arguments, problem in (
        ((config.with_name(UNTRAINED), out), 'without weights'),
        ((config, weights, tmp_path / 'a.txt'), '.onnx'),
        ((config, tmp_path / 'no.pth', out), 'does not exist'),
    ):
        assert run_tool('export.py', *arguments) == 2
        assert problem in capsys.readouterr().err


def test_compare_sees_a_difference(exported):
    file = exported('topdown')
    model = PoseModel(file.path)
    model.manifest = dataclasses.replace(model.manifest, padding=1.3)
    assert compare(file.model, model, SAMPLES).largest > 0.01
