"""Positives worked out by hand on a map of 4 x 4 cells of 8 pixels."""

import pytest
import torch

from mmpose_ext.models.task_modules import AnchorRatioAssigner

STRIDE, SIZE = 8, (4, 4)
ANCHOR = torch.tensor([[10.0, 10.0]])


def box(x, y, width=10.0, height=10.0):
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2]


def assign(boxes, images=None, anchors=ANCHOR, size=SIZE):
    boxes = torch.tensor(boxes).reshape(-1, 4)
    images = torch.zeros(len(boxes)) if images is None else torch.tensor(images)
    return AnchorRatioAssigner().assign(boxes, images.long(), anchors, STRIDE, size)


def cells(found):
    return list(zip(found.column.tolist(), found.row.tolist(), strict=True))


@pytest.mark.parametrize(
    ('center', 'expected'),
    [
        # The middle of a cell lies between no two neighbors.
        ((12, 12), [(1, 1)]),
        # (1.25, 2.75) cells: nearer to the left and to the lower neighbor.
        ((10, 22), [(1, 2), (0, 2), (1, 3)]),
        # (2.75, 1.25): right and upper.
        ((22, 10), [(2, 1), (2, 0), (3, 1)]),
        # Less than a cell from a border there is no neighbor that way.
        ((2, 2), [(0, 0)]),
        ((30, 30), [(3, 3)]),
        ((2, 10), [(0, 1), (0, 0)]),
        # On a corner of four cells.
        ((16, 16), [(2, 2), (1, 2), (2, 1)]),
        # On the image's far border, and beyond it: the last cell.
        ((32, 32), [(3, 3)]),
        ((40, 12), [(3, 1)]),
    ],
)
def test_cells(center, expected):
    found = assign([box(*center)])
    assert cells(found)[0] == expected[0]
    assert sorted(cells(found)) == sorted(expected)


@pytest.mark.parametrize(
    ('width', 'height', 'fits'),
    [
        (10, 10, True),
        (39.9, 10, True),
        (40, 10, False),
        (10, 40, False),
        (2.6, 39, True),
        (2.5, 10, False),
        (0, 10, False),
        (-10, 10, False),
        (float('nan'), 10, False),
        (float('inf'), 10, False),
    ],
)
def test_shape(width, height, fits):
    assert len(assign([box(12, 12, width, height)])) == int(fits)


def test_every_fitting_anchor_and_every_person_answers():
    anchors = torch.tensor([[10.0, 10.0], [30.0, 30.0], [200.0, 200.0]])
    found = assign(
        [box(12, 12), box(20, 20, 90, 90), box(12, 12)],
        images=[0, 1, 1],
        anchors=anchors,
    )
    triples = sorted(
        zip(
            found.image.tolist(),
            found.anchor.tolist(),
            found.instance.tolist(),
            strict=True,
        )
    )
    # 90 pixels are 3 times 30, and 200 pixels less than 4 times 90.
    assert triples == [(0, 0, 0), (0, 1, 0), (1, 0, 2), (1, 1, 1), (1, 1, 2), (1, 2, 1)]


def test_rows_and_columns_are_not_exchanged():
    found = assign([box(44, 12)], size=(2, 6))
    assert cells(found) == [(5, 1)]


def test_nobody():
    assert len(assign([])) == 0


def test_ratio_is_a_switch_and_checked():
    far = AnchorRatioAssigner(max_ratio=5.0)
    boxes = torch.tensor([box(12, 12, 45, 10)])
    assert len(far.assign(boxes, torch.zeros(1).long(), ANCHOR, STRIDE, SIZE)) == 1
    with pytest.raises(ValueError, match='AnchorRatioAssigner: max_ratio=1'):
        AnchorRatioAssigner(max_ratio=1)
