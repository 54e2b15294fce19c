"""Writes a graph as an ONNX file."""

import os
import warnings
from pathlib import Path

import onnx
import torch

from mmpose_ext_runtime import Manifest
from mmpose_ext_runtime.manifest import IMAGES, KEY

from ..utils import UserError
from ..utils.reasons import reason_of
from .graphs import Graph


def example_input(manifest: Manifest, number: int = 2) -> torch.Tensor:
    """Return random inputs of the form that a file takes.

    Args:
        manifest (Manifest): The file's description.
        number (int): Number of inputs. Default: 2.
    """
    width, height = manifest.input_size
    generator = torch.Generator().manual_seed(0)
    if manifest.normalize:
        shape = (number, height, width, 3)
        return torch.randint(256, shape, generator=generator, dtype=torch.uint8)
    return torch.randn(number, 3, height, width, generator=generator)


def write_graph(
    graph: Graph, manifest: Manifest, path: str | os.PathLike, opset: int = 17
) -> None:
    """Write a graph and its description; the batch may have any size.

    Args:
        graph (Graph): The graph, in evaluation mode.
        manifest (Manifest): Its description.
        path (str | os.PathLike): The file.
        opset (int): ONNX operator set. Default: 17.

    Raises:
        UserError: If PyTorch cannot express the network in ONNX.
    """
    axes = {name: {0: 'batch'} for name in (IMAGES, *graph.outputs)}
    if manifest.nms:
        axes.update({name: {0: 'people'} for name in graph.outputs})
    try:
        # It warns of shapes that are constants here, and that the exporter is old.
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter('ignore')
            torch.onnx.export(
                graph,
                (example_input(manifest),),
                str(path),
                input_names=[IMAGES],
                output_names=list(graph.outputs),
                dynamic_axes=axes,
                opset_version=opset,
                dynamo=False,
                # The suppression has its own ONNX operation.
                autograd_inlining=False,
            )
    except (RuntimeError, ValueError, TypeError) as error:
        raise UserError(
            f'the network cannot be written as ONNX: {reason_of(error)}',
            'choose another --opset (17 is tested), or another network',
        ) from error
    model = onnx.load(str(path))
    fold_identities(model)
    Path(path).write_bytes(model.SerializeToString())
    write_description(path, manifest)


def fold_identities(model: onnx.ModelProto) -> None:
    """Replace ``Identity`` nodes of initializers by the initializers themselves.

    The exporter stores equal weights once and refers to them by ``Identity`` nodes,
    behind which quantization does not find them.

    Args:
        model (onnx.ModelProto): The model; changed in place.
    """
    graph = model.graph
    weights = {tensor.name for tensor in graph.initializer}
    copies = {
        node.output[0]: node.input[0]
        for node in graph.node
        if node.op_type == 'Identity' and node.input[0] in weights
    }
    left = [node for node in graph.node if node.output[0] not in copies]
    for node in left:
        for place, name in enumerate(node.input):
            node.input[place] = copies.get(name, name)
    del graph.node[:]
    graph.node.extend(left)


def write_description(path: str | os.PathLike, manifest: Manifest) -> None:
    """Put a description into an ONNX file, replacing any other.

    Args:
        path (str | os.PathLike): The file.
        manifest (Manifest): The description.
    """
    model = onnx.load(str(path))
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {KEY: manifest.to_json()})
    model.producer_name = 'mmpose_ext'
    model.producer_version = manifest.versions.get('mmpose_ext', '')
    Path(path).write_bytes(model.SerializeToString())
