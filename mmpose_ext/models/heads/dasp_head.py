"""DASPHead: heat maps from a backbone's last and low-order features."""

from collections.abc import Sequence
from typing import Any

from mmpose.models.heads import HeatmapHead
from mmpose.registry import MODELS
from torch import Tensor

from ...utils import ConfigError
from ...utils.checks import check_positive_int_lists
from ..utils.build import build_part
from ..utils.inherited import check_inherited
from .float32_heatmap_head import DeviceAccuracy

DASP = dict(type='DASP')


@MODELS.register_module()
class DASPHead(DeviceAccuracy, HeatmapHead):
    """A heat-map head behind DASP (SDHRNet, section 3.3, Fig. 7).

    ``final_layer``, a 1x1 convolution with bias, is the outermost one of eq. 19.
    Losses, decoding and flip test are :class:`~mmpose.models.HeatmapHead`'s.

    Args:
        in_channels (Sequence[int]): Channels of f_LLF and of the feature map, in
            the backbone's order: (256, 32) in the paper.
        out_channels (int): Key points K.
        dasp (dict): DASP's config; its two input widths are filled in.
            Default: ``dict(type='DASP')``.
        deconv_out_channels (Sequence[int], optional): As for
            :class:`~mmpose.models.HeatmapHead`, on DASP's output. Default: None.
        **kwargs: Arguments of :class:`~mmpose.models.HeatmapHead`.

    Raises:
        ConfigError: If ``in_channels`` is not two widths, or one does not fit.

    Example:
        >>> import torch
        >>> head = DASPHead(in_channels=(64, 16), out_channels=17)
        >>> head((torch.rand(1, 64, 16, 12), torch.rand(1, 16, 16, 12))).shape
        torch.Size([1, 17, 16, 12])
    """

    def __init__(
        self,
        in_channels: Sequence[int],
        out_channels: int,
        dasp: dict = DASP,
        deconv_out_channels: Sequence[int] | None = None,
        **kwargs: Any,
    ) -> None:
        check_positive_int_lists(self, length=2, in_channels=in_channels)
        check_inherited(
            self,
            out_channels=out_channels,
            deconv_out_channels=deconv_out_channels,
            **kwargs,
        )
        low_channels, channels = in_channels
        fixed = dict(in_channels=channels, low_channels=low_channels)
        layer = build_part(dasp, fixed, self, 'dasp')
        super().__init__(
            layer.out_channels,
            out_channels,
            deconv_out_channels=deconv_out_channels,
            **kwargs,
        )
        self.dasp = layer

    def forward(self, feats: Sequence[Tensor]) -> Tensor:
        """Return the heat maps, (N, K, H, W).

        Args:
            feats (Sequence[Tensor]): f_LLF (N, C_low, H, W) and the feature map
                (N, C, H, W), then any others, which are not used.

        Raises:
            ConfigError: If the backbone gave no f_LLF.
        """
        if len(feats) < 2:
            raise ConfigError(
                self,
                'number of feature maps',
                len(feats),
                'lacks f_LLF or the map of the highest resolution',
                'use SDHRNet with out_low_level=True',
            )
        x = self.dasp(feats[1], feats[0])
        # The loss is computed in float32, even under bfloat16 autocast.
        return self.final_layer(self.conv_layers(self.deconv_layers(x))).float()
