"""What is written, what is kept, and what a run resumes from."""

import errno
import os
import shutil
from pathlib import Path

import pytest
import tiny_run
import torch
from mmengine.fileio import get_file_backend
from mmengine.runner import Runner

from mmpose_ext.engine.checkpoints import newest_readable, remove_partial_files
from mmpose_ext.engine.hooks import SafeCheckpointHook
from mmpose_ext.utils.errors import ConfigError, UserError


@pytest.fixture(scope='module')
def finished(tmp_path_factory):
    """A run of three epochs that keeps all checkpoints."""
    folder = tmp_path_factory.mktemp('finished')
    tiny_run.train(folder, keep=-1)
    return folder


@pytest.fixture
def folder(finished, tmp_path):
    return Path(shutil.copytree(finished, tmp_path / 'copy'))


def resume(folder, **settings):
    """Build a runner and let it choose, without training."""
    runner = Runner(**tiny_run.config(folder, resume=True, **settings))
    runner._train_loop = runner.build_train_loop(runner._train_loop)
    runner.call_hook('before_run')
    return runner


def test_a_failed_write_names_the_file_and_leaves_the_old_one(tmp_path, monkeypatch):
    backend = get_file_backend(backend_args=dict(backend='atomic'))
    target = tmp_path / 'new' / 'epoch_1.pth'
    backend.put(b'old', target)

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, 'fsync', full)
        with pytest.raises(UserError) as caught:
            backend.put(b'new content', target)
    assert str(caught.value).startswith(f'cannot write {target}: No space left')
    assert '\n' not in str(caught.value)
    assert os.listdir(target.parent) == ['epoch_1.pth']
    assert target.read_bytes() == b'old'
    backend.put_text('new', target)
    assert target.read_bytes() == b'new'


def test_a_full_disk_while_training(tmp_path, monkeypatch):
    real, calls = os.fsync, []

    def full_later(handle):
        calls.append(handle)
        if len(calls) > 14:  # in the second epoch
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    monkeypatch.setattr(os, 'fsync', full_later)
    with pytest.raises(UserError, match=r'cannot write .*\.pth: No space left'):
        tiny_run.train(tmp_path)
    assert newest_readable(tmp_path, tiny_run.LENGTH).path is not None
    assert not list(tmp_path.glob('.*'))


def test_only_partial_files_are_removed(tmp_path):
    for name in ('.epoch_3.pth.partial', '.hidden', 'x.partial', 'epoch_2.pth'):
        (tmp_path / name).write_text('x')
    assert remove_partial_files(tmp_path) == ['.epoch_3.pth.partial']
    assert sorted(os.listdir(tmp_path)) == ['.hidden', 'epoch_2.pth', 'x.partial']


def test_the_newest_readable_checkpoint_is_taken(folder):
    (folder / 'epoch_3.pth').write_bytes(b'')
    data = (folder / 'epoch_2.pth').read_bytes()
    (folder / 'epoch_2.pth').write_bytes(data[: len(data) // 2])
    runner = resume(folder)
    assert runner._load_from == str(folder / 'epoch_1.pth')
    log = Path(runner.log_dir, f'{runner.timestamp}.log').read_text()
    skipped = [line for line in log.splitlines() if '--resume skips' in line]
    assert len(skipped) == 2
    assert f'{folder}/epoch_3.pth: it is empty' in skipped[0]
    assert f'{folder}/epoch_2.pth: it is truncated' in skipped[1]


def test_epochs_and_iterations_are_compared(folder):
    for name, newest in (('iter_19.pth', True), ('iter_17.pth', False)):
        shutil.copy(folder / 'epoch_1.pth', folder / name)
        assert (newest_readable(folder, tiny_run.LENGTH).path.name == name) == newest
        (folder / name).unlink()
    # Ten is more than nine.
    shutil.copy(folder / 'epoch_1.pth', folder / 'epoch_10.pth')
    shutil.copy(folder / 'epoch_1.pth', folder / 'epoch_9.pth')
    assert newest_readable(folder, tiny_run.LENGTH).path.name == 'epoch_10.pth'


def test_weights_alone_are_nothing_to_resume_from(folder):
    state = torch.load(folder / 'epoch_3.pth', weights_only=False)
    torch.save({'state_dict': state['state_dict']}, folder / 'epoch_4.pth')
    found = newest_readable(folder, tiny_run.LENGTH)
    assert found.path.name == 'epoch_3.pth'
    assert 'epoch_4.pth has no meta' in found.skipped[0]
    best = next(folder.glob('best_*.pth'))
    with pytest.raises(UserError, match='it has no optimizer') as caught:
        Runner(**tiny_run.config(folder, resume=True, load_from=str(best))).train()
    assert str(best) in str(caught.value)


def test_without_any_checkpoint_the_run_starts_anew(tmp_path):
    runner = resume(tmp_path)
    assert runner._resume is False
    assert runner._load_from is None


def test_a_run_that_cannot_resume_starts_from_its_weights(folder, tmp_path):
    """Else a run killed before its first checkpoint would go on from random weights."""
    best = str(next(folder.glob('best_*.pth')))
    hooks = tiny_run.config(folder)['default_hooks']
    hooks['checkpoint']['start_from'] = best
    new = resume(tmp_path / 'new', default_hooks=hooks)
    assert (new._load_from, new._resume) == (best, False)
    old = resume(folder, default_hooks=hooks)
    assert (old._load_from, old._resume) == (str(folder / 'epoch_3.pth'), True)


@pytest.mark.parametrize('value', ['', 3, ['a.pth']])
def test_what_a_run_starts_from_is_a_file(value):
    with pytest.raises(ConfigError, match='SafeCheckpointHook: start_from='):
        SafeCheckpointHook(start_from=value)


def test_without_a_readable_one_it_does_not(folder):
    for file in folder.glob('epoch_*.pth'):
        file.write_bytes(b'x')
    with pytest.raises(UserError, match='no checkpoint in .* can be read'):
        resume(folder)


def test_a_run_resumed_in_a_copy_leaves_the_original_alone(finished, folder):
    before = sorted(os.listdir(finished))
    for name in ('epoch_3.pth', 'best_acc_epoch_3.pth'):
        (folder / name).unlink(missing_ok=True)
    (old,) = finished.glob('best_*.pth')
    state = torch.load(folder / 'epoch_2.pth', weights_only=False)
    state['message_hub']['runtime_info']['best_score'] = -9.0
    state['message_hub']['runtime_info']['best_ckpt'] = str(old)
    torch.save(state, folder / 'epoch_2.pth')
    tiny_run.train(folder, keep=1, resume=True)  # with a new best
    assert sorted(os.listdir(finished)) == before
    assert (folder / 'epoch_3.pth').is_file()
    assert len(list(folder.glob('best_*.pth'))) == 1
    pointer = (folder / 'last_checkpoint').read_text()
    assert pointer == str(folder / 'epoch_3.pth')


def test_the_last_two_are_kept(tmp_path):
    tiny_run.train(tmp_path, keep=2)
    assert sorted(f.name for f in tmp_path.glob('epoch_*.pth')) == [
        'epoch_2.pth',
        'epoch_3.pth',
    ]
    assert len(list(tmp_path.glob('best_*.pth'))) == 1
