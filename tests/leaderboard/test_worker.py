"""Runs: repeatable, continued where they stopped, of one process or several."""

import os
import signal
import subprocess
import sys
import time
from collections import OrderedDict
from contextlib import ExitStack

import pytest
from mmengine.runner import Runner
from mmengine.visualization import Visualizer

from mmpose_ext.engine.visualizers import SafeNamePoseVisualizer
from mmpose_ext.leaderboard import executors
from mmpose_ext.leaderboard.executors import Job, execute, make_executor
from mmpose_ext.leaderboard.ledger import is_finished, read_entry
from mmpose_ext.leaderboard.plan import Run
from mmpose_ext.leaderboard.worker import (
    locked,
    perform,
    prepare,
    reliable_config,
)
from mmpose_ext.utils.errors import UserError

PRESET = 'configs/ca_hrnet/small/td-hm_hrnet-w8_1xb32-8e_synthetic-128x128.py'
TINY = {
    'train_cfg.max_epochs': 2,
    'train_cfg.val_interval': 1,
    'train_dataloader.batch_size': 4,
    'default_hooks.checkpoint.interval': 1,
}
for _part, _images in (('train', 12), ('val', 3), ('test', 3)):
    TINY[f'{_part}_dataloader.num_workers'] = 0
    TINY[f'{_part}_dataloader.persistent_workers'] = False
    TINY[f'{_part}_dataloader.dataset.num_images'] = _images


@pytest.fixture
def start(tmp_path):
    """Prepare a tiny run in a folder of its own."""

    def prepared(name, **changes):
        run = Run('ca_hrnet', PRESET, 'small', 0, {**TINY, **changes}, 'synthetic')
        folder = tmp_path / name
        prepare(run, folder)
        return run, folder

    return prepared


def perform_alone(run, folder):
    """Perform a run as a process of its own would: without earlier visualizers."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Visualizer, SafeNamePoseVisualizer):
            patch.setattr(kind, '_instance_dict', OrderedDict())
        perform(run, folder)


def test_a_stopped_run_ends_as_an_uninterrupted_one(start, monkeypatch):
    """Two runs of one seed are equal on the CPU, even if one was stopped."""
    run, whole = start('whole')
    perform_alone(run, whole)
    _, stopped = start('stopped')
    with monkeypatch.context() as patch:
        patch.setattr(Runner, 'test', interrupted)
        with pytest.raises(KeyboardInterrupt):
            perform_alone(run, stopped)
    assert not is_finished(stopped)
    with monkeypatch.context() as patch:
        # Nothing is trained twice.
        patch.setattr(Runner, 'call_hook', no_step(Runner.call_hook))
        perform_alone(run, stopped)
    first, second = read_entry(whole), read_entry(stopped)
    assert first.metrics == second.metrics
    for key in ('config_hash', 'datasets', 'protocol', 'environment'):
        assert first.facts[key] == second.facts[key], key
    scores = [[r['PCK@0.2'] for r in e.facts['curve']] for e in (first, second)]
    assert scores[0] == scores[1][: len(scores[0])]
    for name in ('predictions.jpg', 'worst.jpg', 'config.py'):
        assert (stopped / name).stat().st_size > 1000
    monkeypatch.setattr(Runner, 'train', None)  # it is not called for a finished run
    perform(run, stopped)


def interrupted(self):
    raise KeyboardInterrupt


def no_step(call):
    """MMEngine's call_hook, failing at a training step."""

    def guarded(self, name, **kwargs):
        assert name != 'before_train_iter', 'trained twice'
        return call(self, name, **kwargs)

    return guarded


def test_data_that_are_not_there_are_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv('LSPET_ROOT', str(tmp_path / 'nowhere'))
    config = PRESET.replace('synthetic', 'lspet')
    run = Run('ca_hrnet', config, 'small', 0, {}, 'lspet')
    prepare(run, tmp_path / 'run')
    with pytest.raises(UserError, match='the train data are missing'):
        perform(run, tmp_path / 'run')


def test_a_failed_and_a_preempted_job(tmp_path, monkeypatch):
    command = {'failed': 'exit 3', 'preempted': f'touch {tmp_path}/.preempted'}
    for state, shell in command.items():
        monkeypatch.setattr(Job, 'command', lambda self, s=shell: ['sh', '-c', s])
        executor = make_executor('debug', tmp_path / 'jobs')
        assert execute([tmp_path], executor) == {tmp_path: state}


def test_what_a_killed_command_left_running_is_waited_for(
    tmp_path, monkeypatch, capsys
):
    """Its folder is held; nothing is started in it, and its result is taken."""
    folder = tmp_path / 'run'
    folder.mkdir()
    (folder / '.lock').touch()
    held = ExitStack()
    held.enter_context(locked(folder))
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            held.close()
            (folder / 'entry.json').write_text('{}')

    monkeypatch.setattr(executors.time, 'sleep', wait)
    assert execute([folder], None) == {folder: 'finished'}
    assert len(waits) == 2
    assert capsys.readouterr().out.count(f'is working in {folder}: waiting') == 1


def test_a_stopped_job_takes_its_run_along(tmp_path, monkeypatch):
    """submitit ends a job by SIGINT; the run is told by SIGTERM, and saves."""
    told, on = tmp_path / 'told', tmp_path / 'on'
    shell = f"trap 'touch {told}; exit 0' TERM; touch {on}; sleep 60 & wait"
    monkeypatch.setattr(Job, 'command', lambda self: ['sh', '-c', shell])

    def interrupt(child):
        while not on.exists():
            time.sleep(0.01)
        monkeypatch.setattr(executors.subprocess.Popen, 'wait', wait)
        raise KeyboardInterrupt

    wait = executors.subprocess.Popen.wait
    monkeypatch.setattr(executors.subprocess.Popen, 'wait', interrupt)
    with pytest.raises(KeyboardInterrupt):
        Job(str(tmp_path))()
    assert told.exists()


@pytest.mark.parametrize('before', [signal.SIG_IGN, signal.default_int_handler])
def test_jobs_of_a_background_command_can_be_stopped(tmp_path, before):
    """In a shell script, background commands and their children ignore SIGINT."""
    folder = tmp_path / 'run'
    folder.mkdir()
    code = 'import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)'

    class Asking:
        def submit(self, job):
            self.said = subprocess.check_output([sys.executable, '-c', code], text=True)
            (folder / 'entry.json').write_text('{}')
            return self

        def done(self):
            return True

        def exception(self):
            return None

        def result(self):
            return 'finished'

    asking, of_pytest = Asking(), signal.signal(signal.SIGINT, before)
    try:
        execute([folder], asking)
        assert signal.getsignal(signal.SIGINT) is before
    finally:
        signal.signal(signal.SIGINT, of_pytest)
    assert asking.said == 'False\n'


def test_a_pretrained_run_starts_from_its_weights_and_resumes_from_its_own(tmp_path):
    pretrained = (
        'configs/ca_hrnet/small/td-hm_ca-hrnet-w16_1xb32-8e_lspet-128x128_pretrained.py'
    )
    run = Run('lsp_extended', pretrained, 'small', 0, {}, 'lspet')
    config = reliable_config(run, tmp_path)
    assert (config.resume, config.load_from) == (True, None)
    assert config.default_hooks.checkpoint.start_from == 'mmpose_ext://ca_hrnet'
    plain = Run('ca_hrnet', PRESET, 'small', 0, {}, 'synthetic')
    assert 'start_from' not in reliable_config(plain, tmp_path).default_hooks.checkpoint


def test_a_requeued_job_is_the_same_job():
    job = Job('folder', processes=2, restarts=3, bundle='place')
    again = job.checkpoint().function
    assert again == job
    assert again.command() == job.command()


def test_a_full_run_needs_a_gpu(monkeypatch):
    monkeypatch.setattr(executors.torch.cuda, 'is_available', lambda: False)
    with pytest.raises(UserError, match='a full run needs a GPU, and PyTorch finds'):
        executors.require_gpu('full', 'local')
    executors.require_gpu('small', 'local')
    executors.require_gpu('full', 'slurm')
    executors.require_gpu('full', 'local', cpu=True)
    monkeypatch.setattr(executors.torch.cuda, 'is_available', lambda: True)
    executors.require_gpu('full', 'local')


def test_without_slurm_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv('PATH', '/nowhere')
    with pytest.raises(UserError, match='Slurm cannot be used'):
        make_executor('slurm', tmp_path)


RESTARTED = """
import os, signal, sys, time
from pathlib import Path
from torch import distributed
rank, attempt = (int(os.environ[n]) for n in ('RANK', 'TORCHELASTIC_RESTART_COUNT'))
time.sleep(5 * rank * attempt)  # after a restart, one process is slower
distributed.init_process_group('gloo')
distributed.barrier()
if rank > attempt:
    os.kill(os.getpid(), signal.SIGKILL)
distributed.barrier()
if not rank:
    Path(sys.argv[1], 'entry.json').write_text('{}')
"""


@pytest.mark.slow
def test_processes_that_are_started_again_find_each_other(tmp_path, monkeypatch):
    script = tmp_path / 'restarted.py'
    script.write_text(RESTARTED)
    whole = Job.command

    def command(self):
        module = whole(self).index('--module')
        return [*whole(self)[:module], str(script), self.folder]

    monkeypatch.setattr(Job, 'command', command)
    assert Job(str(tmp_path), processes=2, restarts=1)() == 'finished'


@pytest.mark.slow
def test_two_processes_killed_once(start, tmp_path, monkeypatch):
    """Through submitit and torchrun: the killed run is equal to the other one."""
    monkeypatch.setenv('OMP_NUM_THREADS', '1')
    changes = {'train_cfg.max_epochs': 3}
    folders = [start(name, **changes)[1] for name in ('whole', 'killed')]
    executor = make_executor('local', tmp_path / 'jobs')
    assert set(execute(folders[:1], executor, processes=2).values()) == {'finished'}
    job = executor.submit(Job(str(folders[1]), processes=2, restarts=1))
    deadline = time.monotonic() + 1800
    while not list(folders[1].glob('work/epoch_1.pth')):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    worker = next(
        int(entry.name)
        for entry in os.scandir('/proc')
        if entry.name.isdigit()
        and str(folders[1]) in command_of(entry.name)
        and 'leaderboard.worker' in command_of(entry.name)
        and 'torch.distributed.run' not in command_of(entry.name)
    )
    os.kill(worker, signal.SIGKILL)
    assert job.result() == 'finished'
    first, second = (read_entry(folder) for folder in folders)
    assert first.metrics == second.metrics


def command_of(pid):
    try:
        with open(f'/proc/{pid}/cmdline', encoding='utf-8') as file:
            return file.read()
    except OSError:
        return ''
