"""The runtime on exported files, against MMPose's own inference."""

import json
import subprocess
import sys

import cv2
import numpy as np
import onnx
import pytest
from exported_networks import CONFIGS, SAMPLES, small_config
from mmpose.apis import inference_bottomup, inference_topdown

from mmpose_ext_runtime import InputError, PoseModel
from mmpose_ext_runtime.command import main
from mmpose_ext_runtime.suppression import Detections, suppress

ROOT = CONFIGS.parent

# An import hook that lets nothing of the training stack in.
BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {'torch', 'torchvision', 'mmengine', 'mmcv', 'mmpose',
                                  'mmdet', 'mmpose_ext', 'scipy', 'matplotlib'}:
            raise ImportError(f'{name} is blocked')
sys.meta_path.insert(0, Blocker())
from mmpose_ext_runtime.command import main
main()
"""


def picture(tmp_path, name='фото 1.png'):
    path = tmp_path / name
    path.write_bytes(cv2.imencode('.png', SAMPLES[0].image)[1].tobytes())
    return path


def test_topdown_answers_are_mmposes(exported):
    file = exported('topdown', normalize=True, decode=True, flip_test=True)
    assert file.difference.compared >= 14
    people = PoseModel(file.path, batch=2).predict(
        [sample.image for sample in SAMPLES], [sample.boxes for sample in SAMPLES]
    )
    file.model.test_cfg.flip_test = True
    for sample, found in zip(SAMPLES, people, strict=True):
        wanted = inference_topdown(file.model, sample.image, sample.boxes)
        for i, person in enumerate(wanted):
            np.testing.assert_allclose(
                found.keypoints[i], person.pred_instances.keypoints[0], atol=0.01
            )
        assert found.boxes_from == 'given'


def test_onestage_answers_are_mmposes(exported):
    file = exported('onestage')
    for sample in SAMPLES:
        found = PoseModel(file.path)(sample.image)
        wanted = inference_bottomup(file.model, sample.image)[0].pred_instances
        assert len(found) == len(wanted)
        np.testing.assert_allclose(found.box_scores, wanted.bbox_scores, atol=1e-5)
        assert found.boxes_from == 'network'


def test_openvino_gives_the_same_in_float32(exported):
    pytest.importorskip('openvino')
    path = exported('topdown', normalize=True, decode=True, flip_test=True).path
    image, boxes = SAMPLES[0].image, SAMPLES[0].boxes
    one, other = (
        PoseModel(path, engine)(image, boxes) for engine in ('onnxruntime', 'openvino')
    )
    np.testing.assert_allclose(one.keypoints, other.keypoints, atol=0.01)
    np.testing.assert_allclose(one.scores, other.scores, atol=1e-4)


def test_whole_images_empty_boxes_and_mixed_images(exported):
    model = PoseModel(exported('topdown', normalize=True, decode=True).path)
    image, boxes = SAMPLES[0].image, SAMPLES[0].boxes
    whole = model(image)
    assert whole.boxes_from == 'whole image'
    assert whole.boxes.tolist() == [[0, 0, image.shape[1], image.shape[0]]]
    nobody, some = model.predict([image[..., 0], image], [[], boxes])
    assert len(nobody) == 0
    assert nobody.keypoints.shape == (0, 14, 2)
    assert nobody.above(0.1) == 0
    np.testing.assert_array_equal(some.keypoints, model(image, boxes).keypoints)
    assert model.predict([]) == []


@pytest.mark.parametrize(
    ('settings', 'problem'),
    [
        (dict(engine='tensorrt'), 'choose from onnxruntime, openvino'),
        (dict(precision='bf16'), 'ONNX Runtime computes as the file says'),
        (dict(engine='openvino', precision='int4'), 'int4 is unknown'),
        (dict(threads=0), 'too small'),
        (dict(batch=0), 'too small'),
    ],
)
def test_settings_that_cannot_be(exported, settings, problem):
    with pytest.raises(InputError, match=problem):
        PoseModel(exported('topdown').path, **settings)


def test_boxes_for_another_number_of_images_or_for_a_onestage_network(exported):
    with pytest.raises(InputError, match='2 images have 1 lists'):
        PoseModel(exported('topdown').path).predict([SAMPLES[0].image] * 2, [[]])
    with pytest.raises(InputError, match='finds people by itself|find people'):
        PoseModel(exported('onestage').path)(SAMPLES[0].image, [[0, 0, 5, 5]])


def test_suppression_keeps_the_best():
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [20, 20, 30, 30], [5, 5, 6, 6]])
    scores = np.array([0.5, 0.9, 0.3, 0.05])
    dense = Detections(boxes, scores, np.zeros((4, 2, 2)), np.arange(8).reshape(4, 2))

    class Settings:
        score_thr, nms_thr, max_people = 0.1, 0.5, 0

    kept = suppress(dense, Settings)
    assert kept.scores.tolist() == [0.9, 0.3]
    assert kept.keypoint_scores.tolist() == [[2, 3], [4, 5]]
    Settings.max_people = 1
    assert suppress(dense, Settings).scores.tolist() == [0.9]
    Settings.nms_thr, Settings.max_people = 1.0, 0
    assert suppress(dense, Settings).scores.tolist() == [0.9, 0.5, 0.3]


def test_the_command_runs_where_pytorch_cannot_be_imported(exported, tmp_path):
    path, out = picture(tmp_path), tmp_path / 'out'
    model = exported('topdown', normalize=True, decode=True).path
    boxes = tmp_path / 'boxes.json'
    boxes.write_text(json.dumps({path.name: SAMPLES[0].boxes.tolist()}))
    arguments = [model, path, '--boxes', boxes, '--out', out]
    done = subprocess.run(
        [sys.executable, '-c', BLOCKED, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads((out / 'predictions.json').read_text('utf-8'))
    found = document['images'][0]
    assert f'{path}: ' in done.stdout
    assert found['boxes_from'] == 'given'
    wanted = PoseModel(model)(SAMPLES[0].image, SAMPLES[0].boxes)
    for person, points in zip(found['people'], wanted.keypoints, strict=True):
        np.testing.assert_allclose(person['keypoints'], points, atol=2e-3)
    drawn = cv2.imdecode(np.fromfile(out / 'фото 1.jpg', np.uint8), cv2.IMREAD_COLOR)
    assert drawn.shape == SAMPLES[0].image.shape


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        main([*map(str, arguments)])
    return stop.value.code


def test_a_bad_file_does_not_stop_the_others(exported, tmp_path, capsys):
    good, bad = picture(tmp_path, 'b.png'), tmp_path / 'a.png'
    bad.write_bytes(b'text')
    model, out = exported('onestage').path, tmp_path / 'out'
    assert run(model, tmp_path, '--out', out) == 1
    said = capsys.readouterr()
    assert 'skipped' in said.err
    assert '1 of 2 images failed' in said.err
    assert 'boxes: network' in said.out
    assert (out / 'b.jpg').is_file()
    # Again into the same folder, but never into one of other files.
    assert run(model, good, '--out', out) == 0
    assert run(model, good, '--out', tmp_path) == 2
    assert 'holds other files' in capsys.readouterr().err


def test_wrong_commands_are_said_in_one_line(exported, tmp_path, capsys):
    path, model = (
        picture(tmp_path),
        exported('topdown', normalize=True, decode=True).path,
    )
    cut = tmp_path / 'cut.onnx'
    cut.write_bytes(model.read_bytes()[:-5000])
    foreign = tmp_path / 'foreign.onnx'
    network = onnx.load(str(model))
    del network.metadata_props[:]
    onnx.save(network, str(foreign))
    empty = tmp_path / 'empty'
    empty.mkdir()
    for arguments, problem in (
        ((cut, path), 'is truncated'),
        ((foreign, path), 'has no description'),
        ((tmp_path / 'no.onnx', path), 'does not exist'),
        ((model, empty), 'has no image'),
        ((model, path, path, '--box', 0, 0, 5, 5), '--box is for one image'),
        ((model, path, '--score-thr', 2), 'is not from 0 to 1'),
        ((model, path, '--boxes', cut), 'cannot read|is not JSON'),
    ):
        assert run(*arguments) == 2
        error = capsys.readouterr().err
        assert error.startswith('error: ')
        assert error.count('\n') == 1
        assert any(part in error for part in problem.split('|')), error
    assert run(model, '') == 2
    assert 'the path is empty' in capsys.readouterr().err
    assert run(model, path, '--box', 5, 5, 5, 90) == 1
    assert 'has no area' in capsys.readouterr().err


def test_a_damaged_graph_is_refused(exported, tmp_path):
    path = tmp_path / 'x.onnx'
    network = onnx.load(str(exported('topdown').path))
    network.graph.node[0].op_type = 'NoSuchOperation'
    onnx.save(network, str(path))
    with pytest.raises(InputError, match='onnxruntime cannot load'):
        PoseModel(path)


def test_metadata_are_the_configs(exported):
    manifest = PoseModel(exported('topdown').path).manifest
    config = small_config('topdown')
    assert manifest.input_size == tuple(config.codec.input_size)
    assert manifest.mean == (123.675, 116.28, 103.53)
    assert manifest.network_order == manifest.input_order == 'rgb'
    assert manifest.keypoint_names[0] == 'right_ankle'
    assert len(manifest.keypoint_names) == len(manifest.sigmas) == 14
    assert all(
        a.startswith(('left', 'right'))
        for a in (
            manifest.keypoint_names[i] for pair in manifest.flip_pairs for i in pair
        )
    )
    assert manifest.codec['name'] == 'quarter'
    assert manifest.padding == 1.25
    assert manifest.weights == ''
    assert manifest.precision == 'float32'
    assert {'torch', 'mmpose'} <= set(manifest.versions)
