"""Run tests in forks of a process that has imported everything but this package.

``python server.py SOCKET`` listens until it is ended. Importing torch and MMPose takes
most of a minute's CPU on a laptop, a fork nothing; only mmpose_ext and the tests are
imported anew for each mutant.
"""

import contextlib
import importlib
import os
import select
import signal
import socket
import sys
import tempfile
import types
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / 'mmpose_ext'
STACK = (
    *('mmpose.codecs', 'mmpose.datasets', 'mmpose.evaluation', 'mmpose.models'),
    *('mmpose.visualization', 'mmpose.engine', 'mmpose.apis', 'pytest', 'scipy.io'),
)


def preload() -> None:
    """Import the stack, and nothing of this package that could be mutated."""
    # mmpose.models needs the set-up of mmpose_ext.compat, which is never mutated.
    package = types.ModuleType('mmpose_ext')
    package.__path__ = [str(PACKAGE)]
    sys.modules['mmpose_ext'] = package
    importlib.import_module('mmpose_ext.compat').setup()
    for name in STACK:
        importlib.import_module(name)
    import pytest

    with tempfile.TemporaryDirectory() as folder:  # loads pytest's plug-ins
        pytest.main(['-q', '--rootdir', folder, '-c', os.devnull, folder])
    for name in [n for n in sys.modules if n.split('.')[0] == 'mmpose_ext']:
        del sys.modules[name]


def run_tests(arguments: list[str]) -> int:
    """Run pytest in this process, silently, and return its status."""
    import pytest

    with open(os.devnull, 'w') as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    options = ['-x', '-q', '-p', 'no:cacheprovider', '-W', 'ignore']
    return int(pytest.main([*options, *arguments]))


def serve(connection: socket.socket) -> None:
    """Answer one request with the status of its tests, in one byte."""
    request = b''
    while not request.endswith(b'\0'):
        part = connection.recv(4096)
        if not part:
            return
        request += part
    child = os.fork()
    if child == 0:
        status = 3
        with contextlib.suppress(BaseException):
            status = run_tests(request[:-1].decode().split('\n'))
        os._exit(status)
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([ended, connection], [], [])
    if ended not in ready:  # Cosmic Ray has ended the client: out of time.
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(ended)
    with contextlib.suppress(OSError):
        connection.sendall(bytes([min(abs(os.waitstatus_to_exitcode(status)), 255)]))


def main(path: str) -> None:
    """Listen on a socket, one request after the other."""
    preload()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection:
                serve(connection)


if __name__ == '__main__':
    main(sys.argv[1])
