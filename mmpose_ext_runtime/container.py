"""Reads the metadata of an ONNX file without loading its network.

An ONNX file is a protocol buffer of the type ``ModelProto``: fields one after the
other, each with a number and, for the fields of interest, a length. Skipping from
field to field reads the metadata in a millisecond, for any engine, and shows
whether the file is complete.
"""

import os
from pathlib import Path
from typing import BinaryIO

from .errors import InputError

# Fields of ModelProto, and the two that matter here.
_FIELDS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26})
_GRAPH, _METADATA = 7, 14
# Wire types of protocol buffers, with the size of those that have a fixed one.
_VARINT, _LENGTH = 0, 2
_FIXED = {1: 8, 5: 4}


class _NotOnnx(Exception):
    """The content is not an ONNX model."""


class _Truncated(Exception):
    """The file ends within a field."""


def read_metadata(path: str | os.PathLike) -> dict[str, str]:
    """Read the metadata of an ONNX file.

    Args:
        path (str | os.PathLike): The file.

    Returns:
        dict[str, str]: Its ``metadata_props``.

    Raises:
        InputError: If there is no such file, or it is empty, truncated, or not an
            ONNX model.
    """
    file = Path(path)
    if not file.is_file():
        state = 'is a folder' if file.is_dir() else 'does not exist'
        raise InputError(f'the model {file} {state}', 'give an ONNX file')
    try:
        size = file.stat().st_size
        with open(file, 'rb') as stream:
            return _scan(stream, size)
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f'cannot read the model {file}: {reason}') from error
    except _Truncated:
        raise InputError(
            f'the model {file} is truncated: it ends after {size} bytes',
            'copy or export it again',
        ) from None
    except _NotOnnx:
        state = 'is not an ONNX file' if size else 'is empty'
        raise InputError(
            f'the model {file} {state}', 'give a file that mmpose-ext export wrote'
        ) from None


def _scan(stream: BinaryIO, size: int) -> dict[str, str]:
    found, metadata = set(), {}
    while stream.tell() < size:
        number, wire = divmod(_varint(stream), 8)
        if number not in _FIELDS:
            raise _NotOnnx
        found.add(number)
        if wire == _VARINT:
            _varint(stream)
            continue
        length = _varint(stream) if wire == _LENGTH else _FIXED.get(wire)
        if length is None:
            raise _NotOnnx
        if stream.tell() + length > size:
            raise _Truncated if _GRAPH in found else _NotOnnx
        if number == _METADATA:
            key, value = _entry(stream.read(length))
            metadata[key] = value
        else:
            stream.seek(length, os.SEEK_CUR)
    if _GRAPH not in found:
        raise _NotOnnx
    return metadata


def _varint(stream: BinaryIO) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = stream.read(1)
        if not byte:
            raise _Truncated
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    raise _NotOnnx


def _entry(data: bytes) -> tuple[str, str]:
    """Parse a ``StringStringEntryProto``: field 1 is the key, field 2 the value."""
    texts, place = {1: b'', 2: b''}, 0
    while place < len(data):
        number, place = data[place] >> 3, place + 1
        length = shift = 0
        while True:
            if place >= len(data):
                raise _NotOnnx
            byte, place = data[place], place + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        texts[number], place = data[place : place + length], place + length
    try:
        return texts[1].decode(), texts[2].decode()
    except UnicodeDecodeError:
        raise _NotOnnx from None
