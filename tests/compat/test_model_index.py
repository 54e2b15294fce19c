"""`MMPoseInferencer('sdhrnet')` and the other names find this project's models."""

from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.infer import BaseInferencer
from mmpose.apis import MMPoseInferencer
from mmpose.apis.inferencers import get_model_aliases
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from mmpose_ext.compat import model_index, shipped_weights
from mmpose_ext.compat.model_index import aliases_of, own_models
from mmpose_ext.datasets.conventions import metainfo_file
from mmpose_ext.testing import build_from_config

PAPERS = {
    'ca_hrnet': 14,
    'daunet': 14,
    'lrfg_yolopose': 17,
    'sadinet': 14,
    'sdhrnet': 14,
}


@pytest.mark.parametrize('paper', PAPERS)
def test_a_paper_is_a_model_of_mmpose(tmp_path, paper):
    """With weights as training leaves them: they say what the key points are."""
    config = next(m['Config'] for m in own_models() if paper in aliases_of(m))
    names = metainfo_file('coco' if PAPERS[paper] == 17 else 'lsp')
    meta = parse_pose_metainfo(dict(from_file=names))
    state = build_from_config(config).state_dict()
    weights = tmp_path / 'net.pth'
    torch.save(dict(state_dict=state, meta=dict(dataset_meta=meta)), weights)
    inferencer = MMPoseInferencer(
        paper, str(weights), det_model='whole_image', device='cpu'
    )
    image = np.random.default_rng(0).integers(0, 255, (96, 80, 3), np.uint8)
    (people,) = next(inferencer(image, return_vis=False))['predictions']
    for person in people:
        assert len(person['keypoints']) == PAPERS[paper]
    if paper != 'lrfg_yolopose':
        assert len(people) == 1


def test_each_alias_belongs_to_one_model():
    aliases = [alias for model in own_models() for alias in aliases_of(model)]
    assert len(aliases) == len(set(aliases))
    assert set(PAPERS) <= set(aliases)
    for model in own_models():
        assert Path(model['Config']).is_file()
        assert Path(model['Config']).is_absolute()


def test_names_of_mmpose_keep_their_meaning(monkeypatch):
    aliases = get_model_aliases('mmpose')
    assert aliases['sdhrnet'].startswith('td-hm_sdhrnet-')
    assert aliases['human'].startswith('rtmpose-m')
    assert 'human' not in get_model_aliases('mmpose_ext')
    # A folder of another project is left alone.
    folder = Path(BaseInferencer._get_repo_or_mim_dir('mmdet'))
    names = {m['Name'] for m in BaseInferencer._get_models_from_metafile(str(folder))}
    assert not any('sdhrnet' in name for name in names)


def test_weights_are_addresses_files_or_what_is_shipped(tmp_path, monkeypatch):
    package = tmp_path / 'package'
    (package / '.mim' / 'configs').mkdir(parents=True)
    (package / 'weights').mkdir()
    (package / 'weights' / 'b.pth').touch()
    (package / '.mim' / 'model-index.yml').write_text('Import: [configs/m.yml]')
    (package / '.mim' / 'configs' / 'm.yml').write_text(
        """
        Models:
        - {Name: a, Alias: a, Config: configs/a.py, Weights: 'https://host/a.pth'}
        - {Name: b, Alias: [x, b], Config: configs/b.py, Weights: null}
        - {Name: c, Config: configs/c.py, Weights: package/weights/c.pth}
        - {Name: d, Config: configs/d.py, Weights: null}
        """
    )
    monkeypatch.setattr(model_index, 'PACKAGE', package)
    monkeypatch.setattr(shipped_weights, 'WEIGHTS', package / 'weights')
    found = {m['Name']: m['Weights'] for m in model_index.own_models.__wrapped__()}
    assert found == {
        'a': 'https://host/a.pth',
        'b': str(package / 'weights/b.pth'),
        'c': str(package / 'weights/c.pth'),
        'd': None,
    }
