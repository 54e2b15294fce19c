"""COCO's layout on disk, and the tools."""

import json

import cv2
import numpy as np
import pytest
from mmpose.datasets import CocoDataset
from numpy.testing import assert_allclose
from xtcocotools.coco import COCO

from mmpose_ext.datasets.conventions import CONVENTIONS
from mmpose_ext.datasets.formats.coco import person_category
from mmpose_ext.datasets.synthetic import write_coco_dataset
from mmpose_ext.datasets.synthetic.coco_annotations import polygons
from mmpose_ext.datasets.synthetic.preview import contact_sheet, draw_joints
from mmpose_ext.figures import SyntheticFigures
from mmpose_ext.utils import UserError

TOOL = 'misc/make_synthetic.py'
FIGURES = SyntheticFigures(seed=2, size=(96, 80))


@pytest.fixture(scope='module')
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp('coco')
    write_coco_dataset(FIGURES, out, 4)
    return out


def test_official_layout(written):
    path = written / 'annotations' / 'person_keypoints_train2017.json'
    coco = COCO(str(path))
    assert coco.getImgIds() == [1, 2, 3, 4]
    for number in coco.getImgIds():
        info = coco.loadImgs(number)[0]
        assert info['file_name'] == f'{number:012d}.jpg'
        image = cv2.imread(str(written / 'train2017' / info['file_name']))
        assert image.shape == (info['height'], info['width'], 3) == (80, 96, 3)
        people = FIGURES.render(number - 1, image=False).persons
        notes = coco.loadAnns(coco.getAnnIds(number))
        assert len(notes) == len(people)
        for note, person in zip(notes, people, strict=True):
            assert note['bbox'] == person.bbox.tolist()
            assert note['area'] == person.area
            points = np.array(note['keypoints']).reshape(17, 3)
            assert note['num_keypoints'] == (points[:, 2] > 0).sum()
            assert (points[points[:, 2] == 0] == 0).all()
            # Outlines lose a quarter of a pixel, and gain what holes there are.
            covered = int(coco.annToMask(note).sum())  # unsigned in numpy 2
            assert covered == pytest.approx(note['area'], rel=0.1)
    assert min(coco.getAnnIds()) == 1


def test_categories_are_those_of_coco(written):
    path = written / 'annotations' / 'person_keypoints_train2017.json'
    (person,) = json.loads(path.read_text())['categories']
    assert (person['id'], person['name']) == (1, 'person')
    assert person['keypoints'][0] == 'nose'
    assert person['skeleton'][0] == [16, 14]
    assert len(person['skeleton']) == 19
    meta = {'keypoint_id2name': {0: 'a', 1: 'b'}, 'skeleton_links': [(0, 1)]}
    assert person_category(meta)['skeleton'] == [[1, 2]]


def test_mmpose_reads_it(written):
    dataset = CocoDataset(
        ann_file='annotations/person_keypoints_train2017.json',
        data_root=str(written),
        data_prefix=dict(img='train2017/'),
    )
    info = dataset.get_data_info(0)
    person = FIGURES.render(info['img_id'] - 1, image=False).persons[0]
    seen = info['keypoints_visible'][0] > 0
    truth = person.keypoints(CONVENTIONS['coco'])[:, :2]
    assert_allclose(info['keypoints'][0][seen], truth[seen], atol=0.006)


def test_second_run_keeps_images_and_makes_missing_ones(written):
    folder = written / 'train2017'
    annotations = written / 'annotations' / 'person_keypoints_train2017.json'
    before = json.loads(annotations.read_text())
    first, second = folder / '000000000001.jpg', folder / '000000000002.jpg'
    content = second.read_bytes()
    first_content = first.read_bytes()
    first.write_bytes(b'kept')
    second.unlink()
    annotations.unlink()  # as after an interruption
    write_coco_dataset(FIGURES, written, 4, workers=2)
    assert first.read_bytes() == b'kept'
    assert second.read_bytes() == content
    assert json.loads(annotations.read_text()) == before
    first.write_bytes(first_content)


def test_other_arguments_and_foreign_files_are_refused(written, tmp_path):
    with pytest.raises(UserError, match='other settings'):
        write_coco_dataset(SyntheticFigures(seed=3, size=(96, 80)), written, 4)
    (tmp_path / 'val2017').mkdir()
    (tmp_path / 'val2017' / 'mine.jpg').write_bytes(b'')
    with pytest.raises(UserError, match='not made by this tool'):
        write_coco_dataset(FIGURES, tmp_path, 1, split='val')


def test_unwritable_folder_is_one_clear_error(tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(UserError, match='cannot write'):
        write_coco_dataset(FIGURES, tmp_path / 'file' / 'data', 1)
    assert [p.name for p in tmp_path.iterdir()] == ['file']


def test_damaged_marker_is_one_clear_error(tmp_path):
    (tmp_path / 'annotations').mkdir()
    (tmp_path / 'annotations' / 'synthetic_train2017.json').write_text('{')
    with pytest.raises(UserError, match='cannot read .*delete both'):
        write_coco_dataset(FIGURES, tmp_path, 1)


def test_polygon_of_a_rectangle():
    mask = np.zeros((6, 8), dtype=bool)
    mask[1:4, 2:6] = True
    (outline,) = polygons(mask)
    corners = {tuple(p) for p in np.reshape(outline, (-1, 2)).tolist()}
    # The rectangle spans (2, 1) to (6, 4), a quarter inside.
    assert corners == {(2.25, 1.25), (5.75, 1.25), (5.75, 3.75), (2.25, 3.75)}


def test_preview_draws_joints_where_they_are():
    scene = SyntheticFigures(seed=2, size=(64, 64))[0]
    image = draw_joints(scene, 'mpii', zoom=1)
    assert image.shape == (64, 64, 3)
    assert (image != scene.image).any()
    sheet = contact_sheet([image] * 5, 3)
    assert sheet.shape == (128, 192, 3)
    assert not sheet[64:, 128:].any()


def test_tool_writes_both_splits(tmp_path, run_tool):
    args = ('--out', str(tmp_path), '--num-train', '2', '--num-val', '1')
    small = ('--size', '64', '64')
    assert run_tool(TOOL, *args, *small) == 0
    assert len(list((tmp_path / 'train2017').glob('*.jpg'))) == 2
    assert len(list((tmp_path / 'val2017').glob('*.jpg'))) == 1
    assert (tmp_path / 'annotations' / 'person_keypoints_val2017.json').exists()


def test_tool_says_what_is_wrong_in_one_line(tmp_path, run_tool, capsys):
    args = ('--out', str(tmp_path), '--size', '8', '8')
    assert run_tool(TOOL, *args) == 2
    assert capsys.readouterr().err.startswith('error: SyntheticFigures: size=')
    assert run_tool(TOOL, '--layout', 'x') == 2


def test_preview_of_the_tool(tmp_path, run_tool):
    path = tmp_path / 'sheet.png'
    args = ('--preview', str(path), '--size', '64', '64')
    assert run_tool(TOOL, *args) == 0
    assert cv2.imread(str(path)).shape == (192, 256, 3)
