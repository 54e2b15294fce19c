import json

import pytest

from mmpose_ext.utils import UserError
from mmpose_ext.visualization import plot_learning_curve, read_scalars
from mmpose_ext.visualization.scalars import split_records


def write(folder, name, records):
    path = folder / name / 'vis_data' / 'scalars.json'
    path.parent.mkdir(parents=True)
    path.write_text('\n'.join(json.dumps(record) for record in records))


FIRST = [
    dict(PCK=1.0, step=0),
    dict(loss=4.0, epoch=1, step=1),
    dict(loss=2.0, epoch=1, step=2),
    dict(loss=9.0, epoch=2, step=3),
    dict(PCK=9.0, step=2),
]
RESUMED = [dict(loss=1.0, epoch=2, step=3), dict(PCK=5.0, step=2)]


def test_a_resumed_run_is_read_in_order_and_counts_once(tmp_path):
    write(tmp_path, '20260101_000000', FIRST)
    write(tmp_path, '20260101_000001', [dict(loss=1.5, epoch=1, step=2), *RESUMED])
    losses, scores = split_records(read_scalars(tmp_path), 'PCK')
    assert losses == [(1, 1.5), (2, 1.0)]
    assert scores == [(0, 1.0), (2, 5.0)]


def test_losses_are_averaged_over_an_epoch():
    assert split_records(FIRST, 'PCK') == ([(1, 3.0), (2, 9.0)], [(0, 1.0), (2, 9.0)])


def test_a_picture_is_written(tmp_path):
    out = plot_learning_curve({'a': FIRST}, 'PCK', tmp_path / 'curve.png')
    assert out.read_bytes().startswith(b'\x89PNG')


def test_bad_input(tmp_path):
    with pytest.raises(UserError, match='no vis_data'):
        read_scalars(tmp_path)
    with pytest.raises(UserError, match="no run recorded 'AP'; recorded: PCK, epoch"):
        plot_learning_curve({'a': FIRST}, 'AP', tmp_path / 'curve.png')
    write(tmp_path, 'x', FIRST)
    path = next(tmp_path.glob('x/vis_data/scalars.json'))
    path.write_text(path.read_text() + '\n{"half')
    with pytest.raises(UserError, match='line 6 is no json'):
        read_scalars(tmp_path)
    assert not (tmp_path / 'curve.png').exists()
