import cv2
import numpy as np
import pytest
from mmengine.dataset import BaseDataset
from mmpose.registry import TRANSFORMS

from mmpose_ext.datasets.transforms.loading import ImageError, LoadCheckedImage


@pytest.fixture
def photo(tmp_path):
    rng = np.random.default_rng(0)
    image = cv2.GaussianBlur(
        rng.integers(0, 255, (64, 48, 3), dtype=np.uint8), (5, 5), 2
    )
    path = tmp_path / 'photo.jpg'
    cv2.imwrite(str(path), image)
    return path


def test_a_whole_image_is_what_mmpose_loads(photo):
    want = TRANSFORMS.build(dict(type='LoadImage'))(dict(img_path=str(photo)))
    got = TRANSFORMS.build(dict(type='LoadCheckedImage'))(dict(img_path=str(photo)))
    np.testing.assert_array_equal(got['img'], want['img'])
    assert got['img_shape'] == want['img_shape'] == (64, 48)


def test_bytes_after_the_end_marker_do_no_harm(photo):
    photo.write_bytes(photo.read_bytes() + b'\0\0trailing')
    assert LoadCheckedImage()(dict(img_path=str(photo)))['img'].shape == (64, 48, 3)


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
def test_a_truncated_image_is_named(photo, suffix):
    path = photo.with_name('cut' + suffix)
    cv2.imwrite(str(path), cv2.imread(str(photo)))
    path.write_bytes(path.read_bytes()[:-200])
    # OpenCV alone would not complain about the JPEG.
    with pytest.raises(ImageError, match='is damaged') as caught:
        LoadCheckedImage()(dict(img_path=str(path)))
    assert str(path) in str(caught.value)
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize('content', [b'', b'no image at all', b'x' + b'\xff\xd9'])
def test_other_content_is_named(tmp_path, content):
    path = tmp_path / 'text.jpg'
    path.write_bytes(content)
    with pytest.raises(ImageError, match=r'text\.jpg'):
        LoadCheckedImage()(dict(img_path=str(path)))


def test_a_missing_image_is_named(tmp_path):
    with pytest.raises(ImageError, match=r'none\.jpg.*check data_root'):
        LoadCheckedImage()(dict(img_path=str(tmp_path / 'none.jpg')))


def test_skip_draws_another_sample_in_training(photo, tmp_path):
    class TwoImages(BaseDataset):
        def load_data_list(self):
            return [
                dict(img_path=str(tmp_path / 'none.jpg')),
                dict(img_path=str(photo)),
            ]

    pipeline = [dict(type='LoadCheckedImage', on_error='skip', _scope_='mmpose')]
    assert TwoImages(pipeline=pipeline)[0]['img_path'] == str(photo)
    with pytest.raises(Exception, match='should not get `None`'):
        TwoImages(pipeline=pipeline, test_mode=True)[0]


def test_an_array_is_passed_on():
    image = np.zeros((4, 6, 3), np.uint8)
    results = LoadCheckedImage()(dict(img=image))
    assert results['img'] is image
    assert results['img_shape'] == (4, 6)


def test_a_bad_switch_names_the_choices():
    with pytest.raises(
        ValueError, match="on_error='ignore' is unknown; choose from 'raise'"
    ):
        LoadCheckedImage(on_error='ignore')


@pytest.mark.parametrize(
    ('name', 'reason'),
    [
        ('half_eoi.jpg', 'rows or scans of the JPEG are missing'),
        ('jpeg_65500.jpg', 'pixels'),
        ('bomb.png', 'pixels'),
        ('anim.gif.jpg', 'its content is GIF'),
        ('exif6.jpg', None),
        ('jpeg_cmyk.jpg', None),
    ],
)
def test_shared_cases(shared_cases, name, reason):
    path = shared_cases / 'files' / name
    if reason is None:
        want = cv2.imread(str(path))
        got = LoadCheckedImage()(dict(img_path=str(path)))['img']
        np.testing.assert_array_equal(got, want)
        return
    with pytest.raises(ImageError, match=reason) as caught:
        LoadCheckedImage()(dict(img_path=str(path)))
    assert str(path) in str(caught.value)
    assert '\n' not in str(caught.value)
