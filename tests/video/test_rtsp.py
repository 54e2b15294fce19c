"""A camera of the network by RTSP, from a server on this machine.

The server is GStreamer's, driven by the system's Python, since its bindings are no
package of PyPI: ``apt-get install gir1.2-gst-rtsp-server-1.0 python3-gi
gstreamer1.0-plugins-good``. Without it the test skips and says so.
"""

import subprocess
from contextlib import contextmanager

import numpy as np
import pytest

from mmpose_ext.utils import UserError
from mmpose_ext.video import Stream, open_source

PYTHON = '/usr/bin/python3'
SERVER = """
import sys
import gi
gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer(address='127.0.0.1', service=sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory(shared=True)
factory.set_launch(
    '( videotestsrc is-live=true pattern=blue ! '
    'video/x-raw,format=I420,width=96,height=64,framerate=20/1 ! jpegenc ! '
    'rtpjpegpay name=pay0 pt=26 )'
)
server.get_mount_points().add_factory('/blue', factory)
if not server.attach(None):
    sys.exit('the port is taken')
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
"""
PARTS = ('videotestsrc', 'jpegenc', 'rtpjpegpay')
CHECK = (
    SERVER.split('server =', maxsplit=1)[0]
    + f'assert all(map(Gst.ElementFactory.find, {PARTS}))'
)


@contextmanager
def serve(port='0'):
    """Run the server; its port, and what ends it."""
    process = subprocess.Popen(
        [PYTHON, '-c', SERVER, port], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope='module')
def _server_installed():
    try:
        subprocess.run(
            [PYTHON, '-c', CHECK], check=True, capture_output=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        pytest.skip('the RTSP server of GStreamer is not installed')


@pytest.mark.timeout(120)
@pytest.mark.usefixtures('_server_installed')
def test_an_rtsp_camera_that_dies_and_comes_back():
    said = []
    with serve() as (port, server):
        address = f'rtsp://127.0.0.1:{port}/blue'
        source = open_source(address, say=said.append)
        assert source.live
        assert source.fps == pytest.approx(20, abs=1)
        stream = iter(Stream(source, lambda frame: frame.image, said.append))
        frame, image = next(stream)
        assert image.shape == (64, 96, 3)
        assert np.allclose(image.mean((0, 1)), (255, 0, 0), atol=20)
        server.kill()
        # What was on its way is still shown; then nothing comes.
        server.wait()
    with serve(port):
        later, image = next(
            pair for pair in stream if any('is back' in text for text in said)
        )
        assert later.number > frame.number
        assert image.shape == (64, 96, 3)
        stream.close()
    assert said[0] == f'{address} gives no pictures; trying again until it does'
    assert f'{address} is back after' in ' '.join(said)


@pytest.mark.usefixtures('_server_installed')
def test_an_address_that_the_rtsp_server_does_not_know():
    with (
        serve() as (port, _),
        pytest.raises(UserError, match='cannot open rtsp://.*; check the address'),
    ):
        open_source(f'rtsp://127.0.0.1:{port}/nowhere')
