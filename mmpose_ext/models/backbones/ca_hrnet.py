"""CA-HRNet: HRNet with coordinate attention in every basic block.

Paper: "High-resolution Human Pose Estimation Based on Location Awareness",
section 3 (Wu et al., Proc. SPIE 12462, 2022).
"""

from functools import partial
from typing import Any

from mmpose.models.backbones.hrnet import HRNet
from mmpose.models.backbones.resnet import BasicBlock
from mmpose.registry import MODELS
from torch import Tensor

from ..utils.build import build_attention
from ..utils.hrnet import check_stages, fusion_divisor
from ..utils.image_size import check_image_size
from ..utils.inherited import check_inherited
from ..utils.layer_configs import explain_norm_groups
from ..utils.residual import ResidualForward
from ..utils.train_mode import ChainableTrain

DEFAULT_ATTENTION = dict(type='CoordAttention', reduction=32)


class CBasicBlock(ResidualForward, BasicBlock):
    """C-BasicBlock: a basic block with attention before the addition (Fig. 3).

    ``conv1-BN-ReLU-conv2-BN -> ca -> + identity -> ReLU``. All weights except those
    below ``ca`` keep the names of :class:`BasicBlock`.

    Args:
        in_channels (int): Input channels.
        out_channels (int): Output channels, also those of the attention.
        attention (dict, optional): The attention layer's config. Default:
            coordinate attention with r = 32.
        **kwargs: Arguments of :class:`~mmpose.models.backbones.resnet.BasicBlock`.

    Raises:
        ConfigError: If ``attention`` names no registered layer.
    """

    expansion = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        attention: dict | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(in_channels, out_channels, **kwargs)
        self.ca = build_attention(
            DEFAULT_ATTENTION if attention is None else attention,
            out_channels,
            owner=self,
            offered=dict(norm_cfg=self.norm_cfg, conv_cfg=self.conv_cfg),
        )

    def _residual(self, x: Tensor) -> Tensor:
        out = self.relu(self.norm1(self.conv1(x)))
        return self.ca(self.norm2(self.conv2(out)))


@MODELS.register_module()
class CAHRNet(ChainableTrain, HRNet):
    """HRNet whose BasicBlocks are C-BasicBlocks; Bottlenecks stay (section 3.3).

    It takes HRNet's config unchanged: ``'BASIC'`` in ``extra`` means a
    C-BasicBlock here. HRNet's weights load with only the ``.ca.`` keys missing.

    ``norm_cfg`` and ``conv_cfg`` also apply to the attention, unless ``attention``
    gives its own.

    Args:
        extra (dict): The stages, as for :class:`~mmpose.models.HRNet`.
        attention (dict, optional): The attention of each block, any registered
            layer that takes ``in_channels`` and keeps the shape. Default:
            ``dict(type='CoordAttention', reduction=32)``; the paper gives no
            reduction. ``dict(type='Identity')`` makes it HRNet.
        **kwargs: Arguments of :class:`~mmpose.models.HRNet`.

    Raises:
        ConfigError: If ``attention`` names no registered layer or gives it a
            bad value.

    Example:
        >>> import torch
        >>> from mmpose_ext.models.backbones.sdhrnet import make_extra
        >>> extra = make_extra(8, (1, 1, 1), 2, (2, 16), block='BASIC')
        >>> CAHRNet(extra)(torch.rand(1, 3, 64, 64))[0].shape
        torch.Size([1, 8, 16, 16])
    """

    @explain_norm_groups
    def __init__(
        self, extra: dict, attention: dict | None = None, **kwargs: Any
    ) -> None:
        check_stages(self, extra, HRNet.blocks_dict)
        check_inherited(self, num_stages=4, **kwargs)
        # HRNet passes no other arguments to its blocks, and reads the expansion
        # before it builds one.
        block = partial(CBasicBlock, attention=attention)
        block.expansion = CBasicBlock.expansion  # type: ignore[attr-defined]
        self.blocks_dict = {**HRNet.blocks_dict, 'BASIC': block}
        super().__init__(extra, **kwargs)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return the feature maps, highest resolution first.

        Args:
            x (Tensor): (N, 3, H, W), H and W multiples of 32.

        Returns:
            tuple[Tensor, ...]: (N, C, H / 4, W / 4), and lower resolutions if
            ``extra['stage4']`` has ``multiscale_output``.

        Raises:
            ConfigError: If H or W is not a multiple that HRNet can fuse.
        """
        check_image_size(self, x, fusion_divisor(self), 'HRNet cannot fuse', stem=4)
        return super().forward(x)
