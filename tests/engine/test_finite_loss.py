"""A training that diverges stops, and leaves no spoilt checkpoint."""

import pytest
import tiny_run
import torch
from mmengine.runner import Runner

from mmpose_ext.engine.hooks import DivergedError, FiniteLossHook
from mmpose_ext.utils.errors import ConfigError


def stop(tmp_path, **settings):
    with pytest.raises(DivergedError) as caught:
        Runner(**tiny_run.config(tmp_path, **settings)).train()
    message = str(caught.value)
    assert '\n' not in message
    return message


def spoil(what):
    """A hook that makes a weight nan (or infinite) late in the second epoch."""

    def action(runner):
        with torch.no_grad():
            runner.model.net[0].weight[0, 0] = what

    return action


def check_saved(folder):
    files = sorted(folder.glob('*.pth'))
    for file in files:
        state = torch.load(file, weights_only=False)
        for key in ('state_dict', 'ema_state_dict'):
            assert all(torch.isfinite(v).all() for v in state[key].values())
    return [file.name for file in files]


def test_a_bad_sample_stops_the_run_where_it_is_first_seen(tmp_path):
    message = stop(tmp_path, bad=7)
    order = torch.randperm(24, generator=torch.Generator().manual_seed(5)).tolist()
    iteration = order.index(7) // tiny_run.BATCH + 1
    assert f'stopped at iteration {iteration} (epoch 1): ' in message
    assert 'loss_kpt is nan, loss_reg is nan; last good checkpoint: none yet' in message
    assert check_saved(tmp_path) == []


@pytest.mark.parametrize('value', [float('nan'), float('inf')])
def test_it_names_the_last_good_checkpoint(tmp_path, value):
    hook = tiny_run.ActAt('before_train_iter', 9, spoil(value))
    message = stop(tmp_path, hooks=[hook])
    assert 'stopped at iteration 9 (epoch 2): loss_kpt is nan' in message
    assert f'last good checkpoint: {tmp_path}/epoch_1.pth' in message
    assert check_saved(tmp_path) == ['best_acc_epoch_1.pth', 'epoch_1.pth']


def test_weights_spoilt_by_a_last_step_are_not_saved(tmp_path):
    # After the loss of the epoch's last iteration, before the checkpoint.
    hook = tiny_run.ActAt('after_train_iter', 12, spoil(float('nan')), priority='LOW')
    message = stop(tmp_path, hooks=[hook])
    assert 'net.0.weight of state_dict is nan or infinite' in message
    assert f'last good checkpoint: {tmp_path}/epoch_1.pth' in message
    assert check_saved(tmp_path) == ['best_acc_epoch_1.pth', 'epoch_1.pth']


def test_weights_spoilt_before_the_best_are_not_saved(tmp_path):
    hook = tiny_run.ActAt('after_val_epoch', 1, spoil(float('inf')), priority='LOW')
    stop(tmp_path, hooks=[hook])
    assert check_saved(tmp_path) == ['epoch_1.pth']


def test_infinities_of_the_network_itself_are_no_fault(tmp_path):
    def add_mask(runner):
        runner.model.register_buffer('mask', torch.tensor([0.0, float('-inf')]))

    hook = tiny_run.ActAt('before_run', 1, add_mask, priority='HIGHEST')
    Runner(**tiny_run.config(tmp_path, hooks=[hook])).train()
    assert (tmp_path / 'epoch_3.pth').is_file()


def test_a_longer_interval_stops_later(tmp_path):
    hook = tiny_run.ActAt('before_train_iter', 7, spoil(float('nan')))
    settings = tiny_run.config(tmp_path, hooks=[hook])
    settings['default_hooks']['finite_loss']['interval'] = 4
    with pytest.raises(DivergedError, match='iteration 8 '):
        Runner(**settings).train()


def test_wrong_interval():
    with pytest.raises(ConfigError, match='FiniteLossHook: interval=0'):
        FiniteLossHook(interval=0)
