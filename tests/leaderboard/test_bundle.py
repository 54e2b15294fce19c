"""Offline bundles: what goes in, what comes back, and what is refused."""

import json
import os
import sys
from types import SimpleNamespace

import pytest
import torch
from ledger_cases import write
from mmengine.config import Config
from packing_cases import TEST, TRAIN, config_of, make_images
from safetensors.torch import load_file

from mmpose_ext.leaderboard import bundle, offline
from mmpose_ext.leaderboard.bundle import Plan, collect_data, pack, refuse_larger
from mmpose_ext.leaderboard.ledger import find_entries, read_entry
from mmpose_ext.leaderboard.manifest import read_bundle_manifest
from mmpose_ext.leaderboard.merge import merge
from mmpose_ext.leaderboard.packed_data import use_packed
from mmpose_ext.leaderboard.plan import Run
from mmpose_ext.leaderboard.split_weights import join_weights, split_weights
from mmpose_ext.leaderboard.wheels import Target
from mmpose_ext.utils.errors import UserError

TARGET = Target('3.11', 'linux-x86_64')
RUN = Run('my_net', 'configs/my_net/a.py', 'small', 0, {}, 'lspet')


def config(folder):
    loaders = {
        f'{split}_dataloader': dict(
            dataset=dict(
                config_of(folder),
                pipeline=TRAIN if split == 'train' else TEST,
                test_mode=split != 'train',
            )
        )
        for split in ('train', 'val', 'test')
    }
    return Config(dict(loaders, val_evaluator=dict(type='TorsoPCKAccuracy')))


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """A bundle of one run, with a file in the place of the plugin's wheel."""
    make_images(tmp_path / 'images')
    wheels = tmp_path / 'wheels'
    wheels.mkdir()
    (wheels / 'mmpose_ext-0.1.0-py3-none-any.whl').write_bytes(b'a wheel')
    monkeypatch.setattr(
        bundle, 'config_of_run', lambda run: config(tmp_path / 'images')
    )
    return Plan(tmp_path / 'bundle', [RUN], TARGET, wheels, without=['all'])


def test_a_bundle_holds_wheel_data_runs_and_script(plan):
    sizes = pack(plan)
    found = read_bundle_manifest(plan.out)
    files = {str(p.relative_to(plan.out)) for p in plan.out.rglob('*') if p.is_file()}
    assert set(sizes) == files == {*found['files'], 'bundle.json'}
    # Validation and test are one data set, training is another.
    data = found['data'][RUN.name]
    assert data['val'] == data['test'] != data['train']
    assert {data['val'], data['train'], 'run.sh'} < files
    assert Run(**found['runs'][0]) == RUN
    assert os.access(plan.out / 'run.sh', os.X_OK)
    assert sorted(p.name for p in plan.out.parent.iterdir()) == [
        *('bundle', 'images', 'wheels')
    ]
    with pytest.raises(UserError, match='exists already'):
        pack(plan)


def test_packed_data_take_the_place_of_the_data_sets(plan, tmp_path):
    pack(plan)
    changed = config(tmp_path / 'images')
    use_packed(changed, read_bundle_manifest(plan.out)['data'][RUN.name], plan.out)
    kinds = [step['type'] for step in changed.test_dataloader.dataset.pipeline]
    assert kinds[-2:] == ['OriginalUnits', 'PackPoseInputs']
    train = changed.train_dataloader.dataset
    assert 'OriginalUnits' not in [step['type'] for step in train.pipeline]
    assert (train.type, train.test_mode) == ('PackedPoseDataset', False)
    assert train.metainfo.from_file.endswith('lsp.py')


def test_figures_drawn_on_demand_need_no_file(tmp_path):
    drawn = config(tmp_path)
    for split in ('train', 'val', 'test'):
        drawn[f'{split}_dataloader'].dataset = dict(type='SyntheticPoseDataset')
    assert collect_data({'a': drawn}) == ({}, {'a': {}})


def test_a_large_bundle_is_refused_and_nothing_is_left(plan, monkeypatch):
    monkeypatch.setattr(bundle, 'pack_crops', None)  # no work before the refusal
    with pytest.raises(UserError) as error:
        pack(Plan(**{**vars(plan), 'max_mb': 0.001}))
    assert 'more than 0.001: crops of train-' in str(error.value)
    assert sorted(p.name for p in plan.out.parent.iterdir()) == ['images', 'wheels']
    refuse_larger({'a': 500_000, 'b': 500_000}, 1)
    with pytest.raises(UserError, match=r'1\.1 MB, more than 1: a 0\.6, b 0\.5'):
        refuse_larger({'b': 500_000, 'a': 600_000}, 1)


@pytest.fixture
def returned(tmp_path):
    """A bundle whose only run is finished, and what it sends back."""
    folder = write(tmp_path / 'runs', 71.5)
    (folder / 'worst.jpg').write_bytes(b'a picture')
    work = folder / 'work'
    work.mkdir()
    weights = {'a.weight': torch.randn(6, 40), 'a.steps': torch.tensor(7)}
    torch.save(dict(state_dict=weights), work / 'epoch_2.pth')
    (work / 'last_checkpoint').write_text('/elsewhere/work/epoch_2.pth')
    out = tmp_path / 'results' / 'my_net' / folder.name
    offline.send(folder, out)
    return SimpleNamespace(out=out, weights=weights, folder=folder)


def test_results_come_back_whole(returned, tmp_path):
    new, known = merge(tmp_path / 'results', tmp_path / 'ledger')
    (target,) = new
    assert not known
    assert sorted(p.name for p in target.iterdir()) == [
        *('entry.json', 'metrics.json', 'weights.safetensors', 'worst.jpg')
    ]
    assert read_entry(target).metrics == {'coco/AP': 0.715}
    found = load_file(str(target / 'weights.safetensors'))
    assert found['a.weight'].equal(returned.weights['a.weight'].half())
    assert found['a.steps'] == 7
    assert [e.folder for e in find_entries(tmp_path / 'ledger', 'my_net')] == [target]
    new, known = merge(tmp_path / 'results', tmp_path / 'ledger')
    assert (new, known) == ([], [target])
    offline.send(returned.folder, returned.out)  # it is there already


@pytest.mark.parametrize(
    ('file', 'said'),
    [
        ('metrics.json', 'is not what was written'),
        ('weights-1-of-1.safetensors', 'is not what was written'),
        ('digests.json', 'cannot read'),
    ],
)
def test_a_changed_file_stops_the_merge(returned, tmp_path, file, said):
    path = returned.out / file
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(UserError, match=said):
        merge(tmp_path / 'results', tmp_path / 'ledger')
    assert not (tmp_path / 'ledger').exists()


def test_another_result_of_the_same_run_is_kept(returned, tmp_path):
    other = write(tmp_path / 'ledger', 60.0)
    with pytest.raises(UserError, match='is another run of the same name and seed'):
        merge(tmp_path / 'results', tmp_path / 'ledger')
    assert read_entry(other).metrics == {'coco/AP': 0.6}
    with pytest.raises(UserError, match='holds no results'):
        merge(tmp_path / 'nowhere', tmp_path / 'ledger')


def test_a_name_that_leads_outside_is_refused(returned, tmp_path):
    digests = json.loads((returned.out / 'digests.json').read_text())
    digests['../../../evil'] = '0'
    (returned.out / 'digests.json').write_text(json.dumps(digests))
    with pytest.raises(UserError, match='lies outside the folder'):
        merge(tmp_path / 'results', tmp_path / 'ledger')


def test_weights_are_split_below_the_limit_and_joined(tmp_path):
    weights = {
        'large': torch.randn(50, 30),
        'small': torch.randn(4),
        'count': torch.tensor(3),
        'empty': torch.zeros(0, 2),
    }
    *names, index = split_weights(tmp_path, weights, limit=1000)
    assert len(names) == 4
    assert index == 'weights.json'
    for name in names:
        tensors = load_file(str(tmp_path / name))
        assert sum(t.numel() * t.element_size() for t in tensors.values()) <= 1000
    join_weights(tmp_path, tmp_path / 'all.safetensors')
    found = load_file(str(tmp_path / 'all.safetensors'))
    assert set(found) == set(weights)
    assert found['large'].equal(weights['large'].half())
    assert found['count'] == 3
    (tmp_path / names[1]).unlink()
    with pytest.raises(UserError, match='cannot read the weights'):
        join_weights(tmp_path, tmp_path / 'again.safetensors')


def test_calls_go_on_where_the_time_was_over(plan, monkeypatch):
    """The first call preempts, the second one finishes; nothing is done twice."""
    runs = [RUN, Run('my_net', 'configs/my_net/b.py', 'small', 0, {}, 'lspet')]
    pack(Plan(**{**vars(plan), 'runs': runs}))
    states = iter(['finished', 'preempted', 'finished'])
    done, started = set(), []

    def perform(end, folder, place, processes):
        started.append(folder.name)
        state = next(states)
        if state == 'finished':
            done.add(folder)
        return state

    monkeypatch.setattr(offline, 'prepare', lambda run, folder: None)
    monkeypatch.setattr(offline, 'is_finished', lambda folder: folder in done)
    monkeypatch.setattr(offline, 'send', lambda folder, out: None)
    monkeypatch.setattr(offline, 'perform_until', perform)
    first, second = (run.name for run in runs)
    assert offline.perform_runs(plan.out, 5) == {first: 'finished', second: 'preempted'}
    assert offline.perform_runs(plan.out, 5) == dict.fromkeys(
        (first, second), 'finished'
    )
    assert started == [first, second, second]
    (plan.out / 'run.sh').write_text('echo other')
    with pytest.raises(UserError, match=r'run\.sh is not what was written; copy the'):
        offline.perform_runs(plan.out, 5)


@pytest.mark.parametrize('minutes', ['0', '-1', 'nan'])
def test_a_time_that_is_not_positive_is_one_line(monkeypatch, capsys, minutes):
    monkeypatch.setattr(sys, 'argv', ['offline', 'nowhere', '--minutes', minutes])
    with pytest.raises(UserError, match=f'--minutes {minutes} is not positive'):
        offline.main()


def test_no_run_is_started_when_no_time_is_left(plan, monkeypatch):
    runs = [RUN, Run('my_net', 'configs/my_net/b.py', 'small', 0, {}, 'lspet')]
    pack(Plan(**{**vars(plan), 'runs': runs}))
    monkeypatch.setattr(offline, 'prepare', lambda run, folder: None)
    monkeypatch.setattr(offline, 'perform_until', lambda *args: 'preempted')
    outcome = offline.perform_runs(plan.out, 1)
    assert list(outcome.values()) == ['preempted', 'waiting']
