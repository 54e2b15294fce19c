"""Images of any mode and depth in the runtime."""

import cv2
import mmcv
import numpy as np
import pytest

from mmpose_ext_runtime import InputError, load_image
from mmpose_ext_runtime.images import as_bgr

COLOR = np.random.default_rng(0).integers(0, 256, (24, 32, 3), np.uint8)


@pytest.mark.parametrize(
    'image',
    [
        COLOR,
        COLOR[..., 0],
        np.dstack([COLOR, COLOR[..., :1]]),
        COLOR.astype(np.uint16) * 257,
        COLOR[..., :1].astype(np.uint16) * 257,
    ],
    ids=['color', 'gray', 'alpha', 'color-16', 'gray-16'],
)
def test_files_and_arrays_agree_with_mmcv(tmp_path, image):
    path = tmp_path / 'фото mit Leerzeichen.png'
    path.write_bytes(cv2.imencode('.png', image)[1].tobytes())
    loaded = load_image(path)
    np.testing.assert_array_equal(loaded, mmcv.imread(str(path)))
    np.testing.assert_array_equal(loaded, as_bgr(image))


@pytest.mark.parametrize(
    ('image', 'problem'),
    [
        (COLOR.astype(np.float32), 'type float32'),
        (COLOR > 0, 'type bool'),
        (COLOR[:0], 'is empty'),
        (np.zeros((4, 5, 2), np.uint8), 'has the shape'),
        (np.zeros(7, np.uint8), 'has the shape'),
        (None, 'NoneType'),
    ],
)
def test_arrays_that_are_no_images(image, problem):
    with pytest.raises(InputError, match=problem):
        as_bgr(image, 'frame 3')


@pytest.mark.parametrize('quality', [50, 95])
def test_a_truncated_jpeg_is_noticed(tmp_path, quality):
    data = cv2.imencode('.jpg', COLOR, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    path = tmp_path / 'a.jpg'
    path.write_bytes(data)
    assert load_image(path).shape == COLOR.shape
    path.write_bytes(data[:-10])
    with pytest.raises(InputError, match='is truncated'):
        load_image(path)


@pytest.mark.parametrize(
    ('content', 'problem'), [(b'', 'is empty'), (b'text', 'is not an image')]
)
def test_other_files(tmp_path, content, problem):
    path = tmp_path / 'a.png'
    path.write_bytes(content)
    with pytest.raises(InputError, match=problem):
        load_image(path)
    with pytest.raises(InputError, match='cannot read the image'):
        load_image(tmp_path / 'none.png')
