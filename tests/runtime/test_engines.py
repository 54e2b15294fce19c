"""What the libraries that run a graph report."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from mmpose_ext_runtime.engines import ENGINES, load_engine
from mmpose_ext_runtime.errors import InputError
from mmpose_ext_runtime.manifest import IMAGES


@pytest.fixture
def two_images_only(tmp_path):
    """A graph that claims to take any batch, and reshapes to the size of two."""
    shape = helper.make_tensor('shape', TensorProto.INT64, [2], [2, 3])
    graph = helper.make_graph(
        [helper.make_node('Reshape', [IMAGES, 'shape'], ['found'])],
        'graph',
        [helper.make_tensor_value_info(IMAGES, TensorProto.FLOAT, ['batch', 3])],
        [helper.make_tensor_value_info('found', TensorProto.FLOAT, [2, 3])],
        [shape],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)])
    model.ir_version = 8
    path = tmp_path / 'two.onnx'
    onnx.save(model, path)
    return path


@pytest.mark.parametrize('name', ENGINES)
def test_a_graph_that_fails_is_named(two_images_only, name):
    engine = load_engine(two_images_only, name)
    images = np.arange(6, dtype=np.float32).reshape(2, 3)
    np.testing.assert_array_equal(engine.run(images)['found'], images)
    with pytest.raises(InputError, match=r'cannot run the model .*two\.onnx.*of 5'):
        engine.run(np.zeros((5, 3), np.float32))
