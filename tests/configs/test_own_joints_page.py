"""The page on training with one's own joints, followed word by word."""

import json
import logging
import re
from collections import OrderedDict
from pathlib import Path

import cv2
import numpy as np
import pytest
from mmengine.logging import MMLogger

from mmpose_ext.engine.visualizers import SafeNamePoseVisualizer

ROOT = Path(__file__).resolve().parents[2]
NAMES = ['nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear']
ONE_STAGE = ROOT / 'configs/lrfg_yolopose/small'
PLAIN = ONE_STAGE / 'lrfg-yolopose-n_1xb4-260e_coco-256_plain.py'
SHORT = (
    '--cfg-options',
    *(f'{part}_dataloader.{key}' for part in ('train', 'val', 'test')
      for key in ('num_workers=0', 'persistent_workers=False', 'batch_size=2')),
    'model.backbone.init_cfg=None',
    'train_cfg.max_epochs=1',
    'train_cfg.val_interval=1',
)  # fmt: skip


def write_data(folder):
    """Two images of a face for training, and two others for validation."""
    rng = np.random.default_rng(0)
    (folder / 'images').mkdir(parents=True)
    for split, first in (('train', 1), ('val', 3)):
        images, people = [], []
        for i in (first, first + 1):
            name = f'{i}.jpg'
            picture = rng.integers(0, 256, (96, 96, 3), dtype=np.uint8)
            cv2.imwrite(str(folder / 'images' / name), picture)
            images.append(dict(id=i, file_name=name, width=96, height=96))
            points = np.array([[48, 52], [56, 44], [40, 44], [64, 48], [32, 48]]) + i
            joints = np.column_stack([points, np.full(5, 2)]).ravel().tolist()
            people.append(
                dict(
                    id=i,
                    image_id=i,
                    category_id=1,
                    iscrowd=0,
                    area=1200,
                    bbox=[24, 34, 50, 40],
                    num_keypoints=5,
                    keypoints=joints,
                )
            )
        category = dict(id=1, name='person', keypoints=NAMES, skeleton=[])
        content = dict(images=images, annotations=people, categories=[category])
        (folder / f'{split}.json').write_text(json.dumps(content))


@pytest.fixture
def blocks(tmp_path, monkeypatch):
    """The page's three files: meta information, top-down and one-stage config."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('LOCAL_RANK', '0')
    for shared in (SafeNamePoseVisualizer, MMLogger):
        monkeypatch.setattr(shared, '_instance_dict', OrderedDict())
    page = (ROOT / 'docs' / 'own_joints.md').read_text()
    joints, topdown, one_stage = re.findall(r'```python\n(.*?)```', page, re.S)
    Path('my_joints.py').write_text(joints)
    write_data(Path('data/mine'))
    return topdown, one_stage


def data_of(topdown):
    """All of the config but its base and its network."""
    return '\n'.join(
        line
        for line in topdown.splitlines()
        if not line.startswith(('_base_', 'model'))
    )


@pytest.mark.parametrize('kind', ['top-down', 'one-stage'])
def test_the_page_trains_and_passes_the_doctor(kind, blocks, run_tool, capsys, caplog):
    topdown, one_stage = blocks
    text = topdown.replace("'configs/", f"'{ROOT}/configs/")
    if kind == 'one-stage':
        text = f'_base_ = {str(PLAIN)!r}\n{data_of(topdown)}\n{one_stage}'
    Path('my_config.py').write_text(text)
    assert run_tool('misc/check_dataset.py', 'my_config.py') == 0, capsys.readouterr()
    caplog.set_level(logging.INFO)
    assert run_tool('train.py', 'my_config.py', '--work-dir', 'work', *SHORT) == 0
    log = capsys.readouterr()
    assert 'coco/AP' in log.out + log.err
    assert list(Path('work').glob('*.pth'))


def test_sigmas_of_the_page(blocks, run_tool, capsys):
    command = ('misc/estimate_sigmas.py', 'my_joints.py', '--alike', '0.07')
    assert run_tool(*command, '--out', 'my_joints.py') == 0
    assert 'alike' in capsys.readouterr().out
    assert '0.07' in Path('my_joints.py').read_text()
