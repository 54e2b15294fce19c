"""1x1 fusion of all scales, which adapts other hourglasses to SADI-Net's widths.

The paper prints F_1 to F_4 with 64, 128, 256 and 512 channels, which no published
hourglass has. This layer, the simplest one that adapts the widths, is not in the paper.
"""

from collections.abc import Sequence

import torch.nn.functional as F
from mmcv.cnn import ConvModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_positive_int_lists
from ..utils.layer_configs import check_layer_configs, explain_norm_groups


@MODELS.register_module()
class CrossScaleFusion(nn.Module):
    """Make every scale from all scales: 1x1-BN of each, resized, summed, ReLU.

    Like HRNet's fusion, but with 1x1 convolutions throughout. Each pair of scales is
    convolved at the coarser of its two sizes: downsampling takes means, upsampling
    repeats pixels.

    Args:
        in_channels (Sequence[int]): Widths of the maps, fine to coarse.
        out_channels (Sequence[int]): Widths of the outputs, one for each map.
        norm_cfg (dict, optional): The norm layers' config. Default: ``BN``.

    Raises:
        ConfigError: If a width is not a positive integer, or their numbers differ.

    Example:
        >>> import torch
        >>> fusion = CrossScaleFusion((8, 16), (4, 8))
        >>> maps = fusion((torch.rand(2, 8, 8, 8), torch.rand(2, 16, 4, 4)))
        >>> [tuple(x.shape) for x in maps]
        [(2, 4, 8, 8), (2, 8, 4, 4)]
    """

    @explain_norm_groups
    def __init__(
        self,
        in_channels: Sequence[int],
        out_channels: Sequence[int],
        norm_cfg: dict | None = None,
    ) -> None:
        super().__init__()
        check_positive_int_lists(self, in_channels=in_channels)
        check_positive_int_lists(
            self, length=len(in_channels), out_channels=out_channels
        )
        check_layer_configs(self, norm_cfg=norm_cfg)
        norm_cfg = norm_cfg or dict(type='BN')
        self.paths = nn.ModuleList(
            nn.ModuleList(
                ConvModule(c, out, 1, norm_cfg=norm_cfg, act_cfg=None)
                for c in in_channels
            )
            for out in out_channels
        )

    def forward(self, feats: Sequence[Tensor]) -> list[Tensor]:
        """Return (N, out_channels[n], H_n, W_n) for every scale n.

        Args:
            feats (Sequence[Tensor]): (N, in_channels[n], H_n, W_n), fine to coarse.
        """
        fused = []
        for paths, at in zip(self.paths, feats, strict=True):
            height, width = at.shape[2:]
            total = at.new_zeros(())
            for path, x in zip(paths, feats, strict=True):
                if x.shape[2] < height:
                    total = total + F.interpolate(path(x), (height, width))
                else:
                    total = total + path(F.adaptive_avg_pool2d(x, (height, width)))
            fused.append(F.relu(total))
        return fused
