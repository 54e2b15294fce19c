"""`mmpose-ext predict`: images, folders, patterns, videos, boxes, bad files."""

import csv
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from mmpose_ext.apis import Predictor
from mmpose_ext.apis.inputs import BoxFile, expand_inputs, output_names
from mmpose_ext.utils import UserError
from mmpose_ext.video import VideoFile, read_video
from mmpose_ext_cli import model_options, predict


@pytest.fixture
def run(monkeypatch, network, capsys, tmp_path):
    """Run the verb with the small network; status, output, errors."""
    monkeypatch.chdir(tmp_path)

    def make(args, heatmaps=False):
        network.heatmaps = heatmaps
        network.model.test_cfg['output_heatmaps'] = heatmaps
        network._boxes_from, network._source = 'whole-image', None
        return network

    monkeypatch.setattr(predict, 'make_predictor', make)

    def call(*arguments):
        monkeypatch.setattr(sys, 'argv', ['mmpose-ext predict', *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            predict.main()
        return (stop.value.code or 0, *capsys.readouterr())

    return call


def picture(path, seed=0, size=(48, 40)):
    image = np.random.default_rng(seed).integers(0, 255, (*size, 3), np.uint8)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())
    return path


def poses(folder='predictions'):
    return json.loads(Path(folder, 'poses.json').read_text())


def test_one_image(run):
    picture('Größe 1.png')
    status, out, err = run('Größe 1.png', '--min-score', '0')
    assert (status, err) == (0, '')
    assert 'Größe 1.png: 1 person with a score of 0 or more; boxes: the whole' in out
    assert {p.name for p in Path('predictions').iterdir()} == {
        *('.mmpose_ext_predict.json', 'Größe 1.png', 'poses.json', 'poses.csv')
    }
    drawn = cv2.imdecode(np.fromfile('predictions/Größe 1.png', np.uint8), 1)
    assert drawn.shape == (48, 40, 3)
    assert (drawn != cv2.imdecode(np.fromfile('Größe 1.png', np.uint8), 1)).any()
    (note,) = poses()['annotations']
    assert note['bbox'] == [0, 0, 40, 48]
    assert note['box_source'] == 'the whole image, taken for one person'
    table = Path('predictions/poses.csv').read_text(encoding='utf-8')
    assert len(list(csv.DictReader(table.splitlines()))) == 14
    # Once more into its own folder.
    assert run('Größe 1.png', '--write', 'json')[0] == 0


def test_nobody_is_said(run):
    for name in ('a.png', 'b.png'):
        picture(name)
    status, out, _ = run('a.png', 'b.png', '--min-score', '1', '--write', 'json')
    assert status == 0
    assert '2 images: 0 people with a score of 1 or more, nobody in 2; boxes: ' in out


def test_folders_patterns_and_bad_files(run):
    picture('in/a.jpg', 1)
    picture('in/deep/a.jpg', 2)
    picture('more/c.bmp', 3)
    Path('in/broken.jpg').write_bytes(b'\xff\xd8 no picture')
    Path('in/notes.txt').touch()
    status, out, err = run('in', 'more/*', '--out', 'out')
    assert status == 1
    assert '3 images' in out
    lines = err.splitlines()
    assert lines[-2].startswith('error: image in/broken.jpg cannot be used: ')
    assert lines[-1] == '1 of 4 files could not be used'
    for name in ('in/a.jpg', 'in/deep/a.jpg', 'more/c.bmp'):
        assert Path('out', name).is_file()
    names = [image['file_name'] for image in poses('out')['images']]
    assert names == ['in/a.jpg', 'in/deep/a.jpg', 'more/c.bmp']


def test_boxes_of_a_file(run):
    for name in ('a.png', 'b.png', 'c.png', 'd.png'):
        picture(name)
    boxes = {
        'a.png': [[1, 2, 30, 40], [5, 5, 20, 25]],
        'b.png': [],
        'd.png': [[9, 9, 9, 9]],
    }
    Path('boxes.json').write_text(json.dumps(boxes))
    status, _, err = run('a.png', 'b.png', 'c.png', 'd.png', '--boxes', 'boxes.json')
    assert status == 1
    assert 'error: box 0 of d.png, (9, 9, 9, 9), has no area' in err
    found = poses()['annotations']
    # None are searched where the file says that there is nobody.
    assert [note['image_id'] for note in found] == [1, 1, 3]
    assert found[0]['bbox'] == [1, 2, 29, 38]
    assert found[2]['box_source'].startswith('the whole image')


def test_heat_maps_below_the_picture(run):
    picture('a.png')
    assert run('a.png', '--heatmaps', '--write', 'pictures')[0] == 0
    assert cv2.imread('predictions/a.png').shape == (96, 40, 3)
    assert not Path('predictions/poses.json').exists()


def test_a_video(run):
    frames = [np.full((48, 64, 3), 40 * i, np.uint8) for i in range(5)]
    with VideoFile('clip.avi', 12) as video:
        for frame in frames:
            video.write(frame)
    status, _, err = run('clip.avi', '--batch-size', '2')
    assert (status, err) == (0, '')
    fps, drawn = read_video('predictions/clip.avi.mp4')
    drawn = list(drawn)
    assert fps == 12
    assert len(drawn) == 5
    assert abs(int(drawn[4].mean()) - 160) < 25
    names = [image['file_name'] for image in poses()['images']]
    assert names[-1] == 'clip.avi#000004'
    Path('no.mp4').write_bytes(b'no video')
    status, _, err = run('no.mp4', '--out', 'other')
    assert status == 1
    assert 'no.mp4 is not a video that OpenCV can read' in err
    assert not list(Path('other').glob('*.mp4'))


def test_what_was_found_is_kept_when_interrupted(run, network, monkeypatch):
    for number in range(4):
        picture(f'{number}.png')
    calls = []

    def twice(images, boxes=None):
        calls.append(images)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return Predictor.__call__(network, images, boxes)

    monkeypatch.setattr(predict, 'make_predictor', lambda args, heatmaps: network)
    monkeypatch.setattr(predict.Prediction, '_painter', lambda self: None)
    original = predict.Prediction.__init__

    def init(self, args):
        original(self, args)
        self.predictor = type('Wrapped', (), dict(__call__=lambda s, *a: twice(*a)))()

    monkeypatch.setattr(predict.Prediction, '__init__', init)
    status, _, err = run('*.png', '--batch-size', '1')
    assert status == 130
    assert 'interrupted' in err
    assert len(poses()['images']) == 2


def test_wrong_input_costs_no_time(run, monkeypatch, tmp_path):
    def never(*arguments):
        raise AssertionError('the network was loaded')

    monkeypatch.setattr(predict, 'make_predictor', never)
    picture('a.png')
    Path('empty').mkdir()
    Path('file').touch()
    Path('bad.json').write_text('[1]')
    with VideoFile('clip.avi', 12) as video:
        video.write(np.zeros((16, 16, 3), np.uint8))
    Path('good.json').write_text('{}')
    Path('other.json').write_text('{"b.png": [[0, 0, 9, 9]]}')
    for arguments, text in (
        (('none.png',), 'no file none.png'),
        (('none*.png',), 'no file none*.png'),
        (('a.png', ''), 'one of the inputs is an empty text'),
        (('empty',), 'folder empty holds no image'),
        (('a.png', '--out', 'file/x'), 'cannot write'),
        (('a.png', '--out', '.'), 'files that were not made by this tool'),
        (('a.png', '--boxes', 'bad.json'), 'bad.json is not a file of boxes'),
        (('a.png', '--boxes', 'none.json'), 'cannot read none.json'),
        (('a.png', '--boxes', 'other.json'), 'names none of the images, such as a.png'),
        (('clip.avi', '--boxes', 'good.json'), 'clip.avi is a video'),
    ):
        status, _, err = run(*arguments)
        assert status == 2, arguments
        assert text in err, err
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize('value', ['nan', '-1', '7', 'high'])
@pytest.mark.parametrize('option', ['--min-score', '--keypoint-score'])
def test_scores_are_shares(run, option, value):
    status, _, err = run('a.png', option, value)
    assert status == 2
    assert f"{option}: '{value}' is not a number from 0 to 1" in err


def test_results_are_no_input_of_a_later_run(run):
    picture('a.png')
    for out in ('first', 'second'):
        status, said, _ = run('.', '--out', out, '--write', 'pictures')
        assert status == 0
        assert said.startswith('a.png: ')
    assert run('first', '--out', 'third')[0] == 0  # unless they are named


def test_names_of_outputs_never_meet(tmp_path):
    files = [picture(tmp_path / name) for name in ('x/a.png', 'x/a.jpg', 'y/a.png')]
    names = output_names(files)
    assert [str(name) for name in names] == ['x/a.png', 'x/a.jpg', 'y/a.png']
    assert output_names(files[:1]) == [Path('a.png')]
    found = expand_inputs([str(tmp_path), str(files[1])])
    assert sorted(found) == sorted(files)


def test_boxes_in_cocos_layout(tmp_path):
    path = tmp_path / 'coco.json'
    path.write_text(
        json.dumps(
            dict(
                images=[dict(id=4, file_name='b/a.jpg'), dict(id=5, file_name='c.jpg')],
                annotations=[dict(image_id=4, bbox=[1, 2, 3, 4], score=0.5)],
            )
        )
    )
    boxes = BoxFile(path)
    assert boxes.of('/data/b/a.jpg') == [[1, 2, 4, 6, 0.5]]
    assert boxes.of('c.jpg') == []
    assert boxes.of('a.jpg') is None
    path.write_text('{"images": [], "annotations": [{"image_id": 3}]}')
    with pytest.raises(UserError, match='not a file of boxes'):
        BoxFile(path)


def test_the_model_that_is_taken_when_none_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(model_options, 'package_folder', lambda name: tmp_path)
    assert model_options.default_model() == 'ca_hrnet'
    (tmp_path / 'weights').mkdir()
    for name in ('lrfg_yolopose', 'daunet', 'sdhrnet', 'ca_hrnet'):
        (tmp_path / 'weights' / f'{name}.safetensors').touch()
        assert model_options.default_model() == name
