"""Metadata of ONNX files, read without a library."""

import onnx
import pytest
from onnx import TensorProto, helper

from mmpose_ext_runtime import InputError, read_manifest
from mmpose_ext_runtime.container import read_metadata
from mmpose_ext_runtime.manifest import KEY, Manifest, parse_manifest


def identity(metadata: dict[str, str]) -> bytes:
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node('Identity', ['a'], ['b'])],
        'g',
        [value('a', TensorProto.FLOAT, [1])],
        [value('b', TensorProto.FLOAT, [1])],
    )
    model = helper.make_model(graph, producer_name='someone')
    helper.set_model_props(model, metadata)
    return model.SerializeToString()


def test_reads_what_onnx_reads(tmp_path):
    path = tmp_path / 'Größe 1.onnx'
    metadata = {'a': 'x' * 300, 'ключ': '{"k": 1}', 'empty': ''}
    path.write_bytes(identity(metadata))
    assert read_metadata(path) == metadata
    props = onnx.load(str(path)).metadata_props
    assert {p.key: p.value for p in props} == metadata


@pytest.mark.parametrize(
    ('content', 'problem'),
    [
        (b'', 'is empty'),
        (b'\xff\xd8\xff\xe0 a picture', 'is not an ONNX file'),
        (b'PK\x03\x04 a checkpoint of torch', 'is not an ONNX file'),
        (b'version https://git-lfs.github.com/spec/v1', 'is not an ONNX file'),
        (identity({})[:-3], 'is truncated'),
        (identity({}), 'has no description of mmpose_ext'),
        (identity({KEY: '{"format": 99}'}), 'format 99'),
        (identity({KEY: 'no json'}), 'is damaged'),
        (identity({KEY: '[]'}), 'is damaged'),
        (identity({KEY: '{"format": 1, "kind": "topdown"}'}), 'is damaged'),
    ],
)
def test_other_files_are_named_in_one_line(tmp_path, content, problem):
    path = tmp_path / 'x.onnx'
    path.write_bytes(content)
    with pytest.raises(InputError, match=problem) as error:
        read_manifest(path)
    assert '\n' not in str(error.value)
    assert str(path) in str(error.value)


def test_every_truncation_is_noticed(tmp_path):
    whole = identity({KEY: 'x' * 50})
    path = tmp_path / 'x.onnx'
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError):
            read_manifest(path)


@pytest.mark.parametrize(
    ('name', 'problem'), [('no', 'does not exist'), ('.', 'folder')]
)
def test_a_missing_file_is_named(tmp_path, name, problem):
    with pytest.raises(InputError, match=problem):
        read_manifest(tmp_path / name)


def test_a_description_survives_the_file():
    manifest = Manifest(
        kind='topdown',
        input_size=(192, 256),
        normalize=True,
        input_order='bgr',
        mean=(1.0, 2.0, 3.0),
        std=(4.0, 5.0, 6.0),
        network_order='rgb',
        keypoint_names=('left', 'right', 'top'),
        skeleton=((0, 2), (1, 2)),
        flip_pairs=((0, 1),),
        codec={'name': 'dark', 'heatmap_size': [48, 64], 'kernel': 11},
    )
    assert parse_manifest(manifest.to_json(), 'x') == manifest
    assert manifest.mirrored == (1, 0, 2)
