"""Contact sheets: the pictures show the input, the joints and the heat maps."""

import base64
import re

import cv2
import numpy as np
import pytest
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS

import mmpose_ext  # noqa: F401
from mmpose_ext.utils import UserError
from mmpose_ext.visualization.contact_page import save_contact_page
from mmpose_ext.visualization.contact_sheet import (
    run_pipeline,
    save_contact_sheet,
    view_sample,
)
from mmpose_ext.visualization.labels import draw_labels

CODEC = dict(type='MSRAHeatmap', input_size=(96, 128), heatmap_size=(24, 32), sigma=2)
CROP = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', direction='horizontal'),
    dict(type='RandomBBoxTransform'),
    dict(type='TopdownAffine', input_size=(96, 128)),
]
TARGET = [dict(type='GenerateTarget', encoder=CODEC), dict(type='PackPoseInputs')]

TOOL = 'misc/browse_dataset.py'


def figures(pipeline, **kwargs):
    init_default_scope('mmpose')
    config = dict(
        type='SyntheticPoseDataset',
        num_images=2,
        size=(96, 96),
        persons=(1, 1),
        pipeline=pipeline,
    )
    return DATASETS.build({**config, **kwargs})


@pytest.fixture(scope='module')
def dataset():
    return figures(CROP + TARGET)


def test_three_pictures_of_a_sample(dataset):
    view = view_sample(dataset, 1)
    # The input of 96 x 128, enlarged to 320 on the longer side.
    assert [p.shape for p in view.pictures] == [(320, 240, 3)] * 3
    assert re.fullmatch(r'1: 0+2\.jpg, \d+/17 joints', view.caption)
    assert view.strip().shape == (338, 720, 3)


def test_joints_are_drawn_where_the_heat_is(dataset):
    crop, skeleton, heat = (p.astype(int) for p in view_sample(dataset, 0).pictures)
    drawn = np.abs(skeleton - crop).sum(axis=2) > 60
    # Jet is red at the peak of a joint's heat.
    hot = (heat[..., 0] - heat[..., 2] - crop[..., 0] + crop[..., 2]) > 120
    number, labels = cv2.connectedComponents(hot.astype(np.uint8))
    assert number > 3
    near = cv2.dilate(drawn.astype(np.uint8), np.ones((13, 13)))
    for spot in range(1, number):
        if (labels == spot).sum() > 20:
            assert near[labels == spot].any()


def test_a_seed_is_an_augmentation(dataset):
    one, again, other = (
        view_sample(dataset, 0, seed).pictures[0] for seed in (0, 0, 5)
    )
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_without_heat_maps_there_are_two_pictures():
    view = view_sample(figures(CROP[:2] + CROP[4:], test_mode=True), 0)
    assert len(view.pictures) == 2


def test_bottom_up():
    pipeline = [
        dict(type='LoadImage'),
        dict(type='BottomupRandomAffine', input_size=(128, 128)),
        dict(type='PackPoseInputs'),
    ]
    view = view_sample(figures(pipeline, data_mode='bottomup', persons=(2, 3)), 0)
    assert view.pictures[0].shape == (320, 320, 3)
    assert (view.pictures[0] != view.pictures[1]).any()


def test_picture_and_page(dataset, tmp_path):
    views = [view_sample(dataset, i) for i in range(2)]
    sheet = cv2.imread(str(save_contact_sheet(views, tmp_path / 'a' / 's.png', 1)))
    assert sheet.shape == (2 * 338 + 3 * 6, 720 + 2 * 6, 3)
    page = save_contact_page(views, tmp_path / 's.html', 'a <b> & c').read_text()
    assert '<title>a &lt;b&gt; &amp; c</title>' in page
    assert not re.search(r'(src|href)="(?!data:)', page)  # nothing else is needed
    codes = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page)
    assert len(codes) == 2
    data = np.frombuffer(base64.b64decode(codes[0]), np.uint8)
    assert cv2.imdecode(data, cv2.IMREAD_COLOR).shape == (320, 720, 3)


class DropAll:
    def __call__(self, results):
        return None


class ToFloat:
    def __call__(self, results):
        return dict(results, img=results['img'] / 255)


def test_samples_that_make_no_picture():
    with pytest.raises(UserError, match='DropAll drops sample 0'):
        run_pipeline(figures([DropAll()]), 0)
    view = view_sample(figures([CROP[0], DropAll()]), 0)
    assert view.problems == ['DropAll drops sample 0 of the data set']
    assert view.pictures[0].std() > 10  # what was loaded before
    with pytest.raises(UserError, match='leaves no uint8 image'):
        view_sample(figures([ToFloat()]), 0)


def test_tool(tmp_path, run_tool, capsys):
    config = tmp_path / 'c.py'
    config.write_text(
        "train_dataloader = dict(dataset=dict(type='SyntheticPoseDataset', "
        f'num_images=2, size=(96, 96), persons=(1, 1), pipeline={CROP + TARGET!r}))'
    )
    out = tmp_path / 's.html'
    assert run_tool(TOOL, config, out, '-n', 5) == 0
    assert out.read_text().count('<figure>') == 2
    assert run_tool(TOOL, config, tmp_path / 's.png', '--index', 1) == 0
    for args, message in (
        ((config, out, '--index', 2), 'no sample 2: the data set has 2'),
        ((config, out, '--split', 'val'), 'has no val_dataloader'),
        ((config, tmp_path / 's.xyz'), "'.xyz' is not a picture's suffix"),
        ((tmp_path / 'no.py', out), 'no config'),
    ):
        assert run_tool(TOOL, *args) == 2
        assert message in capsys.readouterr().err
    config.write_text(
        "train_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='no.json'))"
    )
    assert run_tool(TOOL, config, out) == 2
    assert 'no annotation file no.json' in capsys.readouterr().err


def test_boxes_are_drawn_where_a_bottom_up_pipeline_moved_them():
    steps = [
        dict(type='LoadImage'),
        dict(
            type='CanvasRandomAffine',
            input_size=(160, 160),
            canvas=1,
            scale_factor=(0.5, 0.5),
            shift_factor=0,
        ),
    ]
    dataset = figures([*steps, TARGET[1]], data_mode='bottomup')
    view = view_sample(dataset, 0)
    plain, drawn = (picture.astype(int) for picture in view.pictures)
    # 320 over the input's 160 pixels; half of the input is the image.
    results = dataset.get_data_info(0)
    left, top, right, bottom = (results['bbox'][0] * 80 / 96 + 40) * 2
    changed = np.abs(drawn - plain).sum(axis=2) > 60
    for x in (left, right):
        column = changed[
            round(top) + 8 : round(bottom) - 8, round(x) - 3 : round(x) + 4
        ]
        assert column.any(axis=1).mean() > 0.95


RED = (200, 0, 0)


def is_framed(view):
    strip = view.strip()
    return (strip[0, 0] == RED).all() and (
        strip[-1 - 18 * len(view.problems)] != 0
    ).any()


BAD = {
    'nan': [np.nan, 30],
    'far': [1e12, 30],
    'infinite': [np.inf, -np.inf],
    'overflow': [3e38, 3e38],
}


@pytest.mark.parametrize('bad', BAD)
def test_bad_joints_are_left_out_and_told(bad):
    meta = figures([]).metainfo
    image = np.full((100, 100, 3), 90, np.uint8)
    points = np.tile([[20.0, 50.0]], (1, 17, 1)).reshape(1, 17, 2)
    points[0, 5] = BAD[bad]
    drawn, problems = draw_labels(image, points, np.ones((1, 17)), None, meta)
    assert problems == ['1 annotated joints nan or far outside']
    assert (drawn[50, 20] != 90).any()
    assert (drawn[:, 40:] == 90).all()
    # A joint that is not annotated may be anything.
    visible = np.ones((1, 17))
    visible[0, 5] = 0
    assert draw_labels(image, points, visible, None, meta)[1] == []


@pytest.mark.parametrize('count', [3, 25])
def test_another_number_of_joints_is_told(count):
    image = np.full((100, 100, 3), 90, np.uint8)
    points = np.full((1, count, 2), 50.0)
    meta = figures([]).metainfo
    drawn, problems = draw_labels(image, points, np.ones((1, count)), None, meta)
    assert problems == [f'{count} joints for 17 of the data set']
    assert (drawn[50, 50] != 90).any()


@pytest.mark.parametrize(
    ('bad', 'told'),
    [
        ([np.nan, 0, 5, 5], 'nan or far outside'),
        ([0, 0, 1e12, 5], 'nan or far outside'),
        ([5, 5, 5, 9], 'without area'),
    ],
)
def test_bad_boxes_are_told(bad, told):
    class Spoil:
        def __call__(self, results):
            results['bbox'][0] = bad
            return results

    dataset = figures([CROP[0], Spoil()], data_mode='bottomup')
    view = view_sample(dataset, 0)
    assert any(told in problem for problem in view.problems)
    assert is_framed(view)


class Explode:
    def __call__(self, results):
        raise KeyError('a\nb')


def test_a_transform_that_fails_leaves_a_marked_tile(tmp_path):
    dataset = figures([Explode(), *CROP])
    view = view_sample(dataset, 0)
    assert view.problems == ["Explode fails: 'a\\nb'"]
    assert is_framed(view)
    assert save_contact_sheet([view], tmp_path / 's.png').is_file()
    assert (
        'Explode fails'
        in save_contact_page([view], tmp_path / 's.html', 't').read_text()
    )


def test_shared_case(shared_cases, tmp_path, monkeypatch, run_tool, capsys, request):
    """A joint of nan, and one at 1e12: a picture, with two marked samples."""
    monkeypatch.chdir(request.config.rootpath)
    monkeypatch.setenv('COCO_ROOT', str(shared_cases / 'reports' / '13' / 'data'))
    for name in (
        'ca_hrnet/td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192_gt-bbox.py',
        'lrfg_yolopose/lrfg-yolopose_2xb32-80e_coco-640.py',
    ):
        out = tmp_path / 's.png'
        assert run_tool(TOOL, f'configs/{name}', out, '--seed', 1) == 0
        assert 'samples are marked in red' in capsys.readouterr().out
        assert cv2.imread(str(out)) is not None
        out.unlink()
