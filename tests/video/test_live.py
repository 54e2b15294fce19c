"""Streams: files lose nothing, live sources show the newest, and every end is clean."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest

from mmpose_ext.utils import UserError
from mmpose_ext.video import (
    CameraSource,
    FileSource,
    FolderSource,
    Stream,
    VideoFile,
    open_source,
)
from mmpose_ext.video.live import Statistics


def picture(value=0):
    return np.full((16, 24, 3), value % 256, np.uint8)


class Source:
    """Gives numbered pictures, and tells when it has given all."""

    name, fps = 'a test', 10.0

    def __init__(self, count, live=False):
        self.live, self.count, self.given = live, count, 0
        self.empty = threading.Event()

    def read(self):
        if self.given == self.count:
            self.empty.set()
            return None
        self.given += 1
        return picture(self.given - 1)

    def close(self):
        self.count = self.given


def test_a_file_played_as_a_camera_loses_nothing(tmp_path):
    path = tmp_path / 'clip.avi'
    with VideoFile(path, 10) as video:
        for number in range(30):
            video.write(picture(8 * number))
    stream = Stream(open_source(str(path)), lambda frame: frame.image.mean())
    found = list(stream)
    assert [frame.number for frame, _ in found] == list(range(30))
    assert np.allclose([mean for _, mean in found], 8 * np.arange(30), atol=5)
    assert [frame.seconds for frame, _ in found[:3]] == [0, 0.1, 0.2]
    statistics = stream.statistics
    assert (statistics.captured, statistics.dropped) == (30, 0)
    assert len(statistics.latencies) == 30
    assert statistics.describe().startswith('30 of 30 pictures shown (0 dropped, 0 f')


def test_a_live_source_shows_the_newest_picture():
    """While the first is predicted, 99 more come: the last of them is next."""
    source = Source(100, live=True)

    def process(frame):
        assert source.empty.wait(20)
        return frame.image[0, 0, 0]

    stream = Stream(source, process)
    found = [(frame.number, int(value)) for frame, value in stream]
    assert found[-1] == (99, 99)
    assert len(found) <= 2
    assert stream.statistics.captured == 100
    assert stream.statistics.dropped == 100 - len(found)


def test_a_source_that_stalls_is_said_once():
    wake, said = threading.Event(), []

    class Stalls(Source):
        def read(self):
            wake.wait(20)
            return super().read()

    def say(text):
        said.append(text)
        wake.set()

    stream = Stream(Stalls(1, live=True), lambda frame: None, say, stall=0)
    assert len(list(stream)) == 1
    assert said[0].startswith('a test: no picture for 0 s')


def test_a_picture_that_cannot_be_used_costs_itself_alone():
    def process(frame):
        if frame.number == 1:
            raise UserError('no good')
        return frame.number

    said = []
    stream = Stream(Source(4), process, said.append)
    assert [result for _, result in stream] == [0, 2, 3]
    assert said == ['picture 1: no good']
    assert stream.statistics.failed == 1


def test_errors_of_the_threads_are_raised():
    def process(frame):
        raise RuntimeError('the network broke')

    with pytest.raises(RuntimeError, match='the network broke'):
        list(Stream(Source(3), process))

    class Breaks(Source):
        def read(self):
            raise OSError('the driver broke')

    with pytest.raises(OSError, match='the driver broke'):
        list(Stream(Breaks(3), lambda frame: None))


def test_leaving_the_loop_ends_the_threads():
    before = threading.active_count()
    source = Source(10**9, live=True)
    stream = Stream(source, lambda frame: frame.number)
    for _, number in stream:
        if number >= 3:
            break
    stream.stop()
    assert source.count == source.given
    assert threading.active_count() == before


class Capture:
    """What :class:`cv2.VideoCapture` does of a camera that gives some pictures."""

    def __init__(self, count, opened=True, rate=30.0):
        self.count, self.opened, self.rate = count, opened, rate
        self.released = False

    def isOpened(self):
        return self.opened

    def get(self, key):
        return self.rate

    def read(self):
        assert not self.released
        self.count -= 1
        return (True, picture()) if self.count >= 0 else (False, None)

    def release(self):
        self.released = True


def test_a_camera_that_is_pulled_out_is_waited_for():
    captures = [Capture(2), Capture(0), Capture(0), Capture(1), Capture(0)]
    opened, said = [], []

    def opener(address):
        opened.append(address)
        return captures[len(opened) - 1]

    source = CameraSource(3, said.append, opener, retry=0)
    assert [source.read() is not None for _ in range(3)] == [True] * 3
    assert opened == [3, 3, 3, 3]
    assert said == [
        'camera 3 gives no pictures; trying again until it does',
        'camera 3 is back after 0 s',
    ]
    assert [capture.released for capture in captures[:4]] == [True, True, True, False]


def test_waiting_for_a_camera_ends_when_the_stream_does():
    def opener(address):
        return Capture(1 if not sources else 0)

    sources = []
    source = CameraSource('rtsp://here', lambda text: source.close(), opener, retry=60)
    sources.append(source)
    start = time.monotonic()
    assert source.read() is not None
    assert source.read() is None
    assert time.monotonic() - start < 30


def test_a_stream_goes_on_after_its_camera_came_back():
    captures = iter([Capture(2), Capture(0), Capture(2)])
    said = []

    def say(text):
        said.append(text)

    source = CameraSource(0, say, lambda a: next(captures, Capture(0)), retry=0)
    shown = []
    for frame, _ in Stream(source, lambda frame: None, say):
        shown.append(frame.number)
        if frame.number == 3:
            break
    assert shown[-1] == 3
    assert any('is back' in text for text in said)


class Camera(BaseHTTPRequestHandler):
    """A network camera (motion JPEG) that ends each connection after 3 pictures."""

    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Type', 'multipart/x-mixed-replace; boundary=next')
        self.end_headers()
        for value in (0, 100, 200):
            code = cv2.imencode('.jpg', picture(value))[1].tobytes()
            head = f'--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(code)}'
            self.wfile.write(head.encode() + b'\r\n\r\n' + code + b'\r\n')

    def log_message(self, *arguments):
        pass


def test_a_camera_of_the_network_that_breaks_off():
    said = []
    with ThreadingHTTPServer(('127.0.0.1', 0), Camera) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f'http://127.0.0.1:{server.server_port}/picture.mjpg'
        source = CameraSource(address, said.append, retry=0)
        found = [round(source.read().mean(), -2) for _ in range(7)]
        source.close()
        server.shutdown()
    assert found == [0, 100, 200, 0, 100, 200, 0]
    assert len(said) == 4
    assert said[0] == f'{address} gives no pictures; trying again until it does'


def test_rates_that_cameras_claim():
    for rate, found in ((30.0, 30.0), (0.0, 0.0), (-1.0, 0.0), (float('nan'), 0.0)):
        source = CameraSource(0, opener=lambda address, r=rate: Capture(1, rate=r))
        assert source.fps == found


def test_sources_that_are_not_there(tmp_path):
    with pytest.raises(UserError, match='cannot open camera 7; check that it is plug'):
        CameraSource(7, opener=lambda address: Capture(0, opened=False))
    with pytest.raises(UserError, match='cannot open camera 9{20}; check'):
        open_source('9' * 20)
    with pytest.raises(UserError, match='no source nowhere.mp4; give the index'):
        open_source('nowhere.mp4')
    with pytest.raises(UserError, match='holds no image'):
        open_source(str(tmp_path))
    broken = tmp_path / 'ä.mp4'
    broken.write_bytes(b'no video')
    with pytest.raises(UserError, match='is not a video that OpenCV can read'):
        open_source(str(broken))


def test_a_folder_skips_what_is_broken(tmp_path):
    for number in (2, 10, 1):
        name = tmp_path / f'{number:03d}.png'
        name.write_bytes(cv2.imencode('.png', picture(number))[1].tobytes())
    (tmp_path / '005.png').write_bytes(b'broken')
    said = []
    source = FolderSource(tmp_path, 5, said.append)
    stream = Stream(source, lambda frame: int(frame.image[0, 0, 0]))
    assert [(frame.seconds, value) for frame, value in stream] == [
        (0, 1),
        (0.2, 2),
        (0.4, 10),
    ]
    assert len(said) == 1
    assert '005.png cannot be used' in said[0]


def test_a_closed_source_gives_nothing_more(tmp_path):
    with VideoFile(tmp_path / 'a.avi', 10) as video:
        video.write(picture())
        video.write(picture())
    for source in (FileSource(tmp_path / 'a.avi'),):
        assert source.read() is not None
        source.close()
        assert source.read() is None


def test_statistics_by_hand():
    statistics = Statistics(12, 1, 1, [k / 100 for k in range(1, 12)], 5.5)
    assert statistics.describe() == (
        '11 of 12 pictures shown (1 dropped, 1 failed), 2.0 a second; from capture to '
        'output 60 ms (median), 105 ms (95 %)'
    )
    assert Statistics(3).describe() == '3 pictures captured, none shown'
