import json

import pytest

from mmpose_ext.engine.visualizers import safe_metric_name
from mmpose_ext.utils import UserError
from mmpose_ext.visualization import (
    curves,
    plot_learning_curve,
    plot_output_curves,
    plot_training,
    read_scalars,
)
from mmpose_ext.visualization.scalars import (
    find_metric,
    metrics_of,
    overall_metrics,
    series,
    split_records,
)


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
    path.write_text(path.read_text() + '\n{"half\n{}')
    with pytest.raises(UserError, match='line 6 is not a record'):
        read_scalars(tmp_path)
    assert not (tmp_path / 'curve.png').exists()


def test_a_killed_run_leaves_half_a_line(tmp_path):
    write(tmp_path, 'x', FIRST)
    path = next(tmp_path.glob('x/vis_data/scalars.json'))
    path.write_text(path.read_text() + '\n{"half')
    assert read_scalars(tmp_path) == FIRST


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (b'', 'is empty'),
        (b'{"loss', 'is empty'),
        (b'\xff\xfe\n', 'cannot read'),
        (b'[1]\n', 'line 1 is not a record'),
        (b'{"loss": 1, "epoch": "one"}\n', 'line 1 is not a record'),
        (b'{"PCK": 1, "step": NaN}\n', 'line 1 is not a record'),
    ],
)
def test_damaged_logs_are_one_line(tmp_path, content, message):
    path = tmp_path / 'scalars.json'
    path.write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        read_scalars(path)
    assert '\n' not in str(caught.value)


def test_values_that_are_not_finite_are_left_out(tmp_path):
    nan = float('nan')
    records = [
        dict(loss=2.0, loss_h1=nan, epoch=1, iter=1, step=1),
        dict(loss=nan, loss_h1=3.0, epoch=1, iter=2, step=2),
        dict(loss='?', epoch=2, iter=3, step=3),
        dict(PCK=nan, step=1),
        dict(PCK=5.0, step=2),
    ]
    assert split_records(records, 'PCK') == ([(1, 2.0)], [(2, 5.0)])
    assert series(records, ('loss_h1',)) == [(2, 3.0)]
    out = tmp_path / 'a.png'
    assert plot_training(records, out, ['PCK']).stat().st_size > 0
    assert plot_learning_curve({'a': records}, 'PCK', out).stat().st_size > 0
    assert plot_output_curves({'a': records}, out, 'PCK').stat().st_size > 0


def test_a_picture_of_many_metrics_shows_the_overall_ones():
    parts = [f'{joint} PCK@0.2' for joint in ('Head', 'Knee', 'left_wrist', 'macro')]
    records = [{'PCK@0.2': 1.0, **dict.fromkeys(parts, 2.0), 'step': 1}]
    assert overall_metrics(metrics_of(records)) == ['PCK@0.2']
    assert overall_metrics(parts) == parts  # nothing else is there
    names = ['Head', 'Shoulder', 'PCKh', 'PCKh@0.1']
    assert overall_metrics(names) == ['PCKh', 'PCKh@0.1']
    assert len(overall_metrics([f'm{i}' for i in range(30)])) == 6


def test_a_metric_is_found_by_the_name_that_a_tracker_shows(tmp_path):
    records = [{'PCK@0.2': 1.0, 'coco/AP (detector boxes)': 0.5, 'step': 1}]
    known = metrics_of(records)
    assert [find_metric(safe_metric_name(name), known) for name in known] == known
    assert find_metric('PCK', known) == 'PCK'
    names = ['PCK_0.2', 'coco/AP detector boxes']
    assert plot_training(records, tmp_path / 'a.png', names).stat().st_size > 0
    with pytest.raises(UserError, match=r"no 'PCK_0\.1'; recorded: PCK@0\.2, coco"):
        plot_training(records, tmp_path / 'b.png', ['PCK_0.1'])


@pytest.mark.parametrize('number', [1, 4, 40])
def test_the_legend_is_beside_the_panels(tmp_path, monkeypatch, number):
    figures = []
    monkeypatch.setattr(
        curves, 'write_picture', lambda out, figure: figures.append(figure)
    )
    names = [f'a rather long name {i}' for i in range(number)]
    records = [dict.fromkeys(names, 0.5) | {'step': step} for step in (1, 2)]
    plot_training([dict(loss=1.0, epoch=1), *records], tmp_path / 'a.png', names)
    figures[0].draw_without_rendering()
    legend = figures[0].legends[0].get_window_extent()
    panels = [axes.get_window_extent() for axes in figures[0].axes]
    assert [len(axes.lines) for axes in figures[0].axes] == [1, number]
    assert not any(legend.overlaps(panel) for panel in panels)
    assert figures[0].bbox.x0 <= legend.x0
    assert legend.x1 <= figures[0].bbox.x1
    assert legend.y0 >= figures[0].bbox.y0
    assert min(panel.width for panel in panels) > 0.25 * figures[0].bbox.width
