"""An output folder belongs to one set of settings."""

import json

import pytest

from mmpose_ext.utils import UserError
from mmpose_ext.utils.folders import (
    atomic_folder,
    claim_folder,
    record_files,
    remove_recorded,
    remove_temporaries,
)

SETTINGS = dict(seed=1, size=[4, 4])


@pytest.fixture
def places(tmp_path):
    return tmp_path / 'images', tmp_path / 'notes' / 'settings.json'


def test_a_new_folder_is_claimed_and_an_own_one_continued(places):
    folder, marker = places
    claim_folder(folder, marker, SETTINGS)
    assert json.loads(marker.read_text()) == SETTINGS
    folder.mkdir()
    (folder / '1.jpg').touch()
    claim_folder(folder, marker, SETTINGS)


def test_other_settings_are_refused(places):
    folder, marker = places
    claim_folder(folder, marker, SETTINGS)
    with pytest.raises(UserError, match='made with other settings'):
        claim_folder(folder, marker, SETTINGS | dict(seed=2))
    assert json.loads(marker.read_text()) == SETTINGS


@pytest.mark.parametrize('content', ['', '{"seed": 1', 'null', '[]', '\x00'])
def test_truncated_settings_are_refused_and_left(places, content):
    folder, marker = places
    marker.parent.mkdir()
    marker.write_text(content)
    with pytest.raises(UserError, match='cannot read|other settings'):
        claim_folder(folder, marker, SETTINGS)
    assert marker.read_text() == content


def test_files_of_somebody_else_are_refused(places):
    folder, marker = places
    folder.mkdir()
    claim_folder(folder, marker, SETTINGS)  # an empty folder is nobody's
    marker.unlink()
    (folder / 'holiday.jpg').touch()
    with pytest.raises(UserError, match='not made by this tool'):
        claim_folder(folder, marker, SETTINGS)
    assert not marker.exists()


def test_a_file_in_place_of_the_folder(places):
    folder, marker = places
    folder.write_text('')
    with pytest.raises(UserError, match='cannot write to'):
        claim_folder(folder, marker, SETTINGS)


def test_recorded_files_are_removed_with_their_folders(tmp_path):
    folder, record = tmp_path / 'out', tmp_path / 'out' / 'record.json'
    (folder / 'deep').mkdir(parents=True)
    (folder / 'deep' / 'a').write_text('a')
    outside = tmp_path / 'outside'
    outside.mkdir()
    (outside / 'kept').touch()
    (folder / 'link').symlink_to(outside)
    record_files(folder, record)
    remove_recorded(folder, record)
    assert not [*folder.iterdir()]
    assert (outside / 'kept').exists()


@pytest.mark.parametrize('content', ['', '[]', '{"a": 1}', '{"a"'])
def test_a_damaged_record_removes_nothing(tmp_path, content):
    (tmp_path / 'a').touch()
    (tmp_path / 'record.json').write_text(content)
    with pytest.raises(UserError, match='cannot read'):
        remove_recorded(tmp_path, tmp_path / 'record.json')
    assert len([*tmp_path.iterdir()]) == 2


@pytest.mark.parametrize('change', ['new', 'changed'])
def test_any_other_file_stops_the_removal(tmp_path, change):
    (tmp_path / 'a').touch()
    record_files(tmp_path, tmp_path / 'record.json')
    (tmp_path / {'new': 'b', 'changed': 'a'}[change]).write_text('mine')
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UserError, match='nothing was deleted'):
        remove_recorded(tmp_path, tmp_path / 'record.json')
    assert sorted(tmp_path.iterdir()) == before


def test_temporaries_of_named_files_alone(tmp_path):
    long = 'a' * 50
    gone = ['.data.ab_12345.json', f'.{"a" * 40}.12345678.mat']
    kept = [
        '.data.ab_12345.mat',
        '.data.ab_1234.json',
        '.data2.ab_12345.json',
        '.other.ab_12345.json',
        'data.ab_12345.json',
        'data.json',
    ]
    for name in gone + kept:
        (tmp_path / name).touch()
    (tmp_path / '.data.abcdefgh.json').mkdir()
    remove_temporaries(tmp_path, 'data.json', f'{long}.mat')
    assert {path.name for path in tmp_path.iterdir()} == {*kept, '.data.abcdefgh.json'}
    remove_temporaries(tmp_path / 'none', 'data.json')


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    out = tmp_path / 'new' / 'run'
    with atomic_folder(out) as temporary:
        (temporary / 'a.txt').write_text('a')
        assert not out.exists()
    assert (out / 'a.txt').read_text() == 'a'
    assert out.stat().st_mode & 0o777 == 0o755
    other = tmp_path / 'other'
    with pytest.raises(ZeroDivisionError), atomic_folder(other) as temporary:
        raise ZeroDivisionError
    # A file that is read is named, and what there is stays as it is.
    missing = tmp_path / 'new' / 'missing.txt'
    with pytest.raises(UserError, match=r'other: .*missing\.txt'), atomic_folder(other):
        missing.read_text()
    with pytest.raises(UserError, match='cannot write .*run: '), atomic_folder(out):
        pass
    assert (out / 'a.txt').read_text() == 'a'
    assert sorted(path.name for path in tmp_path.iterdir()) == ['new']
    assert [path.name for path in (tmp_path / 'new').iterdir()] == ['run']
