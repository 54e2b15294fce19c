"""Converts a float32 file to a reduced precision.

Only the network is reduced: normalization, flip test, decoding and suppression stay in
float32.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from mmpose_ext_runtime.manifest import IMAGES

from .graphs import NETWORK

# Operations whose inputs and weights get 8 bits.
_QUANTIZED = ('Conv', 'Gemm', 'MatMul')


def network_nodes(model: onnx.ModelProto) -> tuple[set[str], set[str]]:
    """Return the names of the nodes that belong to the network, and of all others.

    Args:
        model (onnx.ModelProto): A graph of :mod:`.graphs`; nodes are named after the
            part that they come from.
    """
    inside = {n.name for n in model.graph.node if f'/{NETWORK}/' in n.name}
    return inside, {n.name for n in model.graph.node} - inside


def _to_fp16(source: Path, target: Path, batches: Sequence[np.ndarray]) -> None:
    from onnxruntime.transformers.float16 import convert_float_to_float16

    model = onnx.load(str(source))
    _, outside = network_nodes(model)
    converted = convert_float_to_float16(
        model, keep_io_types=True, node_block_list=sorted(outside)
    )
    target.write_bytes(converted.SerializeToString())


def _to_bf16(source: Path, target: Path, batches: Sequence[np.ndarray]) -> None:
    """Store the weights in bfloat16; an engine computes with them in its own way."""
    model = onnx.load(str(source))
    inside, _ = network_nodes(model)
    used = {i for n in model.graph.node if n.name in inside for i in n.input}
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or tensor.name not in used:
            continue
        name = tensor.name
        tensor.CopyFrom(_as_bfloat16(tensor))
        casts.append(
            helper.make_node(
                'Cast', [tensor.name], [name], f'/{name}/Cast', to=TensorProto.FLOAT
            )
        )
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    target.write_bytes(model.SerializeToString())


def _as_bfloat16(tensor: TensorProto) -> TensorProto:
    """Convert a tensor to the upper half of each float32, rounded half to even."""
    bits = np.ascontiguousarray(numpy_helper.to_array(tensor)).view(np.uint32)
    upper = ((bits + (0x7FFF + ((bits >> 16) & 1))) >> 16).astype('<u2')
    return helper.make_tensor(
        f'{tensor.name}_bf16',
        TensorProto.BFLOAT16,
        list(tensor.dims),
        upper.tobytes(),
        raw=True,
    )


class _Reader:
    """Hands batches to ONNX Runtime's calibration."""

    def __init__(self, batches: Sequence[np.ndarray]) -> None:
        self._left: Iterator[np.ndarray] = iter(batches)

    def get_next(self) -> dict[str, Any] | None:
        batch = next(self._left, None)
        return None if batch is None else {IMAGES: batch}


def _to_int8(source: Path, target: Path, batches: Sequence[np.ndarray]) -> None:
    """Quantize statically, with a scale for each output channel of the weights.

    No processor saturates the sums of its products.
    """
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with TemporaryDirectory() as folder:
        prepared = os.path.join(folder, 'prepared.onnx')
        # Its symbolic shapes fail at HRNet's fusions; its optimizer renames nodes.
        quant_pre_process(
            str(source), prepared, skip_symbolic_shape=True, skip_optimization=True
        )
        inside, _ = network_nodes(onnx.load(prepared))
        quantize_static(
            prepared,
            str(target),
            _Reader(batches),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            # 7 bits: processors with AVX2 but without VNNI add products of 8 bits in
            # 16, which saturate, and key points move by many pixels.
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=list(_QUANTIZED),
            nodes_to_quantize=sorted(inside),
        )


#: Functions that convert a float32 file to a reduced precision, by its name. The third
#: argument holds inputs of the graph, with which int8 is calibrated.
REDUCTIONS: dict[str, Callable[[Path, Path, Sequence[np.ndarray]], None]] = {
    'fp16': _to_fp16,
    'bf16': _to_bf16,
    'int8': _to_int8,
}
