"""Fixtures shared by all tests."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

# First of all: mmpose.models cannot be imported before it (mmcv-lite).
import mmpose_ext  # noqa: F401

# One thread a test process: they run side by side, and sums stay the same.
torch.set_num_threads(1)

ROOT = Path(__file__).resolve().parents[1]


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
