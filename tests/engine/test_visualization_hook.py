"""`mim test --show-dir` on synthetic figures, which are painted and not read."""

from collections import OrderedDict
from pathlib import Path

import cv2
import numpy as np
import pytest
from mmengine.dataset import ConcatDataset
from mmengine.runner import Runner
from mmengine.visualization import Visualizer
from mmpose.structures import PoseDataSample

from mmpose_ext.datasets import SyntheticPoseDataset
from mmpose_ext.engine.hooks.visualization import images_on_disk
from mmpose_ext.engine.visualizers import SafeNamePoseVisualizer
from mmpose_ext.utils.config import load_config

ROOT = Path(__file__).resolve().parents[2]
PRESET = 'configs/ca_hrnet/small/td-hm_ca-hrnet-w8_1xb32-8e_synthetic-128x128.py'
ONE_STAGE = 'configs/lrfg_yolopose/small/yolopose-n_1xb8-16e_synthetic-128.py'


def sample_of(dataset, index):
    info = dataset.get_data_info(index)
    names = ('img_id', 'img_path')
    return PoseDataSample(metainfo={name: info[name] for name in names})


def test_each_sample_gets_its_own_image_for_a_while():
    sets = [
        SyntheticPoseDataset(num_images=2, seed=seed, size=(64, 48), persons=(1, 1))
        for seed in (1, 2)
    ]
    samples = [sample_of(dataset, i) for dataset in sets for i in range(2)]
    before = [sample.img_path for sample in samples]
    assert len(set(before)) == 4
    with images_on_disk(ConcatDataset(sets), samples):
        for sample, path in zip(samples, before, strict=True):
            found = cv2.imread(sample.img_path).astype(float)
            assert Path(sample.img_path).name == Path(path).name
            seed = int(Path(path).parent.name.removeprefix('seed'))
            painted = sets[seed - 1].image(sample.img_id - 1)
            assert np.abs(found - painted).mean() < 8  # JPEG
        inside = samples[0].img_path
    assert [sample.img_path for sample in samples] == before
    assert not Path(inside).exists()


def test_files_and_unknown_images_are_left(tmp_path):
    file = tmp_path / 'a.jpg'
    file.touch()
    samples = [
        PoseDataSample(metainfo=dict(img_id=1, img_path=path))
        for path in (str(file), 'nowhere/a.jpg')
    ]
    with images_on_disk(SyntheticPoseDataset(num_images=1, size=(64, 48)), samples):
        assert [s.img_path for s in samples] == [str(file), 'nowhere/a.jpg']


@pytest.mark.parametrize(
    ('mode', 'preset'), [('test', PRESET), ('val', PRESET), ('test', ONE_STAGE)]
)
def test_pictures_of_a_whole_test_are_written(tmp_path, monkeypatch, mode, preset):
    # A visualizer of another run would go on writing to that one's folder.
    for kind in (Visualizer, SafeNamePoseVisualizer):
        monkeypatch.setattr(kind, '_instance_dict', OrderedDict())
    config = load_config(ROOT / preset)
    config.work_dir = str(tmp_path)
    hook = config.default_hooks.visualization
    assert hook.type == 'PaintedVisualizationHook'
    hook.update(enable=True, interval=1)
    if mode == 'test':
        hook.out_dir = 'shown'  # as mim test --show-dir shown
    config.default_hooks.checkpoint = None  # it validates only while it trains
    for split in ('val', 'test'):
        loader = config[f'{split}_dataloader']
        loader.update(batch_size=2, num_workers=0, persistent_workers=False)
        loader.dataset.update(num_images=3, persons=(1, 1))
    runner = Runner.from_cfg(config)
    getattr(runner, mode)()
    pictures = [*tmp_path.rglob('shown/*.jpg' if mode == 'test' else '*.png')]
    assert len(pictures) == {'test': 3, 'val': 2}[mode]  # val: one a batch
    assert all(cv2.imread(str(picture)).std() > 0 for picture in pictures)
