"""Loading of checkpoints without executing code, with one-line errors for bad files.

MMEngine calls ``torch.load`` with its default, which since torch 2.6 refuses
MMEngine's own checkpoints: they hold the message hub's ``HistoryBuffer`` and numpy
scalars besides the tensors. Exactly these are added to torch's list of safe types; the
check itself stays on. MMEngine's loader for URLs uses ``torch.hub``, which switches the
check off, so it is replaced through MMEngine's own
``CheckpointLoader.register_scheme``.
"""

import os
import pickle
import re
from collections.abc import Callable, MutableMapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.dist import barrier, get_rank
from mmengine.logging import HistoryBuffer
from mmengine.runner import checkpoint as mmengine_checkpoint
from mmengine.runner.checkpoint import CheckpointLoader
from torch import Tensor
from torch.utils.weak import WeakTensorKeyDictionary

from ..utils.errors import UserError
from ..utils.file_kinds import damaged_member, describe_file
from .safetensors_file import SUFFIX, load_safetensors
from .weight_cache import DownloadError, cached_file, fetch_weights

# The file that a tensor was loaded from, for messages about weights that do not fit.
_SOURCES: MutableMapping[Tensor, str] = WeakTensorKeyDictionary()
# Methods that HistoryBuffer pickles by reference: its default statistics.
_HISTORY_METHODS = ('min', 'max', 'current', 'mean')


class CheckpointError(UserError):
    """A checkpoint that is missing, damaged, unsafe or out of reach."""


def _safe_getattr(obj: Any, name: str) -> Any:
    """Replace ``builtins.getattr`` inside a checkpoint.

    ``HistoryBuffer`` refers to its own methods through ``getattr``. The real
    one would give a pickle access to any attribute of any allowed object.
    """
    if obj is HistoryBuffer and name in _HISTORY_METHODS:
        return getattr(obj, name)
    raise pickle.UnpicklingError(f'Unsupported global: GLOBAL getattr({obj}, {name!r})')


def safe_globals() -> list[Any]:
    """List the types in MMEngine's checkpoints besides tensors and plain containers.

    Returns:
        list: Types for :func:`torch.serialization.add_safe_globals`.
    """
    numpy_2 = np.lib.NumpyVersion(np.__version__) >= '2.0.0'
    multiarray = import_module(
        'numpy._core.multiarray' if numpy_2 else 'numpy.core.multiarray'
    )
    entries: list[Any] = [HistoryBuffer, np.ndarray, np.dtype]
    # numpy 1 and 2 write different paths for the same functions.
    for module in ('numpy.core.multiarray', 'numpy._core.multiarray'):
        for name in ('_reconstruct', 'scalar'):
            entries.append((getattr(multiarray, name), f'{module}.{name}'))
    kinds = [np.dtype(code) for code in '?bBhHiIlLqQefdgFDGSU']
    entries += sorted({type(kind) for kind in kinds}, key=str)
    entries.append((_safe_getattr, 'builtins.getattr'))
    return entries


def _refused_name(error: Exception) -> str | None:
    """Extract the name that a pickle was refused from torch's message."""
    text = str(error)
    match = re.search(r'GLOBAL (\S+(?:\(.*?\))?) ?', text) or re.search(
        r'Trying to load unsupported GLOBAL (\S+)', text
    )
    return match.group(1).rstrip('.') if match else None


def load_safely(path: str | os.PathLike, map_location: Any = None) -> Any:
    """Load a local checkpoint; code inside it never runs.

    Args:
        path (str | os.PathLike): The file.
        map_location: See :func:`torch.load`.

    Returns:
        Any: The file's content, usually a dict.

    Raises:
        CheckpointError: If the file is missing, unreadable, damaged, or
            refers to anything but tensors, containers, numbers and MMEngine's
            log history.
        SafetensorsError: If a file with the suffix ``.safetensors`` cannot be read.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        state = 'is a folder' if file.is_dir() else 'does not exist'
        raise CheckpointError(
            f'checkpoint {file} {state}', 'check the path or train first'
        )
    if file.suffix == SUFFIX:
        return load_safetensors(file, map_location)
    try:
        content = torch.load(file, map_location=map_location, weights_only=True)
    except Exception as e:  # a damaged pickle can raise anything
        name = _refused_name(e) if isinstance(e, pickle.UnpicklingError) else None
        if name:
            raise CheckpointError(
                f'refused to load {file}: it refers to `{name}`, which could run code '
                'and which a checkpoint of weights does not need',
                'get the file from its author as a plain state dict; no code in it '
                'was executed',
            ) from e
        if isinstance(e, RuntimeError) and 'CUDA' in str(e):
            raise
        raise CheckpointError(
            f'cannot read checkpoint {file}: it {describe_file(file)}',
            'copy or download it again',
        ) from e
    damaged = damaged_member(file)  # torch ignores the checksums
    if damaged:
        raise CheckpointError(
            f'cannot read checkpoint {file}: it is damaged (in {damaged})',
            'copy or download it again',
        )
    return content


def weights_of(content: Any, source: str | os.PathLike) -> dict[str, Any]:
    """Return the state dict in a loaded checkpoint.

    Args:
        content (Any): What :func:`load_safely` returned.
        source (str | os.PathLike): The file or URL, for messages.

    Returns:
        dict[str, Any]: ``content['state_dict']``, or ``content`` if it is one.

    Raises:
        CheckpointError: If it does not contain a dict of tensors, or the dict is
            empty, or weights are nan or of a kind that cannot be copied.

    Examples:
        >>> weights_of({'state_dict': {'w': torch.zeros(2)}}, 'a.pth')
        {'w': tensor([0., 0.])}
    """
    weights = content.get('state_dict', content) if isinstance(content, dict) else None
    if isinstance(weights, dict) and any(
        isinstance(w, Tensor) for w in weights.values()
    ):
        _check_values(weights, source)
        return weights
    if not isinstance(weights, dict):
        found = type(content if weights is None else weights).__name__
        problem = f'it holds an object of type {found}'
    else:
        problem = f'it has no tensors{_among(weights)}'
    raise CheckpointError(
        f'{source} is not a checkpoint of weights: {problem}',
        'give a file with a dict of tensors, plain or under "state_dict"',
    )


def _check_values(weights: dict[str, Any], source: str | os.PathLike) -> None:
    """Refuse weights that MMEngine would drop or convert with a warning at most."""
    flaws = {name: flaw for name, w in weights.items() if (flaw := _flaw(w))}
    if not flaws:
        return
    name, flaw = next(iter(flaws.items()))
    number = list(flaws.values()).count(flaw)
    raise CheckpointError(
        f'{source} holds {flaw} in {number} of its {len(weights)} weights, such as '
        f'{name}',
        'give a checkpoint from before the training failed'
        if flaw == 'nan'
        else 'give a file of dense floating-point tensors',
    )


def _flaw(weight: Any) -> str | None:
    """Return what makes a weight unusable, a kind that cannot be copied or nan."""
    if not isinstance(weight, Tensor):
        return None
    kinds = {
        'complex numbers': weight.is_complex(),
        'quantized numbers': weight.is_quantized,
        'sparse tensors': weight.layout != torch.strided,
        'tensors without values': weight.is_meta,
    }
    if flaw := next((kind for kind, found in kinds.items() if found), None):
        return flaw
    # 8-bit formats cannot be compared on a CPU.
    usual = weight.is_floating_point() and weight.dtype.itemsize > 1
    return 'nan' if usual and bool(weight.isnan().any()) else None


def _among(keys: dict[str, Any]) -> str:
    names = ', '.join(str(key) for key in list(keys)[:3])
    return f' among {names}{" and others" if len(keys) > 3 else ""}' if keys else ''


def source_of(weights: dict[str, Any]) -> str | None:
    """Return the file or URL that MMEngine loaded a state dict from, if known."""
    for value in weights.values():
        if isinstance(value, Tensor) and value in _SOURCES:
            return _SOURCES[value]
    return None


def _load_weights(path: str | os.PathLike, source: str, map_location: Any) -> dict:
    """Load a checkpoint of weights, always as a dict with a ``state_dict``."""
    content = load_safely(path, map_location)
    weights = weights_of(content, source)
    for value in weights.values():
        if isinstance(value, Tensor):
            _SOURCES[value] = source
    # MMEngine's EMAHook reads this key.
    return content if weights is not content else {'state_dict': weights}


def load_from_local(filename: str, map_location: Any = None) -> dict:
    """Load a local path; the loader of MMEngine's default scheme.

    MMEngine logs the name of a loader without its first ten letters.

    Args:
        filename (str): The path.
        map_location: See :func:`torch.load`.

    Returns:
        dict: The checkpoint, with the weights under ``state_dict``.

    Raises:
        CheckpointError: See :func:`load_safely` and :func:`weights_of`.
    """
    return _load_weights(filename, str(Path(filename).expanduser()), map_location)


def load_from_http(filename: str, map_location: Any = None) -> dict:
    """Load a URL through torch's cache folder; see :mod:`.weight_cache`.

    Args:
        filename (str): The URL.
        map_location: See :func:`torch.load`.

    Returns:
        dict: The checkpoint, with the weights under ``state_dict``.

    Raises:
        CheckpointError: If it cannot be downloaded, for example on an offline
            machine, or for the reasons of :func:`load_from_local`.
    """
    cached = cached_file(filename)
    if get_rank() == 0:
        try:
            cached = fetch_weights(filename)
        except DownloadError as error:
            raise CheckpointError(
                error.what,
                f'{error.fix}, or start without them: '
                '--cfg-options model.backbone.init_cfg=None',
            ) from error
    barrier()
    return _load_weights(cached, filename, map_location)


def _through_http(find_urls: Callable[[], dict]) -> Callable:
    def load_from_zoo(filename: str, map_location: Any = None) -> Any:
        name, urls = filename.split('://', 1)[1], find_urls()
        if name not in urls:
            raise CheckpointError(
                f'there is no model {name!r} in {filename.split("://")[0]}://',
                f'choose another, for example {", ".join(sorted(urls)[:5])}',
            )
        return load_from_http(urls[name], map_location)

    return load_from_zoo


def install_checkpoint_loaders() -> None:
    """Allow the types that MMEngine writes, and make all its loaders safe."""
    torch.serialization.add_safe_globals(safe_globals())
    register = CheckpointLoader.register_scheme
    register('', load_from_local, force=True)
    register(('http://', 'https://'), load_from_http, force=True)
    register(
        ('modelzoo://', 'torchvision://'),
        _through_http(mmengine_checkpoint.get_torchvision_models),
        force=True,
    )
    register(
        ('open-mmlab://', 'openmmlab://'),
        _through_http(mmengine_checkpoint.get_external_models),
        force=True,
    )
