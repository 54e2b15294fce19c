"""`Predictor`: MMPose's answers, in batches, with the caller's boxes."""

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmpose.apis import inference_bottomup, inference_topdown

from mmpose_ext.apis import MMDetBoxes, OneStageBoxes, Predictor, WholeImage, boxes
from mmpose_ext.apis.images import InputError
from mmpose_ext.compat.checkpoint import CheckpointError
from mmpose_ext.compat.model_index import index_folder
from mmpose_ext.utils import ConfigError, UserError
from mmpose_ext.utils.config import load_config

CONFIGS = index_folder() / 'configs'
SMALL = CONFIGS / 'sdhrnet/small/td-hm_sdhrnet-w8_1xb32-8e_synthetic-128x128.py'
YOLO = CONFIGS / 'lrfg_yolopose/small/yolopose-n_1xb8-16e_synthetic-128.py'
ZOO = 'mmpose::body_2d_keypoint/'
RTMPOSE = f'{ZOO}rtmpose/coco/rtmpose-t_8xb256-420e_coco-256x192.py'
YOLOX = f'{ZOO}yoloxpose/coco/yoloxpose_tiny_4xb64-300e_coco-416.py'
RTMDET = 'mmpose/.mim/demo/mmdetection_cfg/rtmdet_nano_320-8xb32_coco-person.py'


@pytest.fixture(scope='module')
def images():
    rng = np.random.default_rng(0)
    return [rng.integers(0, 255, (h, w, 3), np.uint8) for h, w in ((96, 80), (70, 120))]


BOXES = [
    np.array([[10, 12, 60, 80], [-20, 5, 45.5, 120]], np.float32),
    np.array([[30, 10, 100, 65, 0.5]], np.float32),
]


def make(config, **options):
    """A predictor with random weights; those of the zoo are not here."""
    torch.manual_seed(0)
    config = config if isinstance(config, Config) else load_config(config)
    return Predictor(config, allow_random=True, **options)


@pytest.fixture(scope='module')
def small():
    return make(SMALL, boxes_from='whole-image')


@pytest.fixture(scope='module')
def yolo():
    return make(YOLO, min_score=0)


@pytest.mark.parametrize('config', [SMALL, RTMPOSE], ids=['ours', 'mmpose'])
def test_boxes_of_the_caller_give_what_mmpose_gives(config, images):
    predictor = make(config, batch_size=2)
    results = predictor(images, BOXES)
    assert [len(result) for result in results] == [2, 1]
    for image, boxes_, result in zip(images, BOXES, results, strict=True):
        samples = inference_topdown(predictor.model, image, boxes_[:, :4])
        found = np.concatenate([s.pred_instances.keypoints for s in samples])
        scores = np.concatenate([s.pred_instances.keypoint_scores for s in samples])
        np.testing.assert_allclose(result.keypoints, found, atol=1e-3)
        np.testing.assert_allclose(result.keypoint_scores, scores, atol=1e-5)
        np.testing.assert_array_equal(result.boxes, boxes_[:, :4])
        assert result.box_source == 'given by the caller'
        assert result.size == (image.shape[1], image.shape[0])
    person = results[1]
    assert person.scores == pytest.approx(0.5 * person.keypoint_scores.mean(axis=1))
    assert len(person.keypoint_names) == person.keypoints.shape[1]


@pytest.mark.parametrize(
    'config',
    [YOLO, pytest.param(YOLOX, marks=pytest.mark.slow)],
    ids=['ours', 'mmpose'],
)
def test_one_stage_networks_give_what_mmpose_gives(config, images):
    predictor = make(config, min_score=0)
    predictor.model.test_cfg['score_thr'] = 0.0
    for image, result in zip(images, predictor(images), strict=True):
        (sample,) = inference_bottomup(predictor.model, image)
        found = sample.pred_instances
        assert len(result) == len(found.keypoints) > 0
        np.testing.assert_allclose(
            result.keypoints, found.keypoints, rtol=1e-3, atol=1e-2
        )
        np.testing.assert_allclose(result.scores, found.bbox_scores, atol=1e-5)
        assert result.box_source == 'found by the network itself'


def test_one_image_gives_one_result_and_a_list_a_list(small, images, tmp_path):
    file = tmp_path / 'Größe 1.png'
    file.write_bytes(cv2.imencode('.png', images[0])[1].tobytes())
    whole = np.array([[0, 0, 80, 96]], np.float32)
    by_array = small(images[0], whole)
    for given in (file, str(file)):
        np.testing.assert_array_equal(small(given, whole).keypoints, by_array.keypoints)
    assert small(str(file)).name == str(file)
    assert by_array.name == 'image 0'
    (listed,) = small([images[0]], [whole])
    np.testing.assert_array_equal(listed.keypoints, by_array.keypoints)
    assert small([]) == []


def test_without_boxes_the_result_says_where_they_came_from(small, images):
    result = small(images[0])
    assert result.box_source == 'the whole image, taken for one person'
    np.testing.assert_array_equal(result.boxes, [[0, 0, 80, 96]])
    assert 'boxes: the whole image' in result.describe()
    nobody = small(images[0], np.zeros((0, 4)))
    assert len(nobody) == 0
    assert nobody.keypoints.shape == (0, 14, 2)
    assert nobody.describe().startswith('no people with a score of 0.3 or more; boxes')
    mixed = small(images, [None, BOXES[1]])
    assert [len(m) for m in mixed] == [1, 1]
    assert mixed[0].box_source != mixed[1].box_source


def test_people_are_counted_above_a_score(small, images):
    result = small(images[0], BOXES[0])
    scores = np.array([0.2, 0.7], np.float32)
    result = type(result)(**{**vars(result), 'scores': scores})
    assert result.count(0.5) == 1
    assert result.count(0.7) == 1  # the score itself counts
    assert result.above(0.5).boxes.tolist() == BOXES[0][1:].tolist()
    assert result.describe(0.5).startswith('1 person with a score of 0.5 or more (1 b')


def test_heat_maps_lie_over_the_image(images):
    predictor = make(SMALL, heatmaps=True)
    predictor.model.test_cfg['flip_test'] = False
    maps = torch.zeros(1, 14, 32, 32)
    maps[:, :, 10, 20] = 1
    predictor.model.head.forward = lambda features: maps
    result = predictor(images[0], [[10, 12, 60, 80]])
    # The crop is 68 * 1.25 = 85 pixels a side around (35, 46): cell (20, 10) of 32
    # lies at 20 / 32 * 85 + 35 - 42.5 and 10 / 32 * 85 + 46 - 42.5.
    np.testing.assert_allclose(result.keypoints[0, 0], [45.625, 30.0625], atol=1e-3)
    assert result.heatmaps.shape == (14, 96, 80)
    row, column = np.unravel_index(result.heatmaps[3].argmax(), (96, 80))
    # A cell is 2.7 pixels.
    assert abs(column - 45.6) < 2
    assert abs(row - 30.1) < 2
    assert make(SMALL)(images[0], [[10, 12, 60, 80]]).heatmaps is None


def test_boxes_of_detectors(yolo, images):
    fourth = sorted(yolo(images[0]).box_scores)[-4]
    source = OneStageBoxes(yolo, 'found by a test', min_score=fourth)
    found = source(images[0])
    assert found.shape[1] == 5
    predictor = make(SMALL, boxes_from=source)
    result = predictor(images[0])
    assert result.box_source == 'found by a test'
    assert 0 < len(result) == len(found) <= 4
    np.testing.assert_allclose(result.boxes, found[:, :4])
    np.testing.assert_allclose(result.box_scores, found[:, 4])


def test_boxes_of_mmdetection(images):
    import mmpose

    config = mmpose.__path__[0].removesuffix('mmpose') + RTMDET
    torch.manual_seed(0)
    source = MMDetBoxes(config, min_score=0.0)
    found = source(images[0])
    assert found.shape[1] == 5
    assert (found[:, 2:4] > found[:, :2]).all()
    assert (WholeImage()(images[1]) == [[0, 0, 120, 70, 1]]).all()


def test_the_automatic_choice_falls_back_and_says_so(monkeypatch):
    said = []
    monkeypatch.setattr(boxes, '_log', said.append)

    def absent(device):
        raise UserError('not there')

    class Found:
        name = 'found'

    monkeypatch.setitem(boxes.SOURCES, 'rtmdet', absent)
    # A network of single walkers is not taken unless it is asked for.
    monkeypatch.setitem(boxes.SOURCES, 'lrfg', lambda device: Found())
    assert isinstance(boxes.choose_box_source('auto'), WholeImage)
    assert said == ['no boxes from rtmdet: not there', f'boxes: {WholeImage().name}']
    assert boxes.choose_box_source('lrfg').name == 'found'
    monkeypatch.setitem(boxes.SOURCES, 'rtmdet', lambda device: Found())
    assert boxes.choose_box_source('auto').name == 'found'
    monkeypatch.setitem(boxes.SOURCES, 'rtmdet', absent)
    with pytest.raises(UserError, match='not there'):
        boxes.choose_box_source('rtmdet')
    with pytest.raises(ConfigError, match="boxes_from='rtmdt' is unknown; choose"):
        boxes.choose_box_source('rtmdt')


def test_what_is_refused(small, yolo, images, tmp_path):
    with pytest.raises(UserError, match='without weights.*predict at random'):
        Predictor(CONFIGS / 'sdhrnet/td-hm_sdhrnet_4xb32-210e_coco-256x192.py')
    with pytest.raises(ConfigError, match='batch_size=0'):
        make(SMALL, batch_size=0)
    with pytest.raises(UserError, match='takes no boxes'):
        yolo(images[0], BOXES[0])
    with pytest.raises(UserError, match='1 entries of boxes for 2 images'):
        small(images, [BOXES[0]])
    lifter = Config.fromfile(SMALL)
    lifter.data_mode = 'lift'
    with pytest.raises(UserError, match="its data_mode is 'lift'"):
        make(lifter)
    other = tmp_path / 'other.pth'
    torch.save(yolo.model.state_dict(), other)
    with pytest.raises(CheckpointError, match='missing: .*unexpected: '):
        Predictor(SMALL, other)


@pytest.mark.parametrize(
    ('wrong', 'text'),
    [
        ([[5, 5, 5, 30]], r'box 0 of image 0, \(5, 5, 5, 30\), has no area'),
        ([[5, 5, 20, 30], [9, 9, 3, 20]], 'box 1 .* has no area'),
        ([[200, 5, 220, 30]], 'lies outside the 80 x 96 pixels'),
        ([[-9, -9, -1, -1]], 'lies outside'),
        ([[0, 0, np.nan, 5]], 'not finite'),
        ([[0, 0, 5]], r'shape \(1, 3\)'),
        ([0, 0, 5, 5], r'shape \(4,\)'),
        ('box', 'not an array of numbers'),
    ],
)
def test_boxes_that_hold_nothing(small, images, wrong, text):
    with pytest.raises(InputError, match=text) as caught:
        small(images[0], wrong)
    assert '\n' not in str(caught.value)


def test_numbers_that_are_not_finite_are_no_result(small, images, monkeypatch):
    layer = small.model.head.final_layer
    broken = torch.full_like(layer.bias, float('nan'))
    monkeypatch.setattr(layer, 'bias', torch.nn.Parameter(broken))
    with pytest.raises(UserError, match='not finite; fetch or train its weights'):
        small(images[0])


def test_a_device_that_is_not_there():
    with pytest.raises(UserError, match='--device gpu: this device cannot be used'):
        make(SMALL, device='gpu')


def test_weights_of_an_address_advise_on_what_predicting_has(monkeypatch, tmp_path):
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path))
    address = 'http://127.0.0.1:9/net.pth'  # nothing listens there
    with pytest.raises(UserError, match='copy the file to') as caught:
        Predictor(SMALL, address)
    assert address in str(caught.value)
    assert 'cfg-options' not in str(caught.value)
