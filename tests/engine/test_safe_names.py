import json
import re
from collections import OrderedDict

import pytest
from mmengine.config import Config
from mmpose.registry import VISUALIZERS

from mmpose_ext.engine.visualizers import SafeNamePoseVisualizer, safe_metric_name

ALLOWED = re.compile(r'[A-Za-z0-9_\-.:/ ]+')
NAMES = {
    'PCK@0.2': 'PCK_0.2',
    'macro PCKh@0.5': 'macro PCKh_0.5',
    'coco/AP (detector boxes)': 'coco/AP detector boxes',
    'coco/AP left_ankle': 'coco/AP left_ankle',
    'loss[0]': 'loss0',
    'AP %': 'AP _',
    'größe': 'gr_e',
    '../a//b': 'a/b',
    '@': '_',
    '': '_',
}


@pytest.mark.parametrize('name', NAMES)
def test_a_name_has_only_allowed_characters(name):
    assert safe_metric_name(name) == NAMES[name]
    assert ALLOWED.fullmatch(safe_metric_name(name))


@pytest.fixture
def build(monkeypatch, tmp_path):
    """Make the visualizer that the configs name, with these backends."""
    monkeypatch.setattr(SafeNamePoseVisualizer, '_instance_dict', OrderedDict())

    def build_with(*backends):
        return VISUALIZERS.build(
            dict(
                type='SafeNamePoseVisualizer',
                name='visualizer',
                save_dir=str(tmp_path),
                vis_backends=[dict(type='LocalVisBackend'), *backends],
            )
        )

    return build_with


class Recorder:
    """A backend that keeps what it is given and, as some do, empties it."""

    def __init__(self):
        self.seen = []

    def add_scalar(self, name, value, step=0, **kwargs):
        self.seen.append((name, value, step))

    def add_scalars(self, values, step=0, file_path=None, **kwargs):
        self.seen += [(name, value, step) for name, value in values.items()]
        values.clear()


def test_trackers_get_safe_names_and_the_local_file_keeps_the_metrics_own(
    build, tmp_path
):
    visualizer = build()
    trackers = [Recorder(), Recorder()]
    visualizer._vis_backends.update(a=trackers[0], b=trackers[1])
    visualizer.add_scalars({'PCK@0.2': 50.0, 'loss': 1.0}, step=3)
    visualizer.add_scalar('AP (no boxes)', 0.5, step=4)
    for tracker in trackers:
        assert tracker.seen == [
            ('PCK_0.2', 50.0, 3),
            ('loss', 1.0, 3),
            ('AP no boxes', 0.5, 4),
        ]
    (file,) = tmp_path.rglob('scalars.json')
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert rows[0]['PCK@0.2'] == 50.0
    assert rows[1]['AP (no boxes)'] == 0.5


def test_two_metrics_never_share_a_name(build):
    visualizer = build()
    tracker = Recorder()
    visualizer._vis_backends['a'] = tracker
    visualizer.add_scalars({'PCK_0.2': 1.0}, step=1)
    visualizer.add_scalars({'PCK@0.2': 2.0}, step=1)
    visualizer.add_scalars({'PCK@0.2': 3.0, 'PCK_0.2': 4.0}, step=2)
    assert [(name, value) for name, value, _ in tracker.seen] == [
        ('PCK_0.2', 1.0),
        ('PCK_0.2_2', 2.0),
        ('PCK_0.2_2', 3.0),
        ('PCK_0.2', 4.0),
    ]


def test_tensorboard_takes_the_names(build, tmp_path):
    reader = pytest.importorskip(
        'tensorboard.backend.event_processing.event_accumulator'
    )
    visualizer = build(dict(type='TensorboardVisBackend'))
    visualizer.add_scalars({'PCK@0.2': 50.0, 'coco/AP (detector boxes)': 0.5}, step=3)
    visualizer.close()
    (file,) = tmp_path.rglob('events.out*')
    events = reader.EventAccumulator(str(file)).Reload()
    assert set(events.Tags()['scalars']) == {'PCK_0.2', 'coco/AP detector boxes'}
    assert events.Scalars('PCK_0.2')[0].value == 50.0


def test_mlflow_takes_the_names(build, tmp_path, monkeypatch):
    mlflow = pytest.importorskip('mlflow')
    # MLflow has announced the end of its file store and wants to be told.
    monkeypatch.setenv('MLFLOW_ALLOW_FILE_STORE', 'true')
    store = (tmp_path / 'store').as_uri()
    visualizer = build(dict(type='MLflowVisBackend', tracking_uri=store))
    visualizer.add_config(Config(dict(work_dir=str(tmp_path))))  # closing expects one
    visualizer.add_scalars({'PCK@0.2': 50.0, 'coco/AP (detector boxes)': 0.5}, step=3)
    visualizer.close()
    (run,) = mlflow.MlflowClient(store).search_runs(['0'])
    assert run.data.metrics == {'PCK_0.2': 50.0, 'coco/AP detector boxes': 0.5}
