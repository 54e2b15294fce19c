"""Processes that are forked from one which has imported everything."""

import multiprocessing
import os
import sys
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)


class Server:
    """Starts functions of ``tiny_run`` in forked processes.

    A child of this process could not train: PyTorch refuses the backward pass in a
    fork of a process that has run one.
    """

    def __init__(self):
        self.context = multiprocessing.get_context('forkserver')
        self.context.set_forkserver_preload(['tiny_run'])

    def start(self, function, *args, **kwargs):
        process = self.context.Process(target=function, args=args, kwargs=kwargs)
        process.start()
        return process

    def run(self, function, *args, **kwargs):
        """Its exit status; negative for the signal that ended it."""
        process = self.start(function, *args, **kwargs)
        process.join(300)
        assert process.exitcode is not None
        return process.exitcode


@pytest.fixture(scope='session')
def server():
    before = os.environ.get('PYTHONPATH')
    os.environ['PYTHONPATH'] = os.pathsep.join([HERE, *filter(None, sys.path)])
    yield Server()
    os.environ.pop('PYTHONPATH')
    if before is not None:
        os.environ['PYTHONPATH'] = before
