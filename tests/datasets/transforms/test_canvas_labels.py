"""Labels stay on what they label: dots of one color for each joint, found again."""

import itertools

import cv2
import numpy as np
import pytest
from mmpose.datasets.transforms import BottomupResize, Mosaic, RandomFlip

from mmpose_ext.datasets.transforms import CanvasRandomAffine, CanvasRandomFlip

# Joints 1 and 2, 3 and 4 are left and right.
FLIP = [0, 2, 1, 4, 3]
COLORS = np.array(
    [(250, 20, 20), (20, 250, 20), (20, 20, 250), (250, 250, 20), (250, 20, 250)]
)
DIRECTIONS = ['horizontal', 'vertical', 'diagonal']


def picture(width, height, seed=0):
    """Two people of five dots each, on gray, with their boxes and a mask of them."""
    rng = np.random.default_rng(seed)
    image = np.full((height, width, 3), 114, np.uint8)
    mask = np.zeros((height, width), np.uint8)
    points = np.zeros((2, 5, 2), np.float32)
    for person in range(2):
        # A grid with one dot in each cell, so that no two touch.
        cells = rng.permutation(10).reshape(2, 5)[person]
        low = person * width / 2 + width / 20
        points[person, :, 0] = low + (cells % 5) / 5 * (width * 0.4)
        points[person, :, 1] = height * (0.1 + 0.8 * np.arange(5) / 5)
        for (x, y), color in zip(points[person], COLORS, strict=True):
            cv2.circle(image, (round(x), round(y)), 7, color.tolist(), -1)
            cv2.circle(mask, (round(x), round(y)), 7, 1, -1)
    points = points.round()
    boxes = np.concatenate([points.min(axis=1) - 9, points.max(axis=1) + 9], axis=1)
    return dict(
        img=image,
        img_mask=mask,
        img_shape=(height, width),
        ori_shape=(height, width),
        img_id=seed,
        flip_indices=FLIP,
        keypoints=points,
        keypoints_visible=np.ones((2, 5), np.float32),
        bbox=boxes,
        bbox_score=np.ones(2, np.float32),
        category_id=np.ones(2, int),
        area=((boxes[:, 2:] - boxes[:, :2]).prod(axis=1) / 2),
    )


class Album(list):
    """What MMPose's mosaic asks for three more pictures."""

    def get_data_info(self, index):
        return self[index]


def with_album(sample):
    others = Album(picture(90 + 40 * i, 150 - 30 * i, seed=i + 1) for i in range(3))
    return dict(sample, dataset=others)


def check(out, direction=None):
    """Every visible joint lies on its dot, and some do; return how many."""
    height, width = out['img'].shape[:2]
    swapped = direction in ('horizontal', 'vertical')
    count = 0
    for person, visible, box in zip(
        out['keypoints'], out['keypoints_visible'], out['bbox'], strict=True
    ):
        for joint in range(5):
            x, y = person[joint]
            inside = 2 < x < width - 3 and 2 < y < height - 3
            if not (visible[joint] and inside):
                continue
            seen = out['img'][round(float(y)), round(float(x))].astype(int)
            wanted = COLORS[FLIP[joint] if swapped else joint]
            assert np.abs(seen - wanted).max() < 60, (joint, person[joint], seen)
            assert (box[:2] <= person[joint] + 1.5).all()
            assert (box[2:] >= person[joint] - 1.5).all()
            if 'img_mask' in out:
                assert out['img_mask'].shape == (height, width)
                assert out['img_mask'][round(float(y)), round(float(x))]
            count += 1
    return count


@pytest.mark.parametrize('size', [(200, 200), (320, 192), (192, 320)])
@pytest.mark.parametrize('direction', DIRECTIONS)
def test_mmposes_flip_behind_the_affine(size, direction):
    affine = CanvasRandomAffine(size, canvas=1, scale_factor=(1, 1), shift_factor=0)
    out = affine(picture(300, 180))
    assert check(out) == 10
    assert out['img'].shape[:2] == out['img_shape'] == size[::-1]
    areas = out['area'].copy()
    flipped = RandomFlip(prob=1.0, direction=direction)(out)
    assert check(flipped, direction) == 10
    scale = min(size[0] / 300, size[1] / 180)
    np.testing.assert_allclose(flipped['area'], areas, rtol=0)
    np.testing.assert_allclose(areas, picture(300, 180)['area'] * scale**2, rtol=1e-4)


@pytest.mark.parametrize('direction', DIRECTIONS)
@pytest.mark.parametrize('order', list(itertools.permutations('maf')))
def test_any_order_of_mosaic_affine_and_flip(order, direction):
    """At any scale and shift, in a rectangular input."""
    found = 0
    for seed in range(4):
        np.random.seed(seed)  # noqa: NPY002
        steps = dict(
            m=Mosaic(img_scale=(288, 160)),
            a=CanvasRandomAffine((288, 160), canvas=2 if 'm' in order[:2] else 1),
            f=CanvasRandomFlip(prob=1.0, direction=direction),
        )
        out = with_album(picture(300, 180))
        del out['img_mask']  # the mosaic does not join masks
        for step in order:
            out = steps[step](out)
        # A flip before the mosaic turns the first picture alone.
        if order.index('f') < order.index('m'):
            first = {k: out[k][:2] for k in ('keypoints', 'keypoints_visible', 'bbox')}
            found += check(dict(out, **first), direction)
        else:
            found += check(out, direction)
    assert found > 4


@pytest.mark.parametrize('direction', DIRECTIONS)
def test_flip_behind_a_resize(direction):
    """A resize to the size that the image has moves nothing."""
    out = BottomupResize((320, 192))(picture(320, 192))
    assert out['input_size'] == (320, 192)
    out = CanvasRandomFlip(prob=1.0, direction=direction)(out)
    assert check(out, direction) == 10
    assert out['input_size'] == (320, 192)
    assert out['flip_direction'] == direction


def test_flip_of_several_sizes():
    """With `aug_scales` the first image has the labels' size."""
    out = BottomupResize((320, 192), aug_scales=[0.5])(picture(320, 192))
    out = CanvasRandomFlip(prob=1.0)(out)
    assert [image.shape[:2] for image in out['img']] == [(192, 320), (96, 160)]
    assert check(dict(out, img=out['img'][0]), 'horizontal') == 10


def test_no_flip_changes_nothing():
    sample = picture(320, 192)
    out = CanvasRandomFlip(prob=0.0)(picture(320, 192))
    assert out.pop('flip') is False
    assert out.pop('flip_direction') is None
    assert set(out) == set(sample)
    np.testing.assert_array_equal(out['img'], sample['img'])
    np.testing.assert_array_equal(out['keypoints'], sample['keypoints'])


def test_the_whole_box_is_noted():
    """Half of the second person's box is outside: its whole area is known still."""
    sample = picture(300, 180)
    sample['bbox'][1] = [280, 20, 320, 60]
    out = CanvasRandomAffine((150, 90), canvas=1, scale_factor=(1, 1), shift_factor=0)(
        sample
    )
    np.testing.assert_allclose(out['bbox'][1], [140, 10, 150, 30], atol=1e-3)
    np.testing.assert_allclose(out['canvas_area'][1], 20 * 20, rtol=1e-5)


def test_nobody():
    empty = picture(300, 180)
    for key in ('keypoints', 'keypoints_visible', 'bbox', 'bbox_score', 'area'):
        empty[key] = empty[key][:0]
    out = CanvasRandomAffine((150, 90))(empty)
    assert out['keypoints'].shape == (0, 5, 2)
    assert out['bbox'].shape == (0, 4)
    assert out['canvas_area'].shape == (0,)
    assert out['img'].shape == (90, 150, 3)
