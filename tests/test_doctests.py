"""The examples (``>>>``) of all docstrings run and give what they show."""

import doctest
import importlib
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def modules_with_examples() -> list[str]:
    """Names of the modules that have examples, found without importing them."""
    return [
        '.'.join(path.relative_to(ROOT).with_suffix('').parts).removesuffix('.__init__')
        for package in ('mmpose_ext', 'mmpose_ext_runtime')
        for path in sorted((ROOT / package).rglob('*.py'))
        if '.mim' not in path.parts and '>>> ' in path.read_text(encoding='utf-8')
    ]


def test_there_are_examples():
    assert 'mmpose_ext.utils.errors' in modules_with_examples()


@pytest.mark.parametrize('name', modules_with_examples())
def test_examples(name, tmp_path, monkeypatch):
    # Examples may write files, and may draw random numbers.
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS, verbose=False)
    for example in doctest.DocTestFinder().find(importlib.import_module(name)):
        runner.run(example, out=report.append)
    assert runner.tries > 0, f'{name}: "{">>>"}" stands outside of a docstring'
    assert runner.failures == 0, ''.join(report)
