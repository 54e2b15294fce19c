"""Weights as ``safetensors`` files, which contain only tensors and text.

The layout is that of Hugging Face: tensors by name, and a dict of strings. What MMPose
keeps besides the weights (``dataset_meta``: names of key points, skeleton, sigmas) goes
into that dict as JSON, so that a checkpoint survives a round trip.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..utils.errors import UserError
from ..utils.io import atomic_write

SUFFIX = '.safetensors'
_META = 'dataset_meta'


class SafetensorsError(UserError):
    """A safetensors file that cannot be read or written."""


def _library() -> Any:
    try:
        import safetensors.torch as library
    except ImportError as error:
        raise SafetensorsError(
            'safetensors is not installed', 'type: pip install safetensors'
        ) from error
    return library


def save_safetensors(
    path: str | os.PathLike,
    weights: dict[str, Any],
    dataset_meta: dict | None = None,
    about: dict[str, str] | None = None,
) -> Path:
    """Write weights atomically.

    Args:
        path (str | os.PathLike): The file, with the suffix ``.safetensors``.
        weights (dict[str, Tensor]): A state dict that contains only tensors.
        dataset_meta (dict, optional): MMPose's description of the key points.
        about (dict[str, str], optional): More text for the header.

    Returns:
        Path: ``path``.

    Raises:
        SafetensorsError: If the library is not installed, or a value is not a tensor.
        UserError: If the file cannot be written.
    """
    library = _library()
    wrong = [name for name, value in weights.items() if not torch.is_tensor(value)]
    if wrong:
        raise SafetensorsError(
            f'cannot write {path}: {wrong[0]} is not a tensor', 'give a state dict'
        )
    header = {'format': 'pt', **(about or {})}
    if dataset_meta is not None:
        header[_META] = json.dumps(_plain(dataset_meta))
    # Copies, since the format supports neither views nor shared memory.
    tensors = {name: value.detach().cpu().clone() for name, value in weights.items()}
    tensors = {name: value.contiguous() for name, value in tensors.items()}
    with atomic_write(path) as temporary:
        library.save_file(tensors, str(temporary), metadata=header)
    return Path(path)


def load_safetensors(path: str | os.PathLike, map_location: Any = None) -> dict:
    """Read weights in the form of a checkpoint of MMEngine.

    Args:
        path (str | os.PathLike): The file.
        map_location: A device, as in :func:`torch.load`.

    Returns:
        dict: ``state_dict``, and ``meta`` with the header's text and, if it is there,
        ``dataset_meta``.

    Raises:
        SafetensorsError: If the library is not installed, or the file is damaged.
    """
    library = _library()
    try:
        with library.safe_open(str(path), framework='pt') as file:
            header = dict(file.metadata() or {})
        weights = library.load_file(str(path), device=str(map_location or 'cpu'))
        if _META in header:
            meta = {**header, _META: _restored(json.loads(header[_META]))}
        else:
            meta = header
    except Exception as error:  # the library's own class, or what JSON raises
        raise SafetensorsError(
            f'cannot read {path}: it is not a complete safetensors file '
            f'({" ".join(str(error).split())})',
            'copy or download it again',
        ) from error
    return dict(state_dict=weights, meta=meta)


def _plain(value: Any) -> Any:
    """Convert a value to types of JSON; arrays and numeric keys are marked."""
    if isinstance(value, np.ndarray):
        return {'array': value.tolist(), 'dtype': str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {'pairs': [[_plain(key), _plain(item)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(item) for item in value]
    if isinstance(value, dict) and 'pairs' in value:
        return {_restored(key): _restored(item) for key, item in value['pairs']}
    if isinstance(value, dict):
        return np.array(value['array'], dtype=value['dtype'])
    return value
