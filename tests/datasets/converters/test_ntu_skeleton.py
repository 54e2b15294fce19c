"""Skeleton files: what they say, and every way they can be broken."""

import numpy as np
import pytest
from ntu_fixtures import body, frames

from mmpose_ext.datasets.converters import load_skeleton
from mmpose_ext.datasets.converters.ntu_skeleton import most_moving, motion
from mmpose_ext.datasets.synthetic.layouts.ntu_files import save_skeleton
from mmpose_ext.utils import UserError


@pytest.fixture
def file(tmp_path):
    return tmp_path / 'S001C001P001R001A001.skeleton'


def edit(file, change):
    """Change the lines of a file of three frames of one body."""
    save_skeleton(file, frames(3))
    lines = file.read_text().split('\n')
    change(lines)
    file.write_text('\n'.join(lines))


def test_columns_and_line_ends(file):
    save_skeleton(file, [[body(i, step=0.01)] for i in range(2)])
    assert b'\r\n' in file.read_bytes()
    number, [track] = load_skeleton(file)
    assert number == 2
    one = body(1, step=0.01)
    np.testing.assert_allclose(track.xyz[1], one.xyz, atol=1e-6)
    np.testing.assert_allclose(track.pixels[1], one.pixels, rtol=1e-6)
    np.testing.assert_array_equal(track.states[1], one.states)


def test_bodies_come_and_go(file):
    a, b = body(name='7'), body(name='9', shift=0.3, tracking=0)
    save_skeleton(file, [[a], [], [b, a], [b]])
    number, tracks = load_skeleton(file)
    assert number == 4
    assert [t.body for t in tracks] == ['7', '9']
    assert [t.frames.tolist() for t in tracks] == [[0, 2], [2, 3]]
    assert tracks[0].tracked.all()
    assert not tracks[1].tracked.any()


def test_no_body_at_all(file):
    save_skeleton(file, [[], []])
    assert load_skeleton(file) == (2, [])


@pytest.mark.parametrize('text', ['NaN', 'nan', '-1.#IND', '1.#QNAN', '-nan(ind)'])
def test_not_a_number(file, text):
    def change(lines):
        values = lines[5].split()
        values[5] = text
        lines[5] = ' '.join(values)

    edit(file, change)
    _, [track] = load_skeleton(file)
    assert np.isnan(track.pixels[0, 1]).tolist() == [True, False]


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda x: x.__setitem__(0, '4'), r'line 85: the file ends in frame 4 of 4'),
        (
            lambda x: x.__setitem__(0, '2'),
            r'28 lines are left after frame 2, the last one',
        ),
        (lambda x: x.__setitem__(0, '0'), r'line 1: the file has no frames'),
        (lambda x: x.__setitem__(0, 'a'), r"line 1: 'a' is not a number of frames"),
        (
            lambda x: x.__setitem__(1, '2'),
            r'line 30: 1 columns instead of 10 \(frame 1',
        ),
        (lambda x: x.__setitem__(1, '-1'), r"line 2: '-1' is not a number of bodies"),
        (lambda x: x.__setitem__(3, '24'), r'line 4: 24 joints instead of 25'),
        (lambda x: x.pop(10), r'line 29: 1 columns instead of 12 \(frame 1 of 3\)'),
        (lambda x: x.__setitem__(6, '1 2 3'), r'line 7: 3 columns instead of 12'),
        (
            lambda x: x.__setitem__(6, ' '.join(['x'] * 12)),
            r"'x' is not a number \(frame 1",
        ),
        (
            lambda x: x.__delitem__(slice(40, None)),
            r'line 40: the file ends in frame 2',
        ),
        (
            lambda x: x.__delitem__(slice(0, None)),
            r'line 0: the file ends in the first',
        ),
    ],
)
def test_malformed(file, change, message):
    edit(file, change)
    with pytest.raises(UserError, match=message) as error:
        load_skeleton(file)
    assert '\n' not in str(error.value)
    assert str(file) in str(error.value)


def test_body_twice_in_a_frame(file):
    save_skeleton(file, [[body(name='7')], [body(name='7'), body(name='7')]])
    with pytest.raises(UserError, match=r'body 7 occurs twice \(frame 2 of 2\)'):
        load_skeleton(file)


def test_no_file_and_no_text(file):
    with pytest.raises(UserError, match='cannot read skeleton .*No such file'):
        load_skeleton(file)
    file.write_bytes(bytes(range(256)))
    with pytest.raises(UserError, match='line 1: is not a text file'):
        load_skeleton(file)


def test_motion_is_the_spread_about_the_mean(file):
    # Two places 0.2 m apart, each half of the time: 0.1 m from the mean.
    save_skeleton(file, [[body(i % 2, step=0.2)] for i in range(6)])
    number, [track] = load_skeleton(file)
    assert motion(track, number) == pytest.approx(0.1)
    # There for half of the frames only: by a factor of sqrt(1/2) less.
    assert motion(track, 2 * number) == pytest.approx(0.1 / np.sqrt(2))


def test_the_body_that_moves_most_and_ties(file):
    def choose(steps):
        bodies = [
            [body(i, name=str(k), step=s) for k, s in enumerate(steps)]
            for i in range(6)
        ]
        save_skeleton(file, bodies)
        number, tracks = load_skeleton(file)
        track, tie = most_moving(tracks, number)
        return track.body, tie

    assert choose([0.0, 0.02, 0.01]) == ('1', False)
    assert choose([0.0, 0.02, 0.02]) == ('1', True)
    assert choose([0.0, 0.0]) == ('0', True)
    assert choose([0.01]) == ('0', False)


def test_real_skeletons(shared_data):
    folder = shared_data / 'ntu60' / 'nturgb+d_skeletons'
    lengths = {
        'S001C001P001R001A001': 103,
        'S001C001P001R001A011': 82,
        'S003C001P015R001A034': 71,
    }
    for name, frames_ in lengths.items():
        number, [track] = load_skeleton(folder / f'{name}.skeleton')
        assert number == len(track.frames) == frames_
        assert track.tracked.all()
    # The first joint of the last file, as it stands there.
    np.testing.assert_allclose(track.xyz[0, 0], [-0.03178518, -0.4113811, 2.699694])
    np.testing.assert_allclose(track.pixels[0, 0], [963.3826, 700.8132])
