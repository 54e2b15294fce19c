"""OKS loss averaged over joints instead of people."""

from collections.abc import Sequence
from typing import Any

from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.models.losses import OKSLoss
from mmpose.registry import MODELS
from torch import Tensor

from ...utils import ConfigError
from ...utils.checks import check_number_lists, check_numbers


@MODELS.register_module()
class MicroOKSLoss(OKSLoss):
    r"""Key-point loss of the published YOLO-Pose.

    .. math::
        L = \frac{\sum_{n,k} \delta(v_{nk} > 0)
        \left(1 - \exp\frac{-d_{nk}^2}{s_n \, 4 \sigma_k^2}\right)}
        {\sum_{n,k} \delta(v_{nk} > 0)}

    over all joints k of all people n, with the distance d in pixels and the area s
    of the person's box in square pixels. It differs from MMPose's
    :class:`~mmpose.models.losses.OKSLoss`, which it derives from, in two ways: the
    mean is taken over joints, so a person with more visible joints has more weight,
    and the exponent is twice that of COCO's OKS, as in the published code (the paper's
    Eq. 9 is the score, with the factor 2; it does not state a loss).

    A joint that is far off has almost no gradient: a hip half a box away from its
    place adds :math:`1 - 2 \cdot 10^{-5}`. Training for the usual time on COCO
    overcomes this, but training for a few minutes does not. ``widenings`` averages the
    loss over several sigmas, each ``w`` times the data set's; its minimum is the same.
    Not in the paper.

    Args:
        metainfo (str, optional): The data set's metainfo file, for the sigmas.
            Without it :math:`4 \sigma^2` is 1.
        loss_weight (float): Weight of the loss. Default: 1.
        widenings (Sequence[float]): Factors on the sigmas. Default: (1,), the
            published loss.
        **kwargs: ``eps`` of MMPose's loss.

    Raises:
        ConfigError: If another mode, reduction or weight normalization is asked for,
            or a widening is not above 0.

    Example:
        >>> import torch
        >>> target, visible = torch.zeros(1, 2, 2), torch.ones(1, 2)
        >>> output = torch.tensor([[[0.0, 0.0], [2.0, 0.0]]])  # d^2 / area = 1
        >>> MicroOKSLoss()(output, target, visible, areas=torch.tensor([4.0])).round(
        ...     decimals=4
        ... )  # (0 + 1 - exp(-1)) / 2
        tensor(0.3161)
    """

    def __init__(
        self,
        metainfo: str | None = None,
        loss_weight: float = 1.0,
        widenings: Sequence[float] = (1.0,),
        **kwargs: float,
    ) -> None:
        for unknown in sorted(set(kwargs) - {'eps'}):
            raise ConfigError(
                self,
                unknown,
                kwargs[unknown],
                'is fixed by the published loss',
                'leave it out',
            )
        check_number_lists(self, above=0, widenings=widenings)
        check_numbers(self, least=0, loss_weight=loss_weight)
        check_numbers(self, above=0, **kwargs)
        if metainfo is not None:
            self._check_metainfo(metainfo)
        super().__init__(
            metainfo=metainfo, loss_weight=loss_weight, reduction='none', **kwargs
        )
        self.widenings = tuple(widenings)

    def _check_metainfo(self, metainfo: Any) -> None:
        try:
            known = parse_pose_metainfo(dict(from_file=metainfo))
        except (OSError, TypeError, AttributeError) as error:
            raise ConfigError(
                self,
                'metainfo',
                metainfo,
                f'is not a metainfo file: {error}',
                "give its path, or 'configs/_base_/datasets/coco.py' of MMPose",
            ) from error
        if len(known.get('sigmas', ())) == 0:
            raise ConfigError(
                self, 'metainfo', metainfo, 'has no sigmas', 'add one for each joint'
            )

    def forward(
        self, output: Tensor, target: Tensor, target_weight: Tensor, areas: Tensor
    ) -> Tensor:
        """Compute the loss.

        Args:
            output (Tensor): (N, K, 2), predicted x, y in pixels.
            target (Tensor): (N, K, 2).
            target_weight (Tensor): (N, K), above 0 for annotated joints; other values
                of ``target`` have no influence.
            areas (Tensor): (N,), in square pixels.

        Returns:
            Tensor: Scalar; 0 if nothing is annotated or N = 0.
        """
        annotated = target_weight > 0
        count = annotated.sum()
        if count == 0:
            return output[:0].sum()
        target = target.where(annotated[..., None], output.detach())
        # MMPose sums weight * OKS / K and halves the exponent; its `none` gives 1
        # minus each person's share of the mean.
        weight = annotated * (output.shape[1] / count)
        shares = [
            (
                self.loss_weight
                - super(MicroOKSLoss, self).forward(
                    output, target, weight, areas * (factor**2 / 2)
                )
            ).sum()
            for factor in self.widenings
        ]
        return self.loss_weight - sum(shares) / len(shares)
