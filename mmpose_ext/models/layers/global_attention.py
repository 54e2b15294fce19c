"""SADI-Net's global attention: a soft-max over the scales at every pixel.

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", section III-C, eqs. 2 and 3, Fig. 4 (Gao et al., arXiv:2311.05323).
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from mmcv.cnn import ConvModule
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils.checks import check_positive_int_lists, check_positive_ints
from ..utils.layer_configs import check_layer_configs, explain_norm_groups


@MODELS.register_module()
class GlobalAttention(nn.Module):
    """Weigh every scale against the others, pixel by pixel.

    ``G_n = up(1x1(F_n))``, ``U_n = 1x1(G_n)`` with one channel, ``W = softmax(U)``
    over n at each pixel of the finest scale, output ``1x1(pool(W_n * G_n))`` at the
    size and width of F_n. Eq. 2 prints U_n in the denominator; it is read as U_k.

    Up-sampling repeats pixels, as in the hourglass, and ``pool`` is the mean over the
    area of one pixel of F_n. G_n is constant there, so that
    ``pool(W_n * G_n) = pool(W_n) * G_n``: only the single-channel maps are ever
    up-sampled.

    Args:
        channels (Sequence[int]): Widths of F_1, F_2, ..., fine to coarse.
        embed_channels (int): Width of G. Default: 256.
        norm_cfg (dict, optional): Norm of the two 1x1 convolutions around G; not in
            the paper. Default: ``BN``.

    Raises:
        ConfigError: If a width is not a positive integer.

    Example:
        >>> import torch
        >>> attention = GlobalAttention((8, 16), embed_channels=4)
        >>> maps = attention((torch.rand(2, 8, 8, 8), torch.rand(2, 16, 4, 4)))
        >>> [tuple(x.shape) for x in maps]
        [(2, 8, 8, 8), (2, 16, 4, 4)]
    """

    @explain_norm_groups
    def __init__(
        self,
        channels: Sequence[int],
        embed_channels: int = 256,
        norm_cfg: dict | None = None,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        check_positive_ints(name, embed_channels=embed_channels)
        check_positive_int_lists(name, channels=channels)
        check_layer_configs(name, norm_cfg=norm_cfg)
        norm_cfg = norm_cfg or dict(type='BN')
        self.embed = nn.ModuleList(
            ConvModule(c, embed_channels, 1, norm_cfg=norm_cfg) for c in channels
        )
        self.score = nn.ModuleList(nn.Conv2d(embed_channels, 1, 1) for _ in channels)
        self.project = nn.ModuleList(
            ConvModule(embed_channels, c, 1, norm_cfg=norm_cfg) for c in channels
        )

    def forward(self, feats: Sequence[Tensor]) -> list[Tensor]:
        """Return the fused features, of the shapes of ``feats``.

        Args:
            feats (Sequence[Tensor]): F_n, (N, channels[n], H_n, W_n), where H_1 and
                W_1 are multiples of H_n and W_n.
        """
        embedded = self._embed(feats)
        weights = self._weights(embedded)
        return [
            project(F.adaptive_avg_pool2d(weights[:, i : i + 1], g.shape[2:]) * g)
            for i, (project, g) in enumerate(zip(self.project, embedded, strict=True))
        ]

    def weights(self, feats: Sequence[Tensor]) -> Tensor:
        """Return W of eq. 2, (N, scales, H_1, W_1), summing to 1 over the scales.

        Args:
            feats (Sequence[Tensor]): See :meth:`forward`.
        """
        return self._weights(self._embed(feats))

    def _embed(self, feats: Sequence[Tensor]) -> list[Tensor]:
        return [conv(x) for conv, x in zip(self.embed, feats, strict=True)]

    def _weights(self, embedded: Sequence[Tensor]) -> Tensor:
        size = embedded[0].shape[2:]
        scores = [
            F.interpolate(score(g), size=size, mode='nearest')
            for score, g in zip(self.score, embedded, strict=True)
        ]
        return torch.cat(scores, dim=1).softmax(dim=1)
