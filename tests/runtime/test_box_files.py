"""Boxes of images in a file: three layouts, and which image they belong to."""

import json

import pytest

from mmpose_ext_runtime import InputError
from mmpose_ext_runtime.box_files import find_boxes, read_boxes

WANTED = {'x/a.jpg': [[1.0, 2.0, 11.0, 22.0, 0.5], [0.0, 0.0, 4.0, 6.0]], 'b.jpg': []}
CORNERS = {'x/a.jpg': [[1, 2, 11, 22, 0.5], [0, 0, 4, 6]], 'b.jpg': []}
ROWS = [dict(bbox=[1, 2, 10, 20], score=0.5), dict(bbox=[0, 0, 4, 6])]
ANNOTATIONS = dict(
    images=[dict(id=7, file_name='x/a.jpg'), dict(id=9, file_name='b.jpg')],
    annotations=[dict(row, image_id=7) for row in ROWS],
)
DETECTIONS = [dict(row, file_name='x/a.jpg') for row in ROWS]


def write(tmp_path, content):
    path = tmp_path / 'boxes.json'
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(
    ('content', 'empty'),
    [(CORNERS, True), (ANNOTATIONS, True), (DETECTIONS, False)],
    ids=['corners', 'annotations', 'detections'],
)
def test_layouts(tmp_path, content, empty):
    found = read_boxes(write(tmp_path, content))
    assert found == (WANTED if empty else {'x/a.jpg': WANTED['x/a.jpg']})


def test_images_of_one_name_in_two_folders():
    listed = {'x/a.jpg': [[1, 1, 2, 2]], 'y/a.jpg': [[3, 3, 4, 4]], 'b.jpg': []}
    assert find_boxes(listed, 'data/x/a.jpg') == [[1, 1, 2, 2]]
    assert find_boxes(listed, '/data/y/a.jpg') == [[3, 3, 4, 4]]
    assert find_boxes(listed, 'z/b.jpg') == []
    assert find_boxes(listed, 'z/a.jpg') is None
    assert find_boxes({'/data/a.jpg': [[5, 5, 6, 6]]}, '/data/a.jpg') == [[5, 5, 6, 6]]


@pytest.mark.parametrize(
    'content',
    [
        3,
        'text',
        [3],
        {'a.jpg': 3},
        {'a.jpg': [['left']]},
        [dict(file_name='a.jpg', bbox=[1, 2, 3])],
        dict(images=[], annotations=[dict(image_id=3, bbox=[1, 2, 3, 4])]),
    ],
)
def test_other_content_is_refused_in_one_line(tmp_path, content):
    with pytest.raises(InputError, match=r'is not a file of boxes .*; give'):
        read_boxes(write(tmp_path, content))
