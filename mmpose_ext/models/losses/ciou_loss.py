"""Complete IoU loss: overlap, center distance and shape of boxes."""

import math

import torch
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_numbers


def complete_iou(boxes: Tensor, others: Tensor, eps: float = 1e-7) -> Tensor:
    r"""Compute the complete IoU of pairs of boxes.

    .. math::
        \mathrm{CIoU} = \mathrm{IoU} - \frac{\rho^2}{c^2} - \alpha v, \quad
        v = \frac{4}{\pi^2} \left(\arctan\frac{w'}{h'} - \arctan\frac wh\right)^2,
        \quad \alpha = \frac{v}{1 - \mathrm{IoU} + v}

    where :math:`\rho` is the distance between the centers and :math:`c` the diagonal of
    the smallest box around both (Zheng et al., AAAI 2020). As in the published
    YOLO-Pose, :math:`\alpha` is not set to 0 below an IoU of 0.5, and counts as
    constant in the gradient.

    Args:
        boxes (Tensor): (N, 4), corners x1, y1, x2, y2.
        others (Tensor): (N, 4).
        eps (float): Small number that keeps the quotients finite.

    Returns:
        Tensor: (N,), 1 for equal boxes and always above -1.5.

    Example:
        >>> box = torch.tensor([[0.0, 0.0, 2.0, 2.0]])
        >>> other = torch.tensor([[1.0, 0.0, 3.0, 2.0]])
        >>> complete_iou(torch.cat((box, box)), torch.cat((box, other)))
        tensor([1.0000, 0.2564])
    """
    size = (boxes[:, 2:] - boxes[:, :2]).clamp(min=0)
    size_o = (others[:, 2:] - others[:, :2]).clamp(min=0)
    low = torch.maximum(boxes[:, :2], others[:, :2])
    high = torch.minimum(boxes[:, 2:], others[:, 2:])
    overlap = (high - low).clamp(min=0).prod(dim=1)
    iou = overlap / (size.prod(dim=1) + size_o.prod(dim=1) - overlap + eps)

    around = torch.maximum(boxes[:, 2:], others[:, 2:]) - torch.minimum(
        boxes[:, :2], others[:, :2]
    )
    between = (boxes[:, :2] + boxes[:, 2:] - others[:, :2] - others[:, 2:]) / 2
    distance = between.square().sum(dim=1) / (around.square().sum(dim=1) + eps)

    angle = torch.atan(size[:, 0] / (size[:, 1] + eps))
    angle_o = torch.atan(size_o[:, 0] / (size_o[:, 1] + eps))
    shape = (4 / math.pi**2) * (angle_o - angle).square()
    with torch.no_grad():
        alpha = shape / (1 - iou + shape + eps)
    return iou - distance - alpha * shape


@MODELS.register_module()
class CIoULoss(nn.Module):
    """Mean of 1 - CIoU over the boxes; see :func:`complete_iou`.

    The paper names no box loss; this is the published YOLO-Pose's.

    Args:
        loss_weight (float): Weight of the loss, not negative. Default: 1.

    Raises:
        ConfigError: If ``loss_weight`` is negative or not a number.

    Example:
        >>> box = torch.tensor([[0.0, 0.0, 2.0, 2.0]])
        >>> CIoULoss()(box, box + torch.tensor([1.0, 0.0, 1.0, 0.0])).round(decimals=4)
        tensor(0.7436)
    """

    def __init__(self, loss_weight: float = 1.0) -> None:
        super().__init__()
        check_numbers(self, least=0, loss_weight=loss_weight)
        self.loss_weight = loss_weight

    def forward(self, output: Tensor, target: Tensor) -> Tensor:
        """Compute the loss.

        Args:
            output (Tensor): (N, 4), predicted corners x1, y1, x2, y2.
            target (Tensor): (N, 4), in the same unit.

        Returns:
            Tensor: Scalar; 0 for N = 0.
        """
        if len(output) == 0:
            return output.sum()
        return self.loss_weight * (1 - complete_iou(output, target)).mean()
