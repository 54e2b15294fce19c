import math

import pytest
import torch

from mmpose_ext.models.losses import CIoULoss, complete_iou
from mmpose_ext.utils import ConfigError


def ciou(one, other):
    return complete_iou(torch.tensor([one]).double(), torch.tensor([other]).double())


@pytest.mark.parametrize(
    ('one', 'other', 'value'),
    [
        ((3, 4, 13, 9), (3, 4, 13, 9), 1.0),
        # IoU 1 / 7, centers sqrt(2) apart, box around both 3 x 3.
        ((0, 0, 2, 2), (1, 1, 3, 3), 1 / 7 - 2 / 18),
        # Apart: 3 of a width of 4 and a height of 1.
        ((0, 0, 1, 1), (3, 0, 4, 1), -9 / 17),
        # Apart, at other places along x than along y: sqrt(10) of 3 x 5.
        ((0, 10, 2, 12), (1, 13, 3, 15), -10 / 34),
        # One without a size, its corners exchanged: centers sqrt(2) apart of 2 x 2,
        # angles 45 and 0 degrees, so that v is 1 / 4 and alpha 1 / 5.
        ((0, 0, 2, 2), (3, 3, 1, 1), -1 / 4 - 1 / 20),
        # One without a height: centers 1 apart, 2 x 2 around both, angles 90 and 45.
        ((0, 0, 2, 0), (0, 0, 2, 2), -1 / 8 - 1 / 20),
        # One in the middle of the other.
        ((0, 0, 4, 4), (1, 1, 3, 3), 1 / 4),
    ],
)
def test_hand_values(one, other, value):
    torch.testing.assert_close(
        ciou(one, other), torch.tensor([value]).double(), rtol=0, atol=1e-6
    )
    torch.testing.assert_close(ciou(one, other), ciou(other, one))


def test_shape_term_is_not_gated():
    # One center, 4 x 2 and 2 x 4: IoU 4 / 12, below the 0.5 at which it is gated.
    shape = 4 / math.pi**2 * (math.atan(0.5) - math.atan(2)) ** 2
    expected = 1 / 3 - shape**2 / (1 - 1 / 3 + shape)
    value = ciou((0, 0, 4, 2), (1, -1, 3, 3)).item()
    assert value == pytest.approx(expected, abs=1e-6)
    assert value < 1 / 3


def test_loss_is_the_mean_and_zero_for_nothing():
    one = torch.tensor([[0.0, 0, 2, 2], [0, 0, 4, 4]])
    other = torch.tensor([[1.0, 1, 3, 3], [1, 1, 3, 3]])
    expected = 0.05 * (1 - (1 / 7 - 2 / 18 + 1 / 4) / 2)
    loss = CIoULoss(loss_weight=0.05)
    torch.testing.assert_close(loss(one, other).item(), expected, rtol=1e-5, atol=0)
    empty = torch.zeros(0, 4, requires_grad=True)
    loss(empty, empty.detach()).backward()
    assert loss(empty, empty.detach()) == 0


def test_a_negative_weight_is_refused():
    with pytest.raises(ConfigError, match='CIoULoss: loss_weight=-0.5'):
        CIoULoss(loss_weight=-0.5)


def test_gradient():
    # Of equal shape, where the fixed weight of the shape term does not show.
    boxes = torch.tensor([[0.0, 0, 2, 2], [0.3, 0.1, 3.3, 6.1]], dtype=torch.double)
    others = torch.tensor([[1.0, 1.2, 3, 3.2], [0, 0, 2, 4]], dtype=torch.double)
    assert torch.autograd.gradcheck(
        lambda b: complete_iou(b, others), boxes.requires_grad_()
    )


def test_no_gradient_passes_the_weight_of_the_shape_term():
    """The gradient is that of IoU - rho^2 / c^2 - alpha v at a fixed alpha."""
    box = torch.tensor([[0.0, 0.0, 4.0, 2.0]], dtype=torch.double)
    other = torch.tensor([[1.0, -1.0, 3.0, 3.0]], dtype=torch.double)

    def parts(box):
        """IoU minus distance, and the shape term, of boxes that overlap so."""
        x1, y1, x2, y2 = box[0]
        size = (x2 - x1) * (y2 - y1)
        overlap = 2 * (y2 - y1)
        iou = overlap / (size + 8 - overlap)
        gap = ((x1 + x2 - 4) ** 2 + (y1 + y2 - 2) ** 2) / 4
        around = (x2 - x1) ** 2 + 16
        angle = torch.atan((x2 - x1) / (y2 - y1)) - math.atan(2 / 4)
        return iou, gap / around, 4 / math.pi**2 * angle**2

    given = box.clone().requires_grad_()
    complete_iou(given, other).sum().backward()
    by_hand = box.clone().requires_grad_()
    iou, gap, shape = parts(by_hand)
    alpha = (shape / (1 - iou + shape)).item()
    (iou - gap - alpha * shape).backward()
    torch.testing.assert_close(given.grad, by_hand.grad, rtol=1e-5, atol=1e-6)
    # Without the constant it is another.
    free = box.clone().requires_grad_()
    iou, gap, shape = parts(free)
    (iou - gap - shape**2 / (1 - iou + shape)).backward()
    assert (free.grad - given.grad).abs().max() > 0.01


def test_degenerate_boxes_are_finite():
    boxes = torch.tensor([[5.0, 5, 5, 5], [0, 0, 0, 0]], requires_grad=True)
    loss = CIoULoss()(boxes, torch.tensor([[5.0, 5, 5, 5], [1, 1, 9, 9]]))
    loss.backward()
    assert loss.isfinite()
    assert boxes.grad.isfinite().all()
