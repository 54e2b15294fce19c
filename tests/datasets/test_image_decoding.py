"""Decoding: whole images pass, cut ones are found, whatever closes them."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from mmpose_ext.datasets import image_decoding
from mmpose_ext.datasets.image_decoding import (
    ImageDataError,
    decode_image,
    read_header,
)
from mmpose_ext.datasets.jpeg_scans import looks_cut, read_scans

END = b'\xff\xd9'


def picture(size=(96, 128)) -> Image.Image:
    rng = np.random.default_rng(0)
    rough = rng.integers(0, 255, (8, 6, 3), dtype=np.uint8)
    return Image.fromarray(cv2.resize(rough, size, interpolation=cv2.INTER_CUBIC))


def encoded(kind='JPEG', mode='RGB', image=None, **options) -> bytes:
    buffer = io.BytesIO()
    (image or picture()).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(exif=exif)


JPEGS = {
    'baseline': encoded(quality=90),
    'no subsampling': encoded(quality=95, subsampling=0),
    'gray': encoded(mode='L'),
    'cmyk': encoded(mode='CMYK'),
    'progressive': encoded(progressive=True),
    'progressive gray': encoded(mode='L', progressive=True),
    'restart markers': encoded(restart_marker_rows=1),
    'optimized': encoded(optimize=True),
    'turned by Exif': turned(6),
    'upside down by Exif': turned(3),
    'with a thumbnail': encoded(comment=b'\xff\xda\xff\xd9' + encoded()),
}


@pytest.mark.parametrize('name', JPEGS)
def test_a_whole_jpeg_is_what_opencv_decodes(name):
    data = JPEGS[name]
    want = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    np.testing.assert_array_equal(decode_image(data), want)
    np.testing.assert_array_equal(decode_image(data + b'\0\0trailing'), want)
    scans = read_scans(data + END)
    assert scans.end == len(data) - 2
    assert not scans.lacks_scans()
    assert scans.interleaved == ('progressive' not in name)


@pytest.mark.parametrize('share', [0.05, 0.5, 0.9])
@pytest.mark.parametrize('name', JPEGS)
def test_a_cut_jpeg_with_an_end_marker_is_found(name, share):
    data = JPEGS[name]
    # In a progressive JPEG the scans begin in the middle of the file.
    first = 'progressive' in name
    start = data.find(b'\xff\xda') if first else data.rfind(b'\xff\xda')
    cut = data[: start + 14 + int((len(data) - start - 14) * share)].rstrip(b'\xff')
    with pytest.raises(ImageDataError):
        decode_image(cut + END)
    with pytest.raises(ImageDataError):
        decode_image(cut)


def test_a_progressive_jpeg_without_its_last_scans_is_found():
    data = JPEGS['progressive']
    at = [i for i in range(len(data)) if data[i : i + 2] == b'\xff\xda']
    assert len(at) > 4
    for start in at[1:]:
        # A table may stand before the scan; it belongs to it.
        table = data.rfind(b'\xff\xc4', 0, start)
        cut = data[: max(table, data.rfind(b'\xff\xda', 0, start) + 1)]
        assert read_scans(cut + END).lacks_scans()
        with pytest.raises(ImageDataError, match='scans of the JPEG are missing'):
            decode_image(cut + END)


def test_a_gray_corner_is_no_reason_to_refuse():
    image = picture()
    image.paste((128, 128, 128), (48, 64, 96, 128))
    data = encoded(image=image, subsampling=0, quality=100)
    assert looks_cut(decode_image(data))


def test_the_second_decoding_is_done_once(monkeypatch):
    calls = []

    def lacks_data(*args):
        calls.append(args)
        return False

    monkeypatch.setattr(image_decoding, 'lacks_data', lacks_data)
    complete: set = set()
    for name, want in (('baseline', 0), ('progressive', 1), ('progressive', 1)):
        decode_image(JPEGS[name], complete=complete)
        assert len(calls) == want
    assert len(complete) == 1


def png(idat: bytes, size=(64, 48)) -> bytes:
    def chunk(kind, body):
        code = struct.pack('>I', zlib.crc32(kind + body))
        return struct.pack('>I', len(body)) + kind + body + code

    head = struct.pack('>IIBBBBB', *size, 8, 2, 0, 0, 0)
    return (
        b'\x89PNG\r\n\x1a\n'
        + chunk(b'IHDR', head)
        + chunk(b'IDAT', idat)
        + chunk(b'IEND', b'')
    )


def test_a_png_with_half_of_its_rows_and_an_end_is_found():
    rows = np.random.default_rng(0).integers(0, 255, (48, 193), dtype=np.uint8)
    rows[:, 0] = 0
    assert decode_image(png(zlib.compress(rows.tobytes()))).shape == (48, 64, 3)
    with pytest.raises(ImageDataError):
        decode_image(png(zlib.compress(rows[:24].tobytes())))
    with pytest.raises(ImageDataError):
        decode_image(png(zlib.compress(rows.tobytes())[:4000]))


@pytest.mark.parametrize('kind', ['PNG', 'BMP', 'WEBP'])
def test_other_formats(kind):
    data = encoded(kind)
    assert decode_image(data).shape == (128, 96, 3)
    assert read_header(data) == (kind, (96, 128), 1)
    with pytest.raises(ImageDataError):
        decode_image(data[: len(data) // 2])


@pytest.mark.parametrize(
    ('data', 'reason'),
    [
        (encoded('GIF', 'P'), 'its content is GIF, not one of JPEG, PNG'),
        (encoded('TIFF'), 'TIFF'),
        (encoded('JPEG2000'), 'JPEG 2000'),
        (b'', 'empty'),
        (b'<!doctype html>', 'HTML'),
        (b'version https://git-lfs.github.com/spec/v1\n', 'Git LFS pointer'),
        (b'no image at all', 'not an image'),
        (JPEGS['baseline'][:100], 'header of the JPEG is damaged'),
        (png(b'', (30000, 30000)), '900000000 pixels'),
        (JPEGS['baseline'].replace(b'\0\x80\0\x60', b'\xff\xdc' * 2, 1), 'pixels'),
    ],
)
def test_a_refusal_says_why_and_nothing_is_decoded(data, reason):
    def decode(_):
        raise AssertionError('decoded')

    with pytest.raises(ImageDataError, match=reason) as caught:
        decode_image(data, decode)
    assert '\n' not in str(caught.value)


def test_an_error_of_opencv_is_one_line():
    def decode(_):
        return cv2.resize(np.zeros((2, 2), np.uint8), (0, 0))

    with pytest.raises(ImageDataError, match='OpenCV refuses it') as caught:
        decode_image(JPEGS['baseline'], decode)
    assert '\n' not in str(caught.value)


def test_random_damage_never_raises_anything_else():
    rng = np.random.default_rng(0)
    reasons = []
    for data in (JPEGS['baseline'], JPEGS['progressive'], encoded('PNG')):
        for _ in range(40):
            damaged = bytearray(data)
            for at in rng.integers(0, len(data), 4):
                damaged[at] = rng.integers(256)
            try:
                decode_image(bytes(damaged))
            except ImageDataError as error:
                reasons.append(str(error))
    assert len(reasons) > 10
    assert not any('\n' in reason for reason in reasons)
