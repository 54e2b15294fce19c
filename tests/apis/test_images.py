"""Images of every mode and depth: used as MMPose does, or refused in one line."""

import cv2
import numpy as np
import pytest
from PIL import Image

from mmpose_ext.apis.images import InputError, as_image, load_image

GRAY = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5


@pytest.mark.parametrize(
    ('name', 'image'),
    [
        ('gray.png', Image.fromarray(GRAY)),
        ('gray.jpg', Image.fromarray(GRAY)),
        ('palette.png', Image.fromarray(GRAY).convert('P')),
        ('rgba.png', Image.fromarray(GRAY).convert('RGBA')),
        ('la.png', Image.fromarray(GRAY).convert('LA')),
        ('bit.png', Image.fromarray(GRAY > 99)),
        ('16 bit.png', Image.fromarray(GRAY.astype(np.uint16) * 257)),
        ('名前 ü.webp', Image.fromarray(GRAY).convert('RGB')),
        ('cmyk.jpg', Image.fromarray(GRAY).convert('CMYK')),
    ],
    ids=lambda value: value if isinstance(value, str) else '',
)
def test_files_of_other_modes(tmp_path, name, image):
    path = tmp_path / name
    image.save(path, **({'quality': 95} if name.endswith('jpg') else {}))
    found = load_image(path)
    assert found.shape == (6, 8, 3)
    assert found.dtype == np.uint8
    wanted = np.where(GRAY > 99, 255, 0) if name == 'bit.png' else GRAY
    lossy = 12 if name.endswith(('jpg', 'webp')) else 1
    assert np.abs(found.astype(int) - wanted[..., None]).max() <= lossy


def test_arrays():
    color = np.dstack([GRAY, GRAY + 1, GRAY + 2])
    alpha = np.dstack([color, GRAY])
    np.testing.assert_array_equal(as_image(color), color)
    np.testing.assert_array_equal(as_image(alpha), color)
    for gray in (GRAY, GRAY[..., None]):
        np.testing.assert_array_equal(as_image(gray), np.dstack([GRAY] * 3))
    assert as_image(color[:, ::-1]).flags['C_CONTIGUOUS']


@pytest.mark.parametrize(
    ('image', 'text'),
    [
        (GRAY.astype(np.uint16), 'frame has values of type uint16'),
        (GRAY.astype(float), 'values of type float64'),
        (GRAY > 3, 'values of type bool'),
        (np.zeros((3, 6, 8), np.uint8), r'the shape \(3, 6, 8\)'),
        (np.zeros((6, 8, 2), np.uint8), r'the shape \(6, 8, 2\)'),
        (np.zeros((1, 6, 8, 3), np.uint8), r'the shape \(1, 6, 8, 3\)'),
        (np.zeros((0, 8, 3), np.uint8), 'frame is empty'),
        (None, 'of type NoneType'),
    ],
)
def test_arrays_that_are_refused(image, text):
    with pytest.raises(InputError, match=text):
        as_image(image, 'frame')


def test_files_that_are_refused(tmp_path):
    whole = cv2.imencode('.jpg', np.dstack([GRAY] * 3))[1].tobytes()
    for content in (b'', b'text', whole[: len(whole) // 2], b'GIF89a' + b'0' * 9):
        path = tmp_path / 'ä b.jpg'
        path.write_bytes(content)
        with pytest.raises(InputError, match='ä b.jpg cannot be used') as caught:
            load_image(path)
        assert '\n' not in str(caught.value)
    for path in (tmp_path, tmp_path / 'none.jpg'):
        with pytest.raises(InputError, match='cannot read image'):
            load_image(path)
