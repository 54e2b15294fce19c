from pathlib import Path

import pytest
from mmengine.config import Config

from mmpose_ext.utils import UserError
from mmpose_ext.utils.config import load_config, merge_options

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
TOP_DOWN = CONFIGS / 'ca_hrnet/td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192_gt-bbox.py'


def test_a_path_and_options(tmp_path):
    path = tmp_path / 'a.py'
    path.write_text("x = dict(y=1)\nz = 'z'\n")
    config = load_config(path, {'x.y': 2})
    assert config.x.y == 2
    assert config.z == 'z'


def test_a_name_inside_a_package():
    name = 'mmpose::_base_/default_runtime.py'
    assert load_config(name).default_scope == 'mmpose'


@pytest.mark.parametrize('name', ['nowhere.py', 'mmpose::nowhere.py'])
def test_no_such_config(name):
    with pytest.raises(UserError, match='nowhere.py'):
        load_config(name)


def test_a_broken_config_is_one_line(tmp_path):
    path = tmp_path / 'b.py'
    path.write_text('x = (\n')
    with pytest.raises(UserError, match='cannot read the config') as error:
        load_config(path)
    assert '\n' not in str(error.value)


@pytest.mark.parametrize(
    'folder', ["/data/o'brien", "'/data'", '"/data"', 'D:\\666\\new', '']
)
def test_a_data_folder_that_mmengine_cannot_read_is_named(monkeypatch, folder):
    monkeypatch.setenv('COCO_ROOT', folder)
    with pytest.raises(UserError, match='COCO_ROOT=.* quote or backslash') as error:
        load_config(TOP_DOWN)
    assert '\n' not in str(error.value)
    # One that the config does not use has no influence.
    monkeypatch.setenv('MPII_ROOT', folder or '"')
    monkeypatch.setenv('COCO_ROOT', '/data/größer und weiter')
    assert '/data/größer und weiter' in load_config(TOP_DOWN).data_root


def test_an_argument_of_a_class_may_resemble_another():
    """`deconv_out_channels` beside `conv_out_channels`: the class knows its own."""
    config = Config(dict(head=dict(type='X', conv_out_channels=3), loader=dict(size=1)))
    merge_options(config, {'head.deconv_out_channels': 4}, 'x.py')
    assert config.head.deconv_out_channels == 4
    with pytest.raises(
        UserError, match=r'no setting loader\.sizes; write loader\.size,'
    ):
        merge_options(config, {'loader.sizes': 2}, 'x.py')
