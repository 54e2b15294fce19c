"""SEM, SDHRNet's semantic enhancement module (section 3.2, Fig. 6)."""

from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor

from ...utils.checks import check_odd, check_positive_ints
from ..utils.layer_configs import check_layer_configs
from .eca_gate import ECAGate
from .position_attention import PositionAttention


@MODELS.register_module()
class SemanticEnhancement(BaseModule):
    r"""Add a channel branch and a spatial branch (eqs. 15-17).

    .. math::
        H = X \odot \sigma(F(\mathrm{GAP}(X))) + H_{spatial}(X)

    with a one-dimensional convolution F along the channels, the hard sigmoid
    :math:`\sigma` and :class:`PositionAttention` as :math:`H_{spatial}`. The text says
    "concatenate" once; eq. 17 and Fig. 6 add, which keeps the channels.

    Args:
        in_channels (int): Channels C of the input and of the output.
        reduction (int): r of the position attention. Default: 8.
        kernel_size (int, optional): Odd kernel size of F. Default: that of eq. 5, 5 at
            256 channels.
        conv_cfg (dict, optional): Convolution layer of the position attention.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a value is not a positive integer or does not fit C.

    Example:
        >>> import torch
        >>> SemanticEnhancement(32)(torch.rand(1, 32, 8, 6)).shape
        torch.Size([1, 32, 8, 6])
    """

    def __init__(
        self,
        in_channels: int,
        reduction: int = 8,
        kernel_size: int | None = None,
        conv_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_layer_configs(self, init_cfg=init_cfg)
        check_positive_ints(self, in_channels=in_channels, reduction=reduction)
        if kernel_size is not None:
            check_odd(self, kernel_size=kernel_size)
        self.channel = ECAGate(in_channels, kernel_size, hard=True)
        self.spatial = PositionAttention(in_channels, reduction, conv_cfg)

    def forward(self, x: Tensor) -> Tensor:
        """Return the enhanced map, (N, C, H, W).

        Args:
            x (Tensor): (N, C, H, W).
        """
        gate = self.channel(x.mean(dim=(2, 3)))
        return x * gate[:, :, None, None] + self.spatial(x)
