"""`mmpose-ext camera`: what is shown and written, and how it ends."""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from mmpose_ext.video import VideoFile, read_video
from mmpose_ext_cli import camera


@pytest.fixture
def run(monkeypatch, network, capsys, tmp_path):
    """Run the verb with the small network; status, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(camera, 'make_predictor', lambda args: network)

    def call(*arguments):
        monkeypatch.setattr(sys, 'argv', ['mmpose-ext camera', *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            camera.main()
        return (stop.value.code or 0, *capsys.readouterr())

    return call


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / 'clip é.avi'
    rng = np.random.default_rng(0)
    still = rng.integers(0, 255, (48, 64, 3), np.uint8)
    with VideoFile(path, 10) as video:
        for _ in range(4):
            video.write(still)
    return path


def notes():
    return json.loads(Path('out.json').read_text())['annotations']


def test_a_file_from_beginning_to_end(run, clip):
    status, out, err = run(
        clip, '--video', 'out.mp4', '--json', 'out.json', '--smooth', '--min-score', '0'
    )
    assert (status, err) == (0, '')
    assert '4 of 4 pictures shown (0 dropped, 0 failed)' in out
    assert 'ms (median)' in out
    fps, frames = read_video('out.mp4')
    assert fps == 10
    assert len(list(frames)) == 4
    found = notes()
    assert [note['track_id'] for note in found] == [0] * 4
    assert [note['image_id'] for note in found] == list(range(1, 5))


def test_smoothing_and_numbers_are_off_unless_asked_for(run, clip):
    assert run(clip, '--json', 'out.json')[0] == 0
    plain = notes()
    assert 'track_id' not in plain[0]
    assert run(clip, '--json', 'out.json', '--ids', '--seconds', '0.2')[0] == 0
    assert [note['track_id'] for note in notes()] == [0, 0, 0]


def test_ctrl_c_ends_cleanly_and_keeps_what_there_is(run, clip, monkeypatch):
    take = camera.Output.take
    taken = []

    def interrupted(self, frame, result):
        take(self, frame, result)
        taken.append(frame)
        if len(taken) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(camera.Output, 'take', interrupted)
    status, _, _ = run(clip, '--video', 'out.avi', '--json', 'out.json')
    assert status == 0
    assert len(list(read_video('out.avi')[1])) == 3
    assert len(notes()) == 3


@pytest.mark.parametrize(('keys', 'open_', 'shown'), [('  q', 1, 3), ('   ', 0, 1)])
def test_q_and_the_closed_window_end_it(run, clip, monkeypatch, keys, open_, shown):
    pressed, pictures = iter(keys), []
    monkeypatch.setenv('DISPLAY', ':0')
    monkeypatch.setattr(cv2, 'namedWindow', lambda *arguments: None)
    monkeypatch.setattr(cv2, 'imshow', lambda name, image: pictures.append(image))
    monkeypatch.setattr(cv2, 'waitKey', lambda wait: ord(next(pressed)))
    monkeypatch.setattr(cv2, 'getWindowProperty', lambda *arguments: open_)
    assert run(clip, '--show')[0] == 0
    assert len(pictures) == shown


def test_a_live_video_lasts_as_long_as_the_stream(tmp_path):
    """A picture stands until the next; 2 s of nothing at most."""
    with VideoFile(tmp_path / 'a.avi', 10) as video:
        for value, seconds in ((0, 0.0), (50, 0.05), (100, 0.5), (150, 3600.0)):
            video.write_until(np.full((16, 16, 3), value, np.uint8), seconds)
    means = [round(f.mean(), -1) for f in read_video(tmp_path / 'a.avi')[1]]
    assert means == [0] + [100] * 5 + [150] * 20


def test_a_gif_plays_at_the_rate_of_the_stream(run, clip):
    assert run(clip, '--video', 'out.gif')[0] == 0
    with Image.open('out.gif') as picture:
        assert picture.size == (64, 48)
        assert picture.info['loop'] == 0
    values = (20, 220, 120)
    with VideoFile('moving.gif', 10) as video:
        for value in values:
            video.write(np.full((16, 24, 3), (value, 0, 60), np.uint8))
    found = []
    with Image.open('moving.gif') as picture:
        for number in range(picture.n_frames):
            picture.seek(number)
            found.append(picture.convert('RGB').getpixel((3, 3)))
            assert picture.info['duration'] == 100
    np.testing.assert_allclose(found, [(60, 0, value) for value in values], atol=3)


def test_no_frame_no_video(tmp_path):
    with VideoFile(tmp_path / 'a.avi', 10):
        pass
    with pytest.raises(RuntimeError), VideoFile(tmp_path / 'a.avi', 10):
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_wrong_input_costs_no_time(run, clip, monkeypatch):
    def never(args):
        raise AssertionError('the network was loaded')

    monkeypatch.setattr(camera, 'make_predictor', never)
    for name in ('DISPLAY', 'WAYLAND_DISPLAY'):
        monkeypatch.delenv(name, raising=False)
    for arguments, text in (
        (('none.mp4',), 'no source none.mp4'),
        ((clip, '--video', 'a.png'), "'.png' is not a video's suffix"),
        ((clip, '--json', f'{clip}/a.json'), 'cannot write'),
    ):
        status, _, err = run(*arguments)
        assert status == 2
        assert text in err
        assert len(err.splitlines()) == 1
    if sys.platform == 'linux':
        assert 'needs a display' in run(clip, '--show')[2]
    assert run(clip, '--smooth', '1', '2', '3')[0] == 2
    for option, value in (('--fps', '0'), ('--fps', 'nan'), ('--seconds', '-1')):
        status, _, err = run(clip, option, value)
        assert status == 2
        assert f"{option}: '{value}' is not a positive number" in err
    monkeypatch.setenv('DISPLAY', ':0')

    def headless(*arguments):
        raise cv2.error('not implemented')

    monkeypatch.setattr(cv2, 'namedWindow', headless)
    assert 'the headless package' in run(clip, '--show')[2]
