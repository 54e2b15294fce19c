"""Sizes of images, and images that no loader takes: one short line each."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from mmpose_ext.datasets.converters.image_sizes import image_size, noted_size
from mmpose_ext.datasets.converters.report import SplitReport


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header claims a size, with hardly any data."""
    header = struct.pack('>2I5B', width, height, 8, 2, 0, 0, 0)
    data = chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(b''))
    return b'\x89PNG\r\n\x1a\n' + data + chunk(b'IEND', b'')


BAD = {
    'bomb': (png_of(60000, 60000), 'exceeds limit'),
    'gif': (b'GIF89a' + bytes(20), 'content is GIF'),
    'jp2': (b'\0\0\0\x0cjP  \r\n\x87\n', 'content is JPEG 2000'),
    'tiff': (b'II*\0' + bytes(20), 'content is TIFF'),
    'lfs': (b'version https://git-lfs.github.com/spec/v1', 'Git LFS'),
    'html': (b'<html></html>', 'HTML'),
    'empty': (b'', 'empty'),
    'noise': (bytes(range(100)), 'not an image'),
}


@pytest.mark.parametrize('name', BAD)
@pytest.mark.parametrize('verify', [False, True])
def test_images_that_no_loader_takes(tmp_path, name, verify):
    content, reason = BAD[name]
    path = tmp_path / 'im0001.jpg'
    path.write_bytes(content)
    with pytest.raises(OSError, match=reason):
        image_size(path, verify)
    report = SplitReport(tmp_path / 'x.json')
    assert noted_size(path, report, verify) is None
    [line] = report.unreadable
    assert line.startswith('im0001.jpg (')
    assert '\n' not in line


def test_size_is_that_of_the_file_and_damage_is_found_by_decoding(tmp_path):
    path = tmp_path / 'a.jpg'
    noise = np.random.default_rng(0).integers(0, 255, (150, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    assert image_size(path) == image_size(path, verify=True) == (200, 150)
    # Cut in half and closed with an end marker.
    path.write_bytes(path.read_bytes()[:9000] + b'\xff\xd9')
    assert image_size(path) == (200, 150)
    with pytest.raises(OSError, match='missing'):
        image_size(path, verify=True)
    with pytest.raises(FileNotFoundError):
        image_size(tmp_path / 'absent.jpg')
