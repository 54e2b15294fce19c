import os
import pickle

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner.checkpoint import CheckpointLoader

from mmpose_ext.compat.checkpoint import CheckpointError, load_http, load_safely


class RunsOnLoad:
    """What an attacker would put into a checkpoint."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return os.system, (f'touch {self.target}',)


def test_what_mmengine_saves_comes_back(tmp_path):
    history = HistoryBuffer([1.0, 3.0], [1, 1])
    state = dict(
        state_dict={'w': torch.arange(3.0)},
        message_hub=dict(log_scalars={'loss': history}),
        best_score=np.float64(0.5),
        array=np.arange(4, dtype=np.float32),
        meta=dict(epoch=3, names=('a', 'b')),
    )
    torch.save(state, tmp_path / 'best.pth')
    loaded = CheckpointLoader.load_checkpoint(str(tmp_path / 'best.pth'), 'cpu')
    torch.testing.assert_close(loaded['state_dict']['w'], torch.arange(3.0))
    assert loaded['message_hub']['log_scalars']['loss'].mean() == 2.0
    assert loaded['best_score'] == 0.5
    np.testing.assert_array_equal(loaded['array'], np.arange(4))
    assert loaded['meta']['names'] == ('a', 'b')


@pytest.mark.parametrize('zipped', [True, False])
def test_a_hostile_pickle_is_refused_and_runs_nothing(tmp_path, zipped):
    marker = tmp_path / 'ran'
    path = tmp_path / 'hostile.pth'
    torch.save(
        dict(state_dict={}, extra=RunsOnLoad(marker)),
        path,
        _use_new_zipfile_serialization=zipped,
    )
    # The attack is real: an unchecked load would run it.
    with pytest.raises(CheckpointError) as caught:
        CheckpointLoader.load_checkpoint(str(path), 'cpu')
    message = str(caught.value)
    assert not marker.exists()
    assert '\n' not in message
    assert str(path) in message
    assert 'system' in message
    assert 'weights_only' not in message
    torch.load(path, weights_only=False)
    assert marker.exists()


def test_getattr_gives_nothing_but_the_history_statistics(tmp_path):
    class Sneaky:
        def __reduce__(self):
            return getattr, (HistoryBuffer, '__init__')

    torch.save(dict(extra=Sneaky()), tmp_path / 'sneaky.pth')
    with pytest.raises(CheckpointError, match='refused to load'):
        load_safely(tmp_path / 'sneaky.pth')


def test_missing_truncated_and_foreign_files(tmp_path):
    with pytest.raises(CheckpointError, match='does not exist'):
        load_safely(tmp_path / 'none.pth')
    whole = tmp_path / 'whole.pth'
    torch.save({'w': torch.zeros(10000)}, whole)
    for name, data in {
        'cut.pth': whole.read_bytes()[:20000],
        'empty.pth': b'',
        'text.pth': b'this is not a checkpoint',
        'pickle.pth': pickle.dumps({'a': 1}),
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(CheckpointError, match='truncated or no checkpoint') as e:
            load_safely(tmp_path / name)
        assert '\n' not in str(e.value)


def test_offline_gives_one_line_with_both_ways_out(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path))
    url = 'http://127.0.0.1:9/weights/net.pth'  # nothing listens there
    with pytest.raises(CheckpointError) as caught:
        load_http(url)
    message = str(caught.value)
    assert '\n' not in message
    assert url in message
    assert str(tmp_path / 'checkpoints' / 'net.pth') in message
    assert 'model.backbone.init_cfg=None' in message
    assert not list((tmp_path / 'checkpoints').iterdir())


def test_a_downloaded_file_is_loaded_safely_too(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path))
    (tmp_path / 'checkpoints').mkdir()
    marker = tmp_path / 'ran'
    torch.save({'x': RunsOnLoad(marker)}, tmp_path / 'checkpoints' / 'net.pth')
    with pytest.raises(CheckpointError, match='refused'):
        CheckpointLoader.load_checkpoint('https://example.org/net.pth', 'cpu')
    assert not marker.exists()


def test_an_unknown_zoo_name_is_one_line():
    with pytest.raises(CheckpointError, match='no model .nonesuch. behind torchvision'):
        CheckpointLoader.load_checkpoint('torchvision://nonesuch', 'cpu')
