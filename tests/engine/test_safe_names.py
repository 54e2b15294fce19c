import json
import re
from collections import OrderedDict

import pytest
from mmengine.config import Config
from mmengine.evaluator import BaseMetric
from mmengine.runner import Runner
from mmpose.registry import VISUALIZERS
from tiny_run import config

from mmpose_ext.engine.visualizers import SafeNamePoseVisualizer, safe_metric_name
from mmpose_ext.visualization.scalars import metrics_of, overall_metrics, read_scalars

NAMES_OF_METRICS = ('PCK@0.2', 'coco/AP (detector boxes)', 'macro PCKh@0.5', 'Head')
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


class Scored(BaseMetric):
    """Has every kind of name that MMPose's and our metrics have."""

    def process(self, data_batch, data_samples):
        self.results.append(len(data_samples))

    def compute_metrics(self, results):
        return dict.fromkeys(NAMES_OF_METRICS, 0.5)


def test_a_run_writes_its_metrics_to_tensorboard_and_mlflow(tmp_path, monkeypatch):
    accumulator = pytest.importorskip(
        'tensorboard.backend.event_processing.event_accumulator'
    )
    mlflow = pytest.importorskip('mlflow')
    # MLflow has announced the end of its file store and wants to be told.
    monkeypatch.setenv('MLFLOW_ALLOW_FILE_STORE', 'true')
    monkeypatch.setattr(SafeNamePoseVisualizer, '_instance_dict', OrderedDict())
    store = (tmp_path / 'store').as_uri()
    backends = ['LocalVisBackend', 'TensorboardVisBackend', 'MLflowVisBackend']
    backends = [dict(type=name) for name in backends]
    backends[2].update(tracking_uri=store, exp_name='tiny')
    settings = config(
        tmp_path / 'run',
        val_evaluator=[Scored()],
        train_cfg=dict(by_epoch=True, max_epochs=2, val_interval=1),
        default_hooks=dict(
            checkpoint=dict(
                type='SafeCheckpointHook', rule='greater', save_best='PCK@0.2'
            ),
            logger=dict(type='LoggerHook', interval=2),
        ),
        visualizer=dict(type='SafeNamePoseVisualizer', vis_backends=backends),
    )
    # The config goes to the trackers, too.
    Runner(**settings, cfg=Config(dict(work_dir=settings['work_dir']))).train()
    safe = {safe_metric_name(name) for name in NAMES_OF_METRICS}

    (file,) = (tmp_path / 'run').rglob('events.out*')
    events = accumulator.EventAccumulator(str(file)).Reload()
    assert safe | {'loss', 'lr'} <= set(events.Tags()['scalars'])
    points = [(point.step, point.value) for point in events.Scalars('PCK_0.2')]
    assert points == [(1, 0.5), (2, 0.5)]

    client = mlflow.MlflowClient(store)
    experiment = client.get_experiment_by_name('tiny')
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == 'FINISHED'
    assert safe | {'loss', 'lr'} <= set(run.data.metrics)
    history = client.get_metric_history(run.info.run_id, 'coco/AP detector boxes')
    assert [(point.step, point.value) for point in history] == [(1, 0.5), (2, 0.5)]

    # The local file, which the figures are drawn from, keeps the metrics' own names.
    known = metrics_of(read_scalars(tmp_path / 'run'))
    assert set(NAMES_OF_METRICS) <= set(known)
    assert overall_metrics(known)[:2] == ['PCK@0.2', 'coco/AP (detector boxes)']
    assert list((tmp_path / 'run').glob('best_*.pth'))
