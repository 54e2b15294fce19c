import pytest
import torch

from mmpose_ext.models.heads.yolopose.anchors import P6_ANCHORS, check_anchors
from mmpose_ext.models.heads.yolopose.coder import decode_boxes, decode_keypoints
from mmpose_ext.models.heads.yolopose.postprocess import first_kept


def test_boxes_by_hand():
    cells = torch.tensor([[0, 0], [3, 2], [3, 2]])
    raw = torch.zeros(3, 4)
    raw[2] = torch.tensor([0.75, 0.25, 0.75, 0.25]).logit()
    boxes = decode_boxes(raw, cells, 16, torch.tensor([20.0, 40.0]))
    # sigmoid 1/2: the cell's middle and the anchor's size.
    assert boxes[0].tolist() == [-2.0, -12.0, 18.0, 28.0]
    assert boxes[1].tolist() == [46.0, 20.0, 66.0, 60.0]
    # sigmoid 3/4: a cell on, and 1.5^2 times the anchor; 1/4: none on, and 0.5^2.
    center, size = ((1.0 + 3) * 16, (0.0 + 2) * 16), (2.25 * 20, 0.25 * 40)
    expected = [center[i] + s * size[i] / 2 for s in (-1, 1) for i in (0, 1)]
    torch.testing.assert_close(boxes[2], torch.tensor(expected))


def test_keypoints_by_hand():
    raw = torch.tensor([[[0.0, 0.0], [0.5, -1.0], [10.0, 0.25]]])
    points = decode_keypoints(raw, torch.tensor([[3, 2]]), 8)
    assert points.tolist() == [[[20.0, 12.0], [28.0, -4.0], [180.0, 16.0]]]


def encode_boxes(boxes, cells, stride, anchors):
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    size = boxes[:, 2:] - boxes[:, :2]
    share = torch.cat([center / stride - cells + 0.5, (size / anchors).sqrt()], dim=1)
    return (share / 2).logit()


def encode_keypoints(points, cells, stride):
    return (points / stride - cells[:, None] + 0.5) / 2


def test_round_trip():
    generator = torch.Generator().manual_seed(0)
    raw = torch.randn(50, 4, generator=generator).double()
    points = 50 * torch.randn(50, 17, 2, generator=generator).double()
    cells = torch.randint(0, 20, (50, 2), generator=generator)
    anchors = 5 + 50 * torch.rand(50, 2, generator=generator).double()
    boxes = decode_boxes(raw, cells, 32, anchors)
    torch.testing.assert_close(encode_boxes(boxes, cells, 32, anchors), raw)
    back = decode_keypoints(encode_keypoints(points, cells, 32), cells, 32)
    torch.testing.assert_close(back, points)


def test_gradient_of_decoding():
    raw = torch.randn(3, 4).double().requires_grad_()
    anchors = torch.tensor([20.0, 40.0]).double()
    cells = torch.tensor([[0, 0], [1, 2], [5, 3]])
    assert torch.autograd.gradcheck(lambda r: decode_boxes(r, cells, 8, anchors), raw)


def test_published_anchors():
    table = check_anchors('Head', P6_ANCHORS, (8, 16, 32, 64))
    assert table.shape == (4, 3, 2)
    assert table[3, 2].tolist() == [925, 792]


def test_anchors_for_another_size():
    # 19 x 27 and 925 x 792 px at 960 px are these at 256 px, to float32's last digit.
    table = check_anchors('Head', P6_ANCHORS, (8, 16, 32, 64), 256 / 960)
    expected = [[[s * 256 / 960 for s in a] for a in level] for level in P6_ANCHORS]
    assert torch.equal(table, torch.tensor(expected))
    torch.testing.assert_close(table[0, 0], torch.tensor([5.0666667, 7.2]))


@pytest.mark.parametrize('scale', [0, -1, float('nan'), float('inf'), '256/960'])
def test_wrong_anchor_scale(scale):
    with pytest.raises(
        ValueError, match=r'Head: anchor_scale=.* positive number; give'
    ):
        check_anchors('Head', P6_ANCHORS, (8, 16, 32, 64), scale)


@pytest.mark.parametrize(
    ('anchors', 'strides', 'text'),
    [
        ('none', (8,), 'must be a table'),
        ([[(1, 2)], [(3, 4), (5, 6)]], (8, 16), 'must be a table'),
        ([(1, 2), (3, 4)], (8, 16), r'has the shape \(2, 2\)'),
        ([[(1, 2, 3)]], (8,), r'has the shape \(1, 1, 3\)'),
        ([[(1, 2)]], (8, 16), 'has 1 levels'),
        ([[(1, 0)]], (8,), 'not above 0'),
        ([[(1, -2)]], (8,), 'not above 0'),
        ([[(1, float('nan'))]], (8,), 'not above 0'),
        ([[(30, 40)], [(3, 4)]], (8, 16), 'must grow from level to level'),
        ([[(3, 4)], [(30, 40)]], (16, 8), 'must grow from level to level'),
    ],
)
def test_wrong_anchors(anchors, strides, text):
    with pytest.raises(ValueError, match=text) as error:
        check_anchors('YOLOPoseHead', anchors, strides)
    assert str(error.value).startswith('YOLOPoseHead: anchors')
    assert '\n' not in str(error.value)


@pytest.mark.parametrize(
    ('count', 'limit'), [(0, 5), (50, 300), (4000, 20), (4000, 900)]
)
def test_first_kept_are_those_of_plain_suppression(count, limit):
    from torchvision.ops import nms

    generator = torch.Generator().manual_seed(count)
    corner = 300 * torch.rand(count, 2, generator=generator)
    boxes = torch.cat([corner, corner + 20 + 20 * torch.rand(count, 2)], dim=1)
    scores = torch.rand(count, generator=generator)
    expected = nms(boxes, scores, 0.5)[:limit]
    assert first_kept(boxes, scores, 0.5, limit).tolist() == expected.tolist()
