"""Runs of the NTU extraction: workers, interruptions, settings, full disk, the tool."""

import pytest
from ntu_fixtures import (
    NAMES,
    extract,
    skeleton_file,
    video_file,
    write_samples,
)

from mmpose_ext.utils import UserError

TOOL = 'dataset_converters/ntu60_frames.py'


@pytest.fixture
def root(tmp_path):
    return write_samples(tmp_path / 'ntu')


def test_the_same_whatever_the_number_of_workers(root):
    def everything(folder, workers):
        report = extract(root, 11, out=root.parent / folder, workers=workers)
        images = sorted((root.parent / folder / 'images').iterdir())
        return report.path.read_text(), {i.name: i.read_bytes() for i in images}

    assert everything('a', 1) == everything('b', 3)


def test_an_interrupted_run_is_taken_up(root):
    report = extract(root, 11)
    images = sorted((root.parent / 'out' / 'images').iterdir())
    state = {i: (i.read_bytes(), i.stat().st_mtime_ns) for i in images}
    lost = [i for i in images if i.name.startswith(NAMES[0])]
    assert lost
    # As after an interruption: some samples are not done, and no annotation.
    lost[0].unlink()
    (root.parent / 'out' / '.extraction' / f'{NAMES[4]}.json').unlink()
    text = report.path.read_text()
    report.path.unlink()
    assert extract(root, 11).path.read_text() == text
    for image, (content, changed) in state.items():
        assert image.read_bytes() == content
        again = image.name.startswith((NAMES[0], NAMES[4]))
        assert (image.stat().st_mtime_ns != changed) == again


def test_other_settings_need_another_folder(root):
    extract(root, 2)
    with pytest.raises(
        UserError, match=r"other settings: .*'seed': 0.* not .*'seed': 1"
    ):
        extract(root, 2, seed=1)


def test_truncated_settings_are_refused(root):
    extract(root, 2)
    file = root.parent / 'out' / '.extraction' / 'settings.json'
    file.write_text(file.read_text()[:10])
    with pytest.raises(UserError, match=r'cannot read .*settings\.json.*delete both'):
        extract(root, 2)


def test_temporaries_of_a_killed_run_are_removed_and_nothing_else(root):
    extract(root, 6)
    folder = root.parent / 'out' / 'images'
    journal, notes = folder.parent / '.extraction', folder.parent / 'annotations'
    left = [
        folder / f'.{NAMES[0]}_f0001.abcd_123.jpg',
        journal / f'.{NAMES[0]}.abcd_123.json',
        notes / '.ntu60_xsub-val.abcd_123.json',
    ]
    mine = [folder / '.mine.jpg', notes / '.mine.abcd_123.json']
    for path in left + mine:
        path.write_bytes(b'half')
    extract(root, 6)
    assert [path for path in left if path.exists()] == []
    assert all(path.exists() for path in mine)


@pytest.mark.parametrize(
    'arguments',
    [dict(seed=-1), dict(subjects='1,2'), dict(padding=0.5), dict(quality=0)],
)
def test_bad_arguments(root, arguments):
    with pytest.raises(UserError, match=next(iter(arguments))):
        extract(root, 1, **arguments)
    with pytest.raises(UserError, match='num_frames 0 is not positive'):
        extract(root, 0)


@pytest.mark.parametrize('workers', [1, 2])
def test_full_disk(root, workers):
    out = root.parent / 'out'
    out.mkdir()
    (out / 'images').write_text('')  # stands for what cannot be written to
    with pytest.raises(UserError, match='cannot write .*images'):
        extract(root, 4, workers=workers)
    assert not (out / 'annotations').exists()
    (out / 'images').unlink()
    assert extract(root, 4, workers=workers).num_images == 4


def test_tool(root, run_tool, capsys):
    args = [root, root.parent / 'out', '-n', 4, '--workers', 1]
    assert run_tool(TOOL, *args) == 0
    assert '4 of 4 frames, 2 classes with 2 to 2 each' in capsys.readouterr().out
    video_file(root, NAMES[0]).unlink()
    assert run_tool(TOOL, *args) == 1
    assert 'without a video: 1' in capsys.readouterr().out
    assert run_tool(TOOL, *args, '--allow-missing') == 0
    skeleton_file(root, NAMES[4]).write_text('nothing')
    args[3] = 7
    assert run_tool(TOOL, *args, '--allow-missing') == 1
    assert 'could not be used: 1' in capsys.readouterr().out
    assert run_tool(TOOL, root / 'no', root.parent / 'out') == 2
    error = capsys.readouterr().err
    assert error.startswith('error: cannot read the list of missing skeletons')
