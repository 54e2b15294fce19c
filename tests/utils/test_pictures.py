"""Picture files: names are checked first, and pictures are written whole."""

import cv2
import numpy as np
import pytest
from matplotlib.figure import Figure

from mmpose_ext.utils import UserError
from mmpose_ext.utils.pictures import (
    FIGURE_SUFFIXES,
    IMAGE_SUFFIXES,
    check_picture,
    write_picture,
)

IMAGE = np.random.default_rng(0).integers(0, 256, (8, 12, 3), np.uint8)


@pytest.mark.parametrize('suffix', [*IMAGE_SUFFIXES, '.PNG'])
def test_images_are_written_in_the_format_of_their_suffix(tmp_path, suffix):
    out = write_picture(tmp_path / 'new' / f'a{suffix}', IMAGE)
    found = cv2.imread(str(out))
    assert found.shape == IMAGE.shape
    if suffix in ('.png', '.PNG', '.bmp', '.tif', '.tiff'):  # without loss
        np.testing.assert_array_equal(found, IMAGE)
    assert [path.name for path in out.parent.iterdir()] == [out.name]


@pytest.mark.parametrize(
    ('suffix', 'begin'),
    [
        ('.png', b'\x89PNG'),
        ('.jpg', b'\xff\xd8'),
        ('.pdf', b'%PDF'),
        ('.svg', b'<?xml'),
    ],
)
def test_figures_are_written_in_the_format_of_their_suffix(tmp_path, suffix, begin):
    out = write_picture(tmp_path / f'a{suffix}', Figure(figsize=(1, 1)))
    assert out.read_bytes().startswith(begin)


def test_resolution_and_quality(tmp_path):
    small, large = (
        write_picture(tmp_path / f'{dpi}.png', Figure(figsize=(1, 1)), dpi=dpi)
        for dpi in (50, 100)
    )
    assert cv2.imread(str(small)).shape[0] == 50
    assert cv2.imread(str(large)).shape[0] == 100
    sizes = [
        write_picture(tmp_path / f'{q}.jpg', IMAGE, q).stat().st_size for q in (5, 95)
    ]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize('name', ['a', 'a.txt', 'a.xyz', 'a.png.', '.png', 'a.gif'])
@pytest.mark.parametrize('figure', [False, True])
def test_other_suffixes_are_refused_with_the_choices(tmp_path, name, figure):
    with pytest.raises(UserError, match='cannot write .*choose from .png, ') as caught:
        check_picture(tmp_path / name, figure)
    assert '\n' not in str(caught.value)


def test_a_vector_format_is_for_figures_only(tmp_path):
    assert set(FIGURE_SUFFIXES) - set(IMAGE_SUFFIXES) == {'.pdf', '.svg', '.eps', '.ps'}
    assert check_picture(tmp_path / 'a.pdf', figure=True)
    with pytest.raises(UserError, match=r"'\.pdf' is not a picture's suffix"):
        write_picture(tmp_path / 'a.pdf', IMAGE)


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / 'file').touch()
    (tmp_path / 'folder.png').mkdir()
    for name, problem in (
        ('file/a.png', 'Not a directory'),
        ('file/b/a.png', 'Not a directory'),
        ('folder.png', 'it is a folder'),
        (f'{"a" * 300}.png', 'File name too long'),
    ):
        with pytest.raises(UserError, match=problem):
            check_picture(tmp_path / name)
    # Checking makes nothing.
    check_picture(tmp_path / 'deep' / 'er' / 'a.png')
    assert sorted(p.name for p in tmp_path.iterdir()) == ['file', 'folder.png']


@pytest.mark.parametrize('suffix', ['.jpg', '.webp'])
def test_an_image_too_large_for_its_format(tmp_path, suffix):
    with pytest.raises(UserError, match='cannot hold .*make the picture smaller'):
        write_picture(tmp_path / f'a{suffix}', np.zeros((1, 70000, 3), np.uint8))
    assert not [*tmp_path.iterdir()]
