"""Writes weights in half precision, in files below a given size, and joins them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from ..compat.safetensors_file import save_safetensors
from ..utils.errors import UserError
from ..utils.io import atomic_write, write_json_atomic
from .manifest import read_object

INDEX, JOINED = 'weights.json', 'weights.safetensors'
#: Bytes of tensors in a file; together with its header it stays below 16 MB.
LIMIT = 15_000_000
_FIX = 'copy the results again'


def split_weights(
    folder: Path, weights: Mapping[str, torch.Tensor], limit: int = LIMIT
) -> list[str]:
    """Write weights in half precision into several files.

    Args:
        folder (Path): The folder to write to.
        weights (Mapping[str, Tensor]): A state dict; tensors of other types than
            floating point stay as they are.
        limit (int): Bytes of tensors in a file.

    Returns:
        list[str]: Names of the files, the index last.

    Raises:
        UserError: If they cannot be written.
    """
    files: list[dict[str, torch.Tensor]] = [{}]
    index: dict[str, list[list]] = {}
    filled = 0
    for name, value in weights.items():
        half = value.detach().cpu()
        half = half.half() if half.is_floating_point() else half
        for number, part in enumerate(_parts(half.contiguous(), limit)):
            size = part.numel() * part.element_size()
            if filled + size > limit and files[-1]:
                files.append({})
                filled = 0
            filled += size
            key = f'{name}#{number}'
            files[-1][key] = part.clone()
            index.setdefault(name, []).append([len(files), key])
    names = [
        f'weights-{i}-of-{len(files)}.safetensors' for i in range(1, len(files) + 1)
    ]
    for name, tensors in zip(names, files, strict=True):
        with atomic_write(folder / name) as temporary:
            save_file(tensors, str(temporary))
    write_json_atomic(folder / INDEX, dict(files=names, tensors=index))
    return [*names, INDEX]


def _parts(value: torch.Tensor, limit: int) -> Iterator[torch.Tensor]:
    """Split a tensor along its first axis into parts of at most ``limit`` bytes."""
    if value.dim() == 0 or value.numel() == 0:
        yield value
        return
    row = value[0].numel() * value.element_size()
    yield from value.split(max(1, limit // max(row, 1)))


def join_weights(folder: Path, out: Path) -> None:
    """Join the files of :func:`split_weights` into one.

    Args:
        folder (Path): The folder with the files.
        out (Path): The file to write.

    Raises:
        UserError: If a file is missing or damaged, or the result cannot be written.
    """
    index = read_object(folder / INDEX, _FIX)
    try:
        files = [load_file(str(folder / name)) for name in index['files']]
        joined = {}
        for name, places in index['tensors'].items():
            parts = [files[number - 1][key] for number, key in places]
            joined[name] = parts[0] if len(parts) == 1 else torch.cat(parts)
    except Exception as error:  # safetensors' own class, or that of a wrong key
        text = ' '.join(str(error).split())
        raise UserError(f'cannot read the weights in {folder}: {text}', _FIX) from error
    save_safetensors(out, joined)
