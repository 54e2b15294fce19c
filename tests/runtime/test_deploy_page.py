"""Every command of docs/deploy.md runs."""

import re
import shlex
from pathlib import Path

import cv2
import pytest
from exported_networks import SAMPLES

from mmpose_ext_runtime.command import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / 'docs' / 'deploy.md').read_text('utf-8')
BLOCKS = re.findall(r'```(bash|python)\n(.*?)```', PAGE, re.DOTALL)
REDUCED = '--precision'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / 'configs').symlink_to(ROOT / 'configs')
    picture = cv2.resize(SAMPLES[0].image, (240, 240))
    cv2.imwrite(str(tmp_path / 'photo.jpg'), picture)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_blocks(blocks, run_tool):
    for language, text in blocks:
        if language == 'python':
            exec(compile(text, 'deploy.md', 'exec'), {})
            continue
        for line in text.splitlines():
            command, *arguments = shlex.split(line)
            if command == 'mmpose-ext':
                assert arguments[0] == 'export'
                assert run_tool('export.py', *arguments[1:]) == 0, line
            else:
                assert command == 'mmpose-ext-runtime'
                with pytest.raises(SystemExit) as stop:
                    main(arguments)
                assert stop.value.code == 0, line


def test_the_page_runs_from_top_to_bottom(folder, run_tool, capsys):
    pytest.importorskip('openvino')
    blocks = [block for block in BLOCKS if REDUCED not in block[1]]
    assert len(blocks) == len(BLOCKS) - 1 == 4
    run_blocks(blocks, run_tool)
    said = capsys.readouterr().out
    assert said.count('largest difference to PyTorch') == 2
    assert '(1, 14, 2) (1, 14) given' in said
    assert (folder / 'found' / 'predictions.json').is_file()


@pytest.mark.slow
def test_the_command_of_a_reduced_precision_runs(folder, run_tool):
    run_blocks([block for block in BLOCKS if REDUCED in block[1]], run_tool)
    assert (folder / 'small.onnx').is_file()
