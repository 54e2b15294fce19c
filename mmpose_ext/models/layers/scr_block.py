"""SCR, SDHRNet's lightweight feature encoder (section 3.1, Figs. 4 and 5)."""

from typing import Any

import torch.utils.checkpoint as cp
from mmengine.model import BaseModule
from torch import Tensor, nn

from ...utils.checks import check_bools
from ..utils.layer_configs import check_layer_configs
from .channel_reweight import reweight_channels
from .eca_gate import ECAGate
from .fc_gate import FCGate
from .half_channel_conv import HalfChannelConv


class SCUnit(BaseModule):
    """Semi-channel convolution, then weights for its channels (Fig. 5).

    ``half-channel convolution -> mean -> gate -> product`` (eqs. 4, 6 and 7).

    Args:
        conv (HalfChannelConv): The half-channel convolution.
        gate (nn.Module): Maps channel means (N, C) to weights (N, C).

    Example:
        >>> import torch
        >>> from mmpose_ext.models.layers import FCGate
        >>> unit = SCUnit(HalfChannelConv(8, 16), FCGate(16))
        >>> unit(torch.rand(1, 8, 6, 6)).shape
        torch.Size([1, 16, 6, 6])
    """

    def __init__(self, conv: HalfChannelConv, gate: nn.Module) -> None:
        super().__init__()
        self.conv = conv
        self.gate = gate

    def forward(self, x: Tensor, identity: Tensor | None = None) -> Tensor:
        """Return the weighted map, (N, C, H', W').

        Args:
            x (Tensor): (N, in_channels, H, W).
            identity (Tensor, optional): Added to the result, (N, C, H', W').
        """
        first, second = self.conv(x)
        return reweight_channels(first, second, self.gate, identity)


class SCRBlock(BaseModule):
    """Two SC units in a residual structure (Fig. 4), in place of a BasicBlock.

    ``SC1 (FC gate) -> SC2 (1-D convolution gate) -> + identity -> ReLU``. The
    second unit's depthwise half has no ReLU of its own, as the second
    convolution of a BasicBlock has none. There are 9.5 C^2 + 9 C convolution and FC
    weights (eq. 12): 10016, 39488, 156800, 624896 for C = 32 to 256, which is 0.52 of a
    BasicBlock's.

    Args:
        in_channels (int): Input channels.
        out_channels (int): Output channels C; even, at least 4.
        stride (int): Stride of the first convolution. Default: 1.
        downsample (nn.Module, optional): Maps the identity to the output's shape.
        with_cp (bool): Whether to trade time for memory by checkpointing.
        conv_cfg (dict, optional): Convolution layer.
        norm_cfg (dict, optional): Norm layer. Default: BN.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If a width is not a positive integer or cannot be halved.

    Example:
        >>> import torch
        >>> block = SCRBlock(32, 32)
        >>> block(torch.rand(1, 32, 8, 8)).shape
        torch.Size([1, 32, 8, 8])
    """

    expansion = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        stride: int = 1,
        downsample: nn.Module | None = None,
        with_cp: bool = False,
        conv_cfg: dict | None = None,
        norm_cfg: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_bools(self, with_cp=with_cp)
        check_layer_configs(self, init_cfg=init_cfg)
        layers: dict[str, Any] = dict(conv_cfg=conv_cfg, norm_cfg=norm_cfg)
        self.with_cp = with_cp
        self.sc1 = SCUnit(
            HalfChannelConv(in_channels, out_channels, stride, **layers),
            FCGate(out_channels),
        )
        self.sc2 = SCUnit(
            HalfChannelConv(out_channels, out_channels, act=False, **layers),
            ECAGate(out_channels),
        )
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        """Return the block's output, (N, C, H / stride, W / stride).

        Args:
            x (Tensor): (N, in_channels, H, W).
        """
        if self.with_cp and x.requires_grad:
            return cp.checkpoint(self._forward, x, use_reentrant=False)
        return self._forward(x)

    def _forward(self, x: Tensor) -> Tensor:
        identity = x if self.downsample is None else self.downsample(x)
        return self.relu(self.sc2(self.sc1(x), identity))
