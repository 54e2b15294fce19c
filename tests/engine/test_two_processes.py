"""Distributed runs: equal statistics and gradients, one decision to stop.

They run in every test run; the processes are forked from one that has imported
everything.
"""

from pathlib import Path

import pytest
import sadinet_ddp
import tiny_run
import torch

from mmpose_ext.engine.checkpoints.discovery import unreadable

SADINET = (
    Path(__file__).resolve().parents[2]
    / 'configs/sadinet/small/td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py'
)


def run_two(server, folder, function=tiny_run.train_without_ddp, **settings):
    """Exit statuses of two processes of one training."""
    meeting = folder / f'meeting{len(list(folder.glob("meeting*")))}'
    processes = [
        server.start(
            tiny_run.distributed,
            rank,
            folder,
            meeting,
            function,
            **settings,
        )
        for rank in range(2)
    ]
    for process in processes:
        process.join(120)
    return [process.exitcode for process in processes]


@pytest.mark.parametrize('synchronized', [True, False])
def test_statistics_end_equal(server, tmp_path, synchronized):
    settings = {}
    if not synchronized:
        settings['custom_hooks'] = [
            dict(type='EMAHook', ema_type='ExpMomentumEMA', update_buffers=True)
        ]
    assert run_two(server, tmp_path, **settings) == [0, 0]
    first, second = (
        torch.load(tmp_path / 'run' / f'buffers{rank}.pt', weights_only=False)
        for rank in range(2)
    )
    assert not torch.equal(first['mean'], second['mean'])
    for key in ('model', 'ema'):
        for name, buffer in first[key].items():
            if 'num_batches' not in name:
                assert torch.equal(buffer, second[key][name]) == synchronized, name


def test_a_signal_to_one_process_stops_both_at_the_same_step(server, tmp_path):
    # The second process is told at step 3 of 3; they agree every 2 steps and between
    # epochs.
    settings = tiny_run.config(tmp_path)['default_hooks']
    settings['preemption']['interval'] = 2
    assert run_two(server, tmp_path, stop_at=1, default_hooks=settings) == [75, 75]
    assert unreadable(tmp_path / 'run' / 'iter_2.pth') is None
    assert run_two(server, tmp_path, resume=True) == [0, 0]
    assert (tmp_path / 'run' / 'epoch_3.pth').is_file()
    assert not list((tmp_path / 'run').glob('iter_*.pth'))


def test_sadinet_trains_without_find_unused_parameters(server, tmp_path):
    steps = sadinet_ddp.train_two_steps
    assert run_two(server, tmp_path, steps, config_file=str(SADINET)) == [0, 0]
    first, second = (
        torch.load(tmp_path / 'run' / f'sums{rank}.pt', weights_only=True)
        for rank in range(2)
    )
    # Each had weights and images of its own; both end with the same.
    assert first == second
