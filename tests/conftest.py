"""Fixtures shared by all tests."""

import logging
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from mmengine.logging import MMLogger

# First of all: mmpose.models cannot be imported before it (mmcv-lite).
import mmpose_ext  # noqa: F401

# One thread a test process: they run side by side, and sums stay the same.
torch.set_num_threads(1)

ROOT = Path(__file__).resolve().parents[1]

# The files that take longest, by time. `make test` hands out files in this order, so
# that no process is left alone with one of them at the end.
LONGEST = (
    'tests/test_packaging.py',
    'tests/test_metafiles.py',
    'tests/tools/test_demo.py',
    'tests/tools/test_coco_curves_mutants.py',
    'tests/engine/test_interruptions.py',
    'tests/engine/test_two_processes.py',
    'tests/datasets/doctor/test_two_way.py',
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others keep their order."""
    rank = {ROOT / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.fixture(autouse=True)
def _without_closed_logs() -> None:
    """Drop log files of earlier tests' runs, which MMEngine would write to."""
    for logger in MMLogger._instance_dict.values():
        for handler in list(logger.handlers):
            if isinstance(handler, logging.FileHandler) and handler.stream is None:
                logger.removeHandler(handler)


@pytest.fixture(scope='session')
def shared_data() -> Path:
    """The folder of real samples beside the checkout; skips when absent."""
    folder = ROOT.parent / 'shared' / 'data'
    if not folder.is_dir():
        pytest.skip('the real samples (../shared/data) are not on this machine')
    return folder


@pytest.fixture(scope='session')
def shared_cases() -> Path:
    """The folder of inputs that failed once; skips when absent."""
    folder = ROOT.parent / 'shared' / 'cases'
    if not folder.is_dir():
        pytest.skip('the failing cases (../shared/cases) are not on this machine')
    return folder


@pytest.fixture(scope='session')
def exported(tmp_path_factory) -> Callable:
    """Export a small network with random weights, each kind once a session.

    ``exported('topdown')`` gives heat maps, ``exported('topdown', decode=True)`` key
    points; the result has ``model``, ``path`` and ``difference``.
    """
    from exported_networks import export_small

    folder = tmp_path_factory.mktemp('exported')
    return lambda kind, **options: export_small(kind, folder, tuple(options.items()))


@pytest.fixture
def run_tool(monkeypatch) -> Callable[..., int]:
    """Run a script of ``tools/`` in this process and return its exit status.

    ``run_tool('misc/browse_dataset.py', config, out)``; capsys has what it prints.
    """

    def run(tool: str, *arguments: object) -> int:
        path = str(ROOT / 'tools' / tool)
        monkeypatch.setattr(sys, 'argv', [path, *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            runpy.run_path(path, run_name='__main__')
        return stop.value.code

    return run
