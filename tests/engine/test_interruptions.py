"""Whatever ends a training, --resume ends as if nothing had happened."""

import random
import re
import shutil
import signal
import time

import pytest
import tiny_run
import torch

from mmpose_ext.engine.checkpoints.discovery import unreadable

# Calls of os in the order of a save: write, flush, rename; then the pointer, then the
# removal of the old one.
AIMED = [
    ('fsync', 1, True),  # nothing was saved yet
    ('fsync', 11, True),  # half written
    ('replace', 6, False),  # written, not renamed
    ('remove', 2, False),  # renamed, the old one is still there
]
# How many the tiny run makes at least.
CALLS = {'fsync': 16, 'replace': 8, 'remove': 2}


@pytest.fixture(scope='module')
def reference(server, tmp_path_factory):
    """The final state of a run that nothing interrupts, and its seconds."""
    folder = tmp_path_factory.mktemp('reference')
    server.run(tiny_run.same, 0, 0)  # the imports are not counted
    begin = time.monotonic()
    assert server.run(tiny_run.train, folder) == 0
    seconds = time.monotonic() - begin
    return torch.load(folder / 'final.pt', weights_only=False), seconds


def check_whole(folder):
    """No file has the name of a checkpoint and is none."""
    for path in folder.glob('epoch_*.pth'):
        assert unreadable(path) is None
    for path in folder.glob('best_*.pth'):
        torch.load(path, weights_only=False)


def check_resumes(server, folder, reference):
    check_whole(folder)
    assert server.run(tiny_run.train, folder, resume=True) == 0
    final = torch.load(folder / 'final.pt', weights_only=False)
    assert tiny_run.same(final, reference[0])
    # Nothing is left over: one checkpoint, one best.
    assert len(list(folder.glob('epoch_*.pth'))) == 1
    assert len(list(folder.glob('best_*.pth'))) == 1
    assert not list(folder.glob('.*'))
    assert not list(folder.glob('iter_*.pth'))


def kill_aimed(server, folder, call, n, half):
    status = server.run(tiny_run.train_and_die, folder, call, n, half)
    assert status == -signal.SIGKILL


def kill_after(server, folder, seconds):
    process = server.start(tiny_run.train, folder)
    process.join(seconds)
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize(('call', 'n', 'half'), AIMED)
def test_a_kill_while_a_checkpoint_is_written(
    server, reference, tmp_path, call, n, half
):
    kill_aimed(server, tmp_path, call, n, half)
    check_resumes(server, tmp_path, reference)


@pytest.mark.slow
def test_thirty_kills(server, reference, tmp_path):
    rng = random.Random(0)
    killed = {'while saving': 0, 'at a random moment': 0}
    for number in range(30):
        folder = tmp_path / str(number)
        folder.mkdir()
        if number % 2:
            call = rng.choice(sorted(CALLS))
            half = call == 'fsync' and rng.random() < 0.5
            kill_aimed(server, folder, call, rng.randint(1, CALLS[call]), half)
            killed['while saving'] += 1
        else:
            while not kill_after(server, folder, rng.uniform(0.05, reference[1])):
                shutil.rmtree(folder)  # the run had ended
                folder.mkdir()
            killed['at a random moment'] += 1
        check_resumes(server, folder, reference)
        shutil.rmtree(folder)
    print(killed)
    assert killed == {'while saving': 15, 'at a random moment': 15}


def test_the_number_of_workers_changes_nothing(server, reference, tmp_path):
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        assert server.run(tiny_run.train, folder, workers=workers) == 0
        final = torch.load(folder / 'final.pt', weights_only=False)
        assert tiny_run.same(final, reference[0])


def test_another_seed_changes_the_result(server, reference, tmp_path):
    assert server.run(tiny_run.train, tmp_path, randomness=dict(seed=6)) == 0
    final = torch.load(tmp_path / 'final.pt', weights_only=False)
    assert not tiny_run.same(final['model'], reference[0]['model'])


@pytest.mark.parametrize(
    ('stage', 'n', 'saved', 'workers', 'number'),
    [
        ('before_train_iter', 9, 'iter_9.pth', 0, signal.SIGTERM),
        ('before_train_iter', 2, 'iter_2.pth', 2, signal.SIGUSR1),
        ('before_train_iter', 6, 'epoch_1.pth', 0, signal.SIGUSR1),  # the last one
        ('before_val_iter', 8, 'epoch_2.pth', 1, signal.SIGTERM),
        ('after_val', 1, 'iter_7.pth', 0, signal.SIGTERM),
    ],
)
def test_a_signal_saves_and_stops_with_75(
    server, reference, tmp_path, stage, n, saved, workers, number
):
    status = server.run(
        tiny_run.train_and_signal,
        tmp_path,
        stage,
        n,
        number,
        workers=workers,
        log_level='INFO',
    )
    assert status == 75
    assert unreadable(tmp_path / saved) is None
    (log,) = tmp_path.glob('*/*.log')
    assert re.search(f'{number.name}: saved .*{saved}', log.read_text())
    check_resumes(server, tmp_path, reference)


def test_signals_again_and_again(server, reference, tmp_path):
    for n in (2, 1, 5, 3):  # counted anew in each process: iterations 2, 3, 8, 11
        assert (
            server.run(
                tiny_run.train_and_signal,
                tmp_path,
                'before_train_iter',
                n,
                signal.SIGTERM,
                resume=True,
            )
            == 75
        )
        assert len(list(tmp_path.glob('iter_*.pth'))) == 1
    check_resumes(server, tmp_path, reference)
