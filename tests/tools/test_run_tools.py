"""`tools/train.py` and `tools/test.py`: a whole run, and what they refuse first."""

import json
import logging
import runpy
from argparse import Namespace
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.logging import MMLogger

from mmpose_ext.apis import build_model, check_checkpoint
from mmpose_ext.compat.checkpoint import CheckpointError
from mmpose_ext.compat.matching import ALLOW_PARTIAL
from mmpose_ext.engine.visualizers import SafeNamePoseVisualizer
from mmpose_ext.utils import UserError
from mmpose_ext.utils.runs import _is_news, check_data, resume_newest, setup_errors

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / 'configs'
PRESET = CONFIGS / 'ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-8e_synthetic-128x128.py'
COCO = CONFIGS / 'ca_hrnet/td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192.py'
TINY = (
    '--cfg-options',
    *(f'{part}_dataloader.dataset.num_images=4' for part in ('train', 'val', 'test')),
    *(f'{part}_dataloader.num_workers=0' for part in ('train', 'val', 'test')),
    *(f'{part}_dataloader.persistent_workers=0' for part in ('train', 'val', 'test')),
    'train_dataloader.batch_size=4',
    'train_cfg.max_epochs=1',
    'train_cfg.val_interval=1',
)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('LOCAL_RANK', '0')
    monkeypatch.setenv('COCO_ROOT', str(tmp_path / 'coco'))
    # Those of other tests write to their folders, and to streams that are closed.
    for shared in (SafeNamePoseVisualizer, MMLogger):
        monkeypatch.setattr(shared, '_instance_dict', OrderedDict())


def test_train_then_test(run_tool, capsys, tmp_path):
    assert run_tool('train.py', PRESET, '--work-dir', 'work', *TINY) == 0
    log = capsys.readouterr()
    assert 'Epoch(val) [1]' in log.out + log.err
    (best,) = Path('work').glob('best_*.pth')
    options = ('--out', 'out.json', '--dump', 'out.pkl', '--work-dir', 'tested')
    assert run_tool('test.py', PRESET, best, *options, *TINY) == 0
    assert 'PCK@0.2' in json.loads(Path('out.json').read_text())
    assert Path('out.pkl').stat().st_size


def refused(run_tool, capsys, tool, *arguments):
    """The only line of a run that is refused, but for MMEngine's note on variables."""
    assert run_tool(tool, *arguments) == 2
    out, err = capsys.readouterr()
    lines = (out + err).splitlines()
    (line,) = (line for line in lines if 'Using env variable' not in line)
    assert line.startswith('error: ')
    assert not Path('work_dirs').exists()
    return line


def test_missing_data_are_one_line(run_tool, capsys, tmp_path):
    line = refused(run_tool, capsys, 'train.py', COCO)
    assert f'no annotation file {tmp_path}/coco/annotations/' in line
    line = refused(run_tool, capsys, 'misc/browse_dataset.py', COCO, 'a.png')
    assert f'no annotation file {tmp_path}/coco/annotations/' in line
    assert not Path('a.png').exists()
    checkpoint = tmp_path / 'a.pth'
    checkpoint.touch()
    assert 'the test data' in refused(run_tool, capsys, 'test.py', COCO, checkpoint)


BAD = {
    'checkpoint': (('test.py', PRESET, 'none.pth'), 'none.pth does not exist; check'),
    'resume': (('train.py', PRESET, '--resume', 'none.pth'), 'none.pth does not exist'),
    'resume a folder': (('train.py', PRESET, '--resume', '.'), '. is a folder; check'),
    'no checkpoint': (('test.py', PRESET, 'x.py'), 'cannot read checkpoint x.py'),
    'other network': (('test.py', PRESET, 'other.pth'), 'does not fit TopdownPose'),
    'start from another network': (
        ('train.py', PRESET, '--cfg-options', 'load_from=other.pth'),
        'other.pth does not fit TopdownPoseEstimator: 0 of its',
    ),
    'pretrained part': (('train.py', 'part.py'), 'checkpoint w.pth does not exist'),
    'show dir a file': (
        ('train.py', PRESET, '--show-dir', f'{PRESET}/x'),
        'cannot write',
    ),
    'config without a model': (('train.py', 'x.py'), 'has no model'),
    'config without a test': (('test.py', 'x.py', 'a.pth'), 'has no model'),
    'work dir': (('train.py', PRESET, '--work-dir', '/proc/no'), 'cannot write'),
    'work dir a file': (('train.py', PRESET, '--work-dir', PRESET), 'cannot write'),
    'config': (('train.py', 'none.py'), 'no config none.py'),
    'option': (('train.py', PRESET, '--cfg-options', 'model.type.x=1'), 'do not fit'),
    'dump': (('test.py', PRESET, 'a.pth', '--dump', 'a.txt'), 'end it in .pkl'),
    'out': (('test.py', PRESET, 'a.pth', '--out', 'a.txt'), 'end it in .json'),
}


@pytest.mark.parametrize('case', BAD)
def test_bad_input_is_one_line(run_tool, capsys, case):
    arguments, text = BAD[case]
    Path('x.py').write_text('x = 1')
    weights = dict(_delete_=True, type='Pretrained', checkpoint='w.pth')
    part = dict(init_cfg=weights)
    Path('part.py').write_text(f"_base_ = '{PRESET}'\nmodel = dict(backbone={part})")
    torch.save({'w': torch.zeros(2)}, 'other.pth')
    assert text in refused(run_tool, capsys, *arguments)


@pytest.mark.parametrize(
    ('option', 'text'),
    [
        (
            'train_dataloder.batch_size=2',
            'no setting train_dataloder; write train_data',
        ),
        ('train_cfg.max_epoch=1', 'no setting train_cfg.max_epoch; write'),
        ('train_cfg.max_epochs=-1', 'train_cfg.max_epochs=-1 is not a whole number'),
        ('train_cfg.max_epochs=abc', "max_epochs='abc' is not a whole number from 1"),
        ('train_cfg.val_interval=0', 'val_interval=0 is not a whole number from 1'),
        ('train_dataloader.batch_size=0', 'batch_size=0 is not a whole number from 1'),
        ('train_dataloader.batch_size=1.5', 'batch_size=1.5 is not a whole number'),
        (
            'val_dataloader.num_workers=-1',
            'num_workers=-1 is not a whole number from 0',
        ),
        ('train_dataloader=3', 'has no train_dataloader.dataset'),
        ('val_dataloader=3', 'val_dataloader=3 is not a dict'),
        ('model=None', 'has no model'),
        ('work_dir=5', 'work_dir=5 is not a path'),
    ],
)
def test_settings_that_no_run_takes(run_tool, capsys, option, text):
    assert text in refused(
        run_tool, capsys, 'train.py', PRESET, '--cfg-options', option
    )


@pytest.mark.parametrize(
    'option', ['model.type=Nope', 'optim_wrapper.optimizer.lr=abc', 'custom_hooks=5']
)
def test_settings_that_fail_while_the_run_is_set_up(run_tool, capsys, option):
    assert run_tool('train.py', PRESET, '--work-dir', 'w', *TINY, option) == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith('error: the settings of ')
    assert 'Traceback' not in line


def test_an_error_after_the_start_keeps_its_traceback(run_tool, capsys):
    class Broken:
        cfg = Config()

        def register_hook(self, hook, priority):
            hook.before_train(self)

    with pytest.raises(ZeroDivisionError), setup_errors(Broken()):
        1 / 0  # noqa: B018


OTHER_WRAPPER = """
_base_ = {base!r}
optim_wrapper = dict(type='ApexOptimWrapper')
auto_scale_lr = None
default_hooks = dict(visualization=None, badcase=None)
"""


@pytest.mark.parametrize(
    ('tool', 'option', 'text'),
    [
        ('train.py', '--amp', '--amp cannot replace'),
        ('train.py', '--auto-scale-lr', 'has no auto_scale_lr'),
        ('train.py', '--show-dir=shown', 'has no default_hooks.visualization'),
        ('test.py', '--badcase', 'has no default_hooks.badcase'),
    ],
)
def test_options_that_a_config_cannot_take(run_tool, capsys, tool, option, text):
    Path('other.py').write_text(OTHER_WRAPPER.format(base=str(PRESET)))
    rest = ['a.pth'] if tool == 'test.py' else []
    assert text in refused(run_tool, capsys, tool, 'other.py', *rest, option)


def config_with(dataset):
    return Config(dict(val_dataloader=dict(dataset=dataset)))


def test_every_file_of_a_data_set_is_looked_for(tmp_path):
    for name in ('a.json', 'boxes.json'):
        (tmp_path / name).touch()
    (tmp_path / 'images').mkdir()
    good = dict(
        data_root=str(tmp_path),
        ann_file='a.json',
        data_prefix=dict(img='images/'),
        bbox_file=str(tmp_path / 'boxes.json'),
    )
    check_data(config_with(good), 'val', 'test')
    check_data(config_with(dict(good, ann_file=str(tmp_path / 'a.json'))), 'val')
    check_data(config_with(dict(ann_file='s3://bucket/a.json')), 'val')
    check_data(config_with(dict(num_images=4)), 'val')
    for key, value, text in (
        ('ann_file', 'b.json', 'annotation file'),
        ('data_prefix', dict(img='pictures/'), 'folder'),
        ('bbox_file', 'c.json', 'box file'),
        ('ann_file', 'images', 'annotation file'),
        ('data_prefix', dict(img='a.json'), 'folder'),
    ):
        bad = dict(good, **{key: value})
        for dataset in (bad, dict(dataset=bad), dict(datasets=[good, bad])):
            with pytest.raises(UserError, match=f'the val data .* no {text}'):
                check_data(config_with(dataset), 'val')


def test_notes_about_outdated_names_are_left_out():
    def record(text):
        return logging.LogRecord('x', logging.WARNING, 'x', 1, text, (), None)

    assert not _is_news(record('"FileClient" will be deprecated in future. Please'))
    assert not _is_news(record('"HardDiskBackend" is the alias of "LocalBackend"'))
    assert _is_news(record('loss is nan'))


def test_the_early_check_of_weights_follows_the_run(monkeypatch):
    """The prefix of a distributed model fits, and what the user allows passes."""
    config = Config.fromfile(PRESET)
    weights = build_model(config).state_dict()
    torch.save({f'module.{name}': w for name, w in weights.items()}, 'a.pth')
    check_checkpoint(config, 'a.pth')
    check_checkpoint(config, 'https://example.org/none.pth')
    torch.save({'w': torch.zeros(2)}, 'b.pth')
    with pytest.raises(CheckpointError, match=r'b\.pth does not fit'):
        check_checkpoint(config, 'b.pth')
    monkeypatch.setenv(ALLOW_PARTIAL, '1')
    check_checkpoint(config, 'b.pth')


def test_a_model_that_cannot_be_built_is_left_to_the_runner():
    torch.save({'w': torch.zeros(2)}, 'b.pth')
    config = Config.fromfile(PRESET)
    config.model.backbone.type = 'NoSuchNet'
    check_checkpoint(config, 'b.pth')


@pytest.mark.parametrize('hooks', [None, dict(checkpoint=None)])
def test_resume_keeps_the_weights_that_a_run_starts_from(hooks):
    """MMEngine would resume from `load_from`; the hook has it instead."""
    config = Config.fromfile(PRESET)
    resume_newest(config)
    assert 'start_from' not in config.default_hooks.checkpoint
    config.load_from = 'mmpose_ext://ca_hrnet'
    resume_newest(config)
    assert (config.resume, config.load_from) == (True, None)
    assert config.default_hooks.checkpoint.start_from == 'mmpose_ext://ca_hrnet'
    config = Config(dict(default_hooks=hooks, load_from='b.pth'))
    resume_newest(config)
    assert config.load_from is None


@pytest.mark.parametrize(
    ('given', 'loaded', 'start'),
    [('auto', None, 'c.pth'), ('a.pth', 'a.pth', 'c.pth'), (None, 'c.pth', None)],
)
def test_the_option_resume(given, loaded, start):
    train = runpy.run_path(str(ROOT / 'tools/train.py'))
    config = Config.fromfile(PRESET)
    config.load_from = 'c.pth'
    args = Namespace(no_validate=False, amp=False, resume=given, auto_scale_lr=False)
    train['put_options'](config, args)
    assert config.load_from == loaded
    assert config.default_hooks.checkpoint.get('start_from') == start
