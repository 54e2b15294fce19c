"""The ledger: entries are whole, unchanged and independent of the machine."""

import json

import pytest
from ledger_cases import write
from mmengine.config import Config

from mmpose_ext.datasets import SyntheticPoseDataset
from mmpose_ext.leaderboard.fingerprint import config_hash, data_fingerprint
from mmpose_ext.leaderboard.ledger import find_entries, is_finished, read_entry
from mmpose_ext.leaderboard.plan import Run
from mmpose_ext.leaderboard.worker import locked, prepare, read_run
from mmpose_ext.utils.errors import UserError

PRESET = 'configs/ca_hrnet/small/td-hm_hrnet-w8_1xb32-8e_synthetic-128x128.py'


def test_an_entry_is_read_as_it_was_written(tmp_path):
    folder = write(tmp_path, 71.5, seed=2)
    entry = read_entry(folder)
    assert entry.metrics == {'coco/AP': 0.715}  # nan is left out
    assert (entry.config, entry.facts['seed']) == ('a', 2)
    assert [e.folder for e in find_entries(tmp_path, 'my_net')] == [folder]
    assert not list(find_entries(tmp_path, 'other'))


@pytest.mark.parametrize(
    ('file', 'old', 'new', 'said'),
    [
        ('metrics.json', '0.715', '0.815', 'was changed after the run'),
        ('entry.json', '"seed": 0', '"seed": 1', 'was changed after the run'),
        ('entry.json', '"schema": 1', '"schema": 9', 'has schema 9, not 1'),
        ('entry.json', '"curve"', '"carve"', 'lacks curve'),
        ('metrics.json', '{', '', 'cannot read'),
        ('metrics.json', '{\n "coco/AP": 0.715\n}', '[1]', 'is not a JSON object'),
    ],
)
def test_an_entry_edited_by_hand_is_refused(tmp_path, file, old, new, said):
    folder = write(tmp_path, 71.5)
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(UserError) as error:
        read_entry(folder)
    assert said in str(error.value)
    assert str(folder) in str(error.value)


def test_a_run_without_its_last_file_is_not_finished(tmp_path):
    folder = write(tmp_path, 71.5)
    (folder / 'entry.json').unlink()
    assert not is_finished(folder)
    assert not list(find_entries(tmp_path, 'my_net'))


def test_hash_of_a_config_depends_on_what_is_computed():
    def config(**changes):
        data = dict(type='D', data_root='here', ann_file='x')
        return Config(dict(dict(lr=0.1, data=data, betas=(0.9, 0.99)), **changes))

    same = config_hash(config())
    assert config_hash(config(work_dir='w', resume=True, launcher='pytorch')) == same
    elsewhere = dict(type='D', data_root='there', ann_file='x')
    assert config_hash(config(data=elsewhere)) == same
    assert config_hash(config(lr=0.2)) != same
    assert config_hash(config(betas=(0.99, 0.9))) != same
    assert config_hash(config(data=dict(type='E'))) != same


def test_fingerprint_of_data_sees_one_other_image():
    def fingerprint(seed, images=3):
        return data_fingerprint(
            SyntheticPoseDataset(
                num_images=images, seed=seed, size=(64, 48), persons=(1, 1)
            )
        )

    assert fingerprint(1) == fingerprint(1)
    assert fingerprint(1)['images'] != fingerprint(2)['images']
    assert fingerprint(1)['samples'] == 3


def test_a_folder_belongs_to_one_run_and_one_process(tmp_path):
    run = Run('ca_hrnet', PRESET, 'small', 0, {'train_cfg.max_epochs': 1}, 'synthetic')
    folder = tmp_path / run.name
    prepare(run, folder)
    prepare(run, folder)
    assert read_run(folder) == run
    other = Run(
        'ca_hrnet', PRESET, 'small', 0, {'train_cfg.max_epochs': 2}, 'synthetic'
    )
    with pytest.raises(UserError, match='was made with other settings'):
        prepare(other, folder)
    settings = json.loads((folder / 'run.json').read_text())
    (folder / 'run.json').write_text(json.dumps({**settings, 'code': '0.0.1-aaaa'}))
    with pytest.raises(UserError, match='was made with other settings'):
        prepare(run, folder)
    with (
        locked(folder),
        pytest.raises(UserError, match='another process is working in'),
        locked(folder),
    ):
        pass
    (folder / 'run.json').write_text('{}')
    with pytest.raises(UserError, match='cannot read'):
        read_run(folder)
