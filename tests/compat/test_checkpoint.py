import os
import pickle
import zipfile

import numpy as np
import pytest
import torch
from mmengine.logging import HistoryBuffer
from mmengine.runner.checkpoint import CheckpointLoader

from mmpose_ext.compat.checkpoint import (
    CheckpointError,
    load_from_http,
    load_safely,
    source_of,
)


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


UNREADABLE = {
    'cut.pth': 'is truncated',
    'flipped.pth': 'is damaged',
    'empty.pth': 'is empty',
    'text.pth': 'is not a file that torch.save wrote',
    'html.pth': 'is an HTML page',
    'pointer.pth': 'is a Git LFS pointer',
    'protocol4.pth': 'is a pickle that torch.save did not write',
    'other.zip': 'is a zip archive that torch.save did not write',
    'legacy.pth': 'is truncated or damaged',
    'folder.pth': 'is a folder',
    'none.pth': 'does not exist',
}


def write_unreadable(folder):
    """Files that are not checkpoints, and one that is: whole.pth."""
    whole = folder / 'whole.pth'
    torch.save({'w': torch.zeros(10000)}, whole)
    data = whole.read_bytes()
    legacy = folder / 'legacy.pth'
    torch.save({'w': torch.zeros(99)}, legacy, _use_new_zipfile_serialization=False)
    with zipfile.ZipFile(folder / 'other.zip', 'w') as archive:
        archive.writestr('notes.txt', 'nothing')
    middle = len(data) // 2
    for name, content in {
        'cut.pth': data[:20000],
        'flipped.pth': data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        'empty.pth': b'',
        'text.pth': b'this is not a checkpoint',
        'html.pth': b'\n<!DOCTYPE html><html>sign in</html>',
        'pointer.pth': b'version https://git-lfs.github.com/spec/v1\noid sha256:0',
        'protocol4.pth': pickle.dumps({'a': 1}, protocol=4),
        'legacy.pth': legacy.read_bytes()[:200],
    }.items():
        (folder / name).write_bytes(content)
    (folder / 'folder.pth').mkdir()


@pytest.mark.parametrize('name', UNREADABLE)
def test_what_is_wrong_with_a_file_is_said_in_one_line(tmp_path, name):
    write_unreadable(tmp_path)
    with pytest.raises(CheckpointError) as caught:
        load_safely(tmp_path / name)
    message = str(caught.value)
    assert str(tmp_path / name) in message
    assert UNREADABLE[name] in message
    assert '\n' not in message
    assert ('truncated' in message) == (name in ('cut.pth', 'legacy.pth'))


@pytest.mark.parametrize(
    ('content', 'problem'),
    [
        ([1, 2], 'an object of type list'),
        (torch.zeros(3), 'an object of type Tensor'),
        ({}, 'no tensors'),
        ({'epoch': 3, 'name': 'x'}, 'no tensors among epoch, name'),
        ({'state_dict': {}}, 'no tensors'),
        ({'state_dict': [torch.zeros(1)]}, 'an object of type list'),
    ],
)
def test_a_checkpoint_without_weights_is_refused(tmp_path, content, problem):
    torch.save(content, tmp_path / 'x.pth')
    with pytest.raises(CheckpointError, match=problem) as caught:
        CheckpointLoader.load_checkpoint(str(tmp_path / 'x.pth'), 'cpu')
    assert '\n' not in str(caught.value)


def test_weights_of_a_failed_training_are_refused(tmp_path):
    weights = {'a': torch.zeros(2), 'b': torch.tensor([1.0, float('nan')])}
    torch.save(dict(state_dict=weights), tmp_path / 'failed.pth')
    with pytest.raises(CheckpointError, match='nan in 1 of its 2 weights, such as b'):
        CheckpointLoader.load_checkpoint(str(tmp_path / 'failed.pth'), 'cpu')


def quantized():
    return torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8)


UNUSABLE = {
    'complex numbers': lambda: torch.ones(2, dtype=torch.complex64),
    'quantized numbers': quantized,
    'sparse tensors': lambda: torch.eye(2).to_sparse(),
    'tensors without values': lambda: torch.ones(2, device='meta'),
}


@pytest.mark.parametrize('kind', UNUSABLE)
def test_tensors_that_cannot_be_copied_are_refused(tmp_path, kind):
    """MMEngine would leave the weights random, or drop the imaginary part."""
    torch.save({'a': torch.zeros(2), 'b': UNUSABLE[kind]()}, tmp_path / 'odd.pth')
    with pytest.raises(CheckpointError) as caught:
        CheckpointLoader.load_checkpoint(str(tmp_path / 'odd.pth'), 'cpu')
    assert f'odd.pth holds {kind} in 1 of its 2 weights, such as b; ' in str(
        caught.value
    )


def test_plain_weights_come_under_state_dict(tmp_path):
    torch.save({'w': torch.ones(2)}, tmp_path / 'plain.pth')
    loaded = CheckpointLoader.load_checkpoint(str(tmp_path / 'plain.pth'), 'cpu')
    assert set(loaded) == {'state_dict'}
    assert source_of(loaded['state_dict']) == str(tmp_path / 'plain.pth')
    assert source_of({'w': torch.ones(2)}) is None


def test_offline_gives_one_line_with_both_ways_out(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, 'get_dir', lambda: str(tmp_path))
    url = 'http://127.0.0.1:9/weights/net.pth'  # nothing listens there
    with pytest.raises(CheckpointError) as caught:
        load_from_http(url)
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
    with pytest.raises(CheckpointError, match='no model .nonesuch. in torchvision'):
        CheckpointLoader.load_checkpoint('torchvision://nonesuch', 'cpu')
