"""What all tools have in common: outputs are checked first, configs end in one line."""

import pytest

MODEL = ('--model', 'a', 'nowhere.py', 'nowhere.pth')
NET = ('nowhere.py', 'nowhere.pth')
FIGURES = 'analysis/paper_figures.py'

# Arguments of every tool that writes a picture, {} where its name stands. The inputs
# do not exist, so an error about the output shows that it is checked first.
PICTURES = {
    'browse': ('misc/browse_dataset.py', 'nowhere.py', '{}'),
    'preview': ('misc/make_synthetic.py', '--preview', '{}'),
    'crowds': ('analysis/compare_crowds.py', '{}', *MODEL),
    'tradeoff': (
        *('analysis/draw_tradeoff.py', 'nowhere.csv'),
        *('--cost', 'params', '--out', '{}'),
    ),
    'curves': (FIGURES, 'curves', 'nowhere', '{}'),
    'runs': (FIGURES, 'runs', '{}', '--run', 'a', 'nowhere'),
    'heatmaps': (FIGURES, 'heatmaps', '{}', *MODEL, '--joint', 'neck'),
    'hard': (FIGURES, 'hard', '{}', *MODEL),
    'skeletons': (FIGURES, 'skeletons', *NET, '{}'),
    'h1h2': (FIGURES, 'h1h2', *NET, '{}'),
    'density': (FIGURES, 'density', *NET, '{}'),
    'signs': ('analysis/sadi_training_signs.py', 'nowhere.py', '--figure', '{}'),
}
# The same for other files.
FILES = {
    'complexity': ('analysis/complexity.py', 'nowhere.py', '--out', '{}'),
    'mean pose': ('analysis/mean_pose_baseline.py', 'nowhere.py', '--out', '{}'),
    'coco curves': ('analysis/coco_curves.py', 'nowhere', 'nowhere', '--out', '{}'),
    'doctor': ('misc/check_dataset.py', 'nowhere.json', '--json', '{}'),
    'sigmas': (
        *('misc/estimate_sigmas.py', 'nowhere.py', '--alike', '0.1'),
        *('--out', '{}'),
    ),
}
# Every tool that reads a config, {} where its name stands.
CONFIGS = {
    'browse': ('misc/browse_dataset.py', '{}', 'out.png'),
    'doctor': ('misc/check_dataset.py', '{}'),
    'complexity': ('analysis/complexity.py', '{}'),
    'mean pose': ('analysis/mean_pose_baseline.py', '{}'),
    'crowds': ('analysis/compare_crowds.py', 'out.png', '--model', 'a', '{}', 'b'),
    'heatmaps': (
        *(FIGURES, 'heatmaps', 'out.png', '--joint', 'neck'),
        *('--model', 'a', '{}', 'b'),
    ),
    'hard': (FIGURES, 'hard', 'out.png', '--model', 'a', '{}', 'b'),
    'skeletons': (FIGURES, 'skeletons', '{}', 'nowhere.pth', 'out.png'),
    'h1h2': (FIGURES, 'h1h2', '{}', 'nowhere.pth', 'out.png'),
    'density': (FIGURES, 'density', '{}', 'nowhere.pth', 'out.png'),
    'signs': ('analysis/sadi_training_signs.py', '{}'),
    'pyramid': ('benchmarks/bench_pyramid.py', '{}'),
    'export': ('export.py', '{}', 'nowhere.pth', 'out.onnx'),
    'demo': ('demo.py', '--config', '{}', '--out', 'demo'),
}
BAD_CONFIGS = {
    'missing': None,
    'syntax': b'model = dict(\n',
    'exit': b'raise SystemExit(0)\n',
    'error': b'x = 1 / 0\n',
    'empty': b'',
    'html': b'<html><body>404</body></html>\n',
    'binary': b'\x00\x01\xff\xfe' * 20,
    'other project': b"optimizer = 'adam'\nmodel = 'resnet50'\n",
    'strange parts': b'model = dict(type="Nothing")\ntest_dataloader = 3\n'
    b'train_dataloader = dict(dataset=[1])\n',
}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    folder = tmp_path / 'here'
    folder.mkdir()
    monkeypatch.chdir(folder)


def run(run_tool, capsys, arguments, name):
    """The one line of a tool that ends with an error."""
    tool, *rest = (part.replace('{}', str(name)) for part in arguments)
    assert run_tool(tool, *rest) == 2
    errors = capsys.readouterr().err.splitlines()
    assert errors[-1].startswith('error: '), errors
    assert 'Traceback' not in ''.join(errors)
    return errors[-1]


@pytest.mark.parametrize('name', ['a.xyz', 'a', 'a.txt', 'file/a.png'])
@pytest.mark.parametrize('tool', PICTURES)
def test_picture_names_are_checked_before_the_work(
    run_tool, capsys, tmp_path, tool, name
):
    (tmp_path / 'file').touch()
    line = run(run_tool, capsys, PICTURES[tool], tmp_path / name)
    assert 'cannot write' in line
    assert name in line
    assert {path.name for path in tmp_path.iterdir()} == {'file', 'here'}


@pytest.mark.parametrize('tool', FILES)
def test_outputs_are_checked_before_the_work(run_tool, capsys, tmp_path, tool):
    (tmp_path / 'file').touch()
    line = run(run_tool, capsys, FILES[tool], tmp_path / 'file' / 'a.json')
    assert 'cannot write' in line


@pytest.mark.parametrize('kind', BAD_CONFIGS)
@pytest.mark.parametrize('tool', CONFIGS)
def test_bad_configs_are_one_line(run_tool, capsys, tmp_path, tool, kind):
    config = tmp_path / 'bad.py'
    if BAD_CONFIGS[kind] is not None:
        config.write_bytes(BAD_CONFIGS[kind])
    assert 'bad.py' in run(run_tool, capsys, CONFIGS[tool], config)


@pytest.mark.parametrize('tool', CONFIGS)
def test_names_inside_packages_are_accepted(run_tool, capsys, tool):
    line = run(run_tool, capsys, CONFIGS[tool], 'mmpose::nowhere/none.py')
    assert 'cannot read the config mmpose::nowhere/none.py' in line


@pytest.mark.parametrize(
    'options', [('x',), ('model.a.b.c=1',), ('test_dataloader.9=1', 'model=(')]
)
def test_bad_options(run_tool, capsys, tmp_path, options):
    config = tmp_path / 'a.py'
    config.write_text("model = dict(a='text')\n")
    status = run_tool('analysis/complexity.py', config, '--cfg-options', *options)
    assert status == 2
    assert 'Traceback' not in capsys.readouterr().err
