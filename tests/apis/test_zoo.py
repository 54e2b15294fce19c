"""Models by name: this project's papers, configs, and MMPose's zoo."""

import pytest

from mmpose_ext.apis import find_model, zoo
from mmpose_ext.compat.model_index import aliases_of, index_folder, own_models
from mmpose_ext.compat.shipped_weights import WEIGHTS
from mmpose_ext.utils import UserError

NAME = next(e['Name'] for e in own_models() if 'sdhrnet' in aliases_of(e))
PATH = f'sdhrnet/small/{NAME}.py'
HRNET = 'body_2d_keypoint/topdown_heatmap/coco/td-hm_hrnet-w32_8xb64-210e_coco-256x192'


@pytest.mark.parametrize(
    'name',
    ['sdhrnet', NAME, f'mmpose_ext::{PATH}', str(index_folder() / f'configs/{PATH}')],
)
def test_the_same_model_by_all_of_its_names(name, monkeypatch):
    entries = [
        {**e, 'Weights': str(WEIGHTS / 's.pth') if e['Name'] == NAME else e['Weights']}
        for e in own_models()
    ]
    monkeypatch.setattr(zoo, 'own_models', lambda: entries)
    monkeypatch.setattr(zoo, '_all_entries', lambda: iter(entries))
    model = find_model(name)
    assert model.config.model.backbone.type == 'SDHRNet'
    assert model.weights == str(WEIGHTS / 's.pth')
    assert 'trained on drawn figures alone' in model.about


def test_the_callers_weights_come_first():
    model = find_model('sdhrnet', 'mine.pth')
    assert (model.weights, model.about) == ('mine.pth', 'weights mine.pth')


def test_the_zoo_of_mmpose():
    for name, kind, start in (
        ('human', 'CSPNeXt', 'rtmpose-m'),
        (f'mmpose::{HRNET}.py', 'HRNet', 'td-hm_hrnet-w32'),
        (HRNET.rpartition('/')[2], 'HRNet', 'td-hm_hrnet-w32'),
    ):
        model = find_model(name)
        assert model.config.model.backbone.type == kind
        assert model.weights.startswith('https://download.openmmlab.com/mmpose/')
        assert model.weights.rpartition('/')[2].startswith(start)
        assert model.about == f'weights {model.weights}'


def test_a_model_without_weights_has_none():
    model = find_model('mmpose_ext::sdhrnet/td-hm_sdhrnet_4xb32-210e_coco-256x192.py')
    assert (model.weights, model.about) == (None, 'no weights')


def test_an_unknown_name_is_one_line_with_similar_ones():
    with pytest.raises(UserError, match='no model sdhrnte; similar: sdhrnet') as caught:
        find_model('sdhrnte')
    assert '\n' not in str(caught.value)
    with pytest.raises(UserError, match='no config none.py'):
        find_model('none.py')
