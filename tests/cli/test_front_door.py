"""The command `mmpose-ext`: verbs, help, errors and exit statuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mmpose_ext.version import __version__
from mmpose_ext_cli import main as front_door
from mmpose_ext_cli import places, run_script
from mmpose_ext_cli.verbs import VERBS, Verb

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / 'configs'
PRESET = ROOT / 'configs/sdhrnet/small/td-hm_sdhrnet-w8_1xb32-8e_synthetic-128x128.py'


@pytest.fixture
def run_verb(capsys, monkeypatch):
    """Run the command in this process: exit status, output, errors."""

    def run(*arguments):
        with monkeypatch.context() as patch:
            patch.setattr(sys, 'argv', ['unset'])
            patch.setattr(sys, 'path', list(sys.path))
            with pytest.raises(SystemExit) as stop:
                front_door.main([str(argument) for argument in arguments])
        return (stop.value.code or 0, *capsys.readouterr())

    return run


def test_help_lists_every_verb_once(run_verb):
    for arguments in (['--help'], ['-h'], ['help']):
        status, out, err = run_verb(*arguments)
        assert (status, err) == (0, '')
        named = [line.split()[0] for line in out.splitlines() if line.startswith('  ')]
        assert named == [verb.name for verb in VERBS]
    assert len(named) == len(set(named))
    status, out, _ = run_verb()
    assert status == 2
    assert out.startswith('usage: mmpose-ext VERB')
    assert run_verb('--version')[:2] == (0, f'mmpose-ext {__version__}\n')


def test_an_unknown_verb_is_one_line(run_verb):
    status, out, err = run_verb('chekc', 'x')
    assert (status, out) == (2, '')
    assert err.startswith("error: no verb 'chekc'; choose from check, ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize('verb', VERBS, ids=lambda verb: verb.name)
def test_every_verb_explains_itself(run_verb, verb):
    status, out, err = run_verb(verb.name, '--help')
    assert (status, err) == (0, '')
    assert out.startswith(f'usage: mmpose-ext {verb.name}')


@pytest.mark.skipif(sys.platform == 'win32', reason='pipes break in another way there')
def test_a_reader_that_has_exited_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, '-m', 'mmpose_ext_cli', '--help']
    done = subprocess.run(command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b'')


def test_help_needs_no_pytorch():
    """In an interpreter of its own, as the command starts."""
    code = (
        'import sys\n'
        'from mmpose_ext_cli.main import main\n'
        'for arguments in (["--help"], ["run", "--list"], ["no"]):\n'
        '    try:\n'
        '        main(arguments)\n'
        '    except SystemExit:\n'
        '        pass\n'
        'print(sorted({"torch", "mmengine", "mmpose", "numpy"} & set(sys.modules)))\n'
    )
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == '[]', done.stderr


def test_a_tool_keeps_its_status_and_its_one_line(run_verb, tmp_path):
    status, out, _ = run_verb('complexity', PRESET, '--format', 'csv')
    assert status == 0
    assert 'sdhrnet' in out
    status, _, err = run_verb('complexity', 'nowhere.py')
    assert status == 2
    assert err.splitlines()[-1].startswith('error: no config nowhere.py')
    status, _, err = run_verb('test', PRESET, 'none.pth', '--work-dir', tmp_path / 'w')
    assert status == 2
    assert 'checkpoint none.pth does not exist' in err


def test_a_function_is_called_with_the_rest_of_the_line(run_verb, monkeypatch):
    seen = []

    def shout():
        seen.extend(sys.argv)
        return 1

    monkeypatch.setattr(run_script, 'shout', shout, raising=False)
    verb = Verb('shout', 'test', 'mmpose_ext_cli.run_script:shout')
    monkeypatch.setattr(front_door, 'VERBS', (*VERBS, verb))
    assert run_verb('shout', 'a', '-b')[0] == 1
    assert seen == ['mmpose-ext shout', 'a', '-b']


def test_an_interrupted_start_ends_without_a_traceback(run_verb, monkeypatch):
    def stop(verb):
        raise KeyboardInterrupt

    monkeypatch.setattr(front_door, '_run', stop)
    assert run_verb('check') == (130, '', 'interrupted\n')


def test_scripts_of_mmpose_run_with_the_stack_prepared(run_verb):
    """`get_flops` imports mmpose before any config."""
    status, out, _ = run_verb('run', 'get_flops', PRESET, '--input-shape', '128', '128')
    assert status == 0
    assert 'Params' in out


@pytest.mark.parametrize(
    ('name', 'full'),
    [
        ('get_flops', 'mmpose::analysis_tools/get_flops'),
        ('get_flops.py', 'mmpose::analysis_tools/get_flops'),
        ('image_demo', 'mmpose::image_demo'),
        ('make_synthetic', 'mmpose_ext::misc/make_synthetic'),
        ('misc/browse_dataset', 'mmpose::misc/browse_dataset'),
        ('mmpose_ext::misc/browse_dataset', 'mmpose_ext::misc/browse_dataset'),
    ],
)
def test_scripts_are_found_by_name(name, full):
    assert run_script.find_script(name) == places.list_scripts()[full]


def test_scripts_by_path_and_wrong_names(run_verb, tmp_path):
    own = tmp_path / 'own.py'
    (tmp_path / 'beside.py').write_text('NAME = "beside"\n')
    own.write_text('import sys, beside\nprint(beside.NAME, sys.argv[1:])\n')
    assert run_verb('run', own, '--x') == (0, "beside ['--x']\n", '')
    status, out, err = run_verb('run', 'get_flop')
    assert (status, out) == (2, '')
    assert 'no script get_flop; did you mean get_flops' in err
    raises = tmp_path / 'raises.py'
    raises.write_text('from mmpose_ext.utils import UserError\nraise UserError("a")\n')
    assert run_verb('run', raises) == (2, '', 'error: a\n')
    assert run_verb('run')[0] == 2


def test_tools_of_a_wheel_come_before_a_folder_beside_it(tmp_path, monkeypatch):
    package = tmp_path / 'mmpose_ext'
    beside, inside = tmp_path / 'tools', package / '.mim' / 'tools'
    monkeypatch.setattr(places, 'package_folder', lambda name: package)
    with pytest.raises(FileNotFoundError):
        places.find_tools()
    for folder in (beside, inside):
        folder.mkdir(parents=True)
        (folder / 'train.py').touch()
        assert places.find_tools() == folder


def test_papers_are_found_by_their_folders():
    papers = places.list_papers()
    assert {'ca_hrnet', 'lrfg_yolopose'} <= set(papers)
    assert papers == sorted(path.parent.name for path in CONFIGS.glob('*/metafile.yml'))
