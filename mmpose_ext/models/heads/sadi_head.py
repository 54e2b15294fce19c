"""SADIHead: SADI-Net's heat maps H1 and H2 and its loss.

Paper: "Spatial Attention-based Distribution Integration Network for Human Pose
Estimation", sections III-C to III-E (Gao et al., arXiv:2311.05323).
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from mmpose.codecs import IntegralRegressionLabel
from mmpose.models.heads import HeatmapHead
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor

from ...utils import ConfigError, check_choice
from ...utils.checks import check_bools, check_numbers, check_positive_int_lists
from ..layers import DistributionLearning
from ..losses.heatmap_weighting import HeatmapWeighting
from ..utils.accuracy import heatmap_accuracy
from ..utils.build import build_part, subclass_of
from ..utils.inherited import check_inherited
from ..utils.running_statistics import untracked_statistics

CONFIG = dict[str, Any]


@MODELS.register_module()
class SADIHead(HeatmapHead):
    """A heat-map head on F_1, with a learned density from all scales.

    H1 is :class:`~mmpose.models.HeatmapHead`'s map: ``3x3 -> 256, 1x1 -> K`` on F_1.
    The SFM makes mu and sigma from F_1, F_2, ..., the DLM the heat map H2. The loss
    is eq. 8 and, beyond it, lambda times the likelihood of eq. 4::

        (1 - chi) MSE(H1) + chi MSE(H2) + lambda RLE

    With only eq. 8, which is ``rle_weight=0``, mu seldom finds its joint.

    Args:
        in_channels (Sequence[int]): Widths of F_1, F_2, ..., fine to coarse.
        out_channels (int): Key points K.
        sfm (dict, optional): The SFM's config; ``in_channels`` and ``num_joints``
            are filled in. Default: ``dict(type='SpatialFusion')``.
        dlm (dict, optional): The DLM's config. Default:
            ``dict(type='DistributionLearning')``.
        weighting (dict, optional): Registered part that turns sigma into the weights of
            the two losses. Default: ``dict(type='SigmaWeighting')``.
        rle_weight (float): lambda, not negative. Default: 3e-6; not in the paper.
            MMPose's RLELoss sums over the joints and axes, while the MSE is a mean over
            joints and pixels: with 0.01 the likelihood's gradient at F_1 is hundreds of
            times that of H1, which then hardly learns.
        detach_rle (bool): Whether the likelihood's gradient stops at F_1, F_2, ..., so
            that it trains only SFM and DLM, and the backbone's loss is eq. 8 as
            printed. Training then computes the SFM twice. Default: False; not in the
            paper, which does not say how eq. 4 enters the training.
        test_output (str): What testing decodes: ``'h1'``, which leaves SFM and DLM
            out, ``'h2'``, or ``'fused'``, (1 - sigma) H1 + sigma H2. Default:
            ``'h1'``; the paper does not say.
        conv_out_channels (Sequence[int]): See HeatmapHead. Default: (256,).
        conv_kernel_sizes (Sequence[int]): See HeatmapHead. Default: (3,).
        **kwargs: Arguments of :class:`~mmpose.models.HeatmapHead`. To train,
            ``decoder`` must be MMPose's ``IntegralRegressionLabel(normalize=False)``,
            which encodes heat maps and positions; only its heat-map codec decodes.

    Raises:
        ConfigError: If a name or number is bad, or the backbone and the head differ in
            the number of scales.

    Example:
        >>> import torch
        >>> head = SADIHead(in_channels=(16, 32), out_channels=17,
        ...     sfm=dict(type='SpatialFusion', head_channels=(8, 8), final_channels=64))
        >>> head((torch.rand(1, 16, 16, 16), torch.rand(1, 32, 8, 8))).shape
        torch.Size([1, 17, 16, 16])
    """

    outputs = ('h1', 'h2', 'fused')
    decoder: Any

    def __init__(
        self,
        in_channels: Sequence[int],
        out_channels: int,
        sfm: CONFIG | None = None,
        dlm: CONFIG | None = None,
        weighting: CONFIG | None = None,
        rle_weight: float = 3e-6,
        detach_rle: bool = False,
        test_output: str = 'h1',
        conv_out_channels: Sequence[int] | None = (256,),
        conv_kernel_sizes: Sequence[int] | None = (3,),
        **kwargs: Any,
    ) -> None:
        check_positive_int_lists(self, least=2, in_channels=in_channels)
        check_numbers(self, least=0, rle_weight=rle_weight)
        check_bools(self, detach_rle=detach_rle)
        kwargs.setdefault('deconv_out_channels', None)
        self._check_layers(kwargs)
        check_inherited(
            self,
            out_channels=out_channels,
            conv_out_channels=conv_out_channels,
            conv_kernel_sizes=conv_kernel_sizes,
            **kwargs,
        )
        super().__init__(
            in_channels[0],
            out_channels,
            conv_out_channels=conv_out_channels,
            conv_kernel_sizes=conv_kernel_sizes,
            **kwargs,
        )
        if isinstance(self.decoder, IntegralRegressionLabel):
            self.decoder = self.decoder.heatmap_codec
        self.in_channels = tuple(in_channels)
        self._build_parts(
            dict(type='SpatialFusion') if sfm is None else sfm,
            dict(type='DistributionLearning') if dlm is None else dlm,
            dict(type='SigmaWeighting') if weighting is None else weighting,
        )
        self.rle_weight = rle_weight
        self.detach_rle = detach_rle
        self.test_output = test_output

    def _build_parts(self, sfm: CONFIG, dlm: CONFIG, weighting: CONFIG) -> None:
        widths = dict(in_channels=self.in_channels, num_joints=self.out_channels)
        self.sfm = build_part(sfm, widths, self, 'sfm')
        self.dlm = build_part(
            dlm, {}, self, 'dlm', suggest=subclass_of(DistributionLearning)
        )
        self.weighting = build_part(
            weighting, {}, self, 'weighting', suggest=subclass_of(HeatmapWeighting)
        )

    def _check_layers(self, given: dict[str, Any]) -> None:
        """Raise for layers of MMPose's head that do not fit H1."""
        if given['deconv_out_channels']:
            raise ConfigError(
                self,
                'deconv_out_channels',
                given['deconv_out_channels'],
                'is not supported: H1 and H2 have the size of F_1',
                'choose None',
            )
        if given.get('final_layer', {}) is None:
            raise ConfigError(
                self,
                'final_layer',
                None,
                'leaves H1 without a map for each joint',
                'write dict(kernel_size=1)',
            )

    @property
    def test_output(self) -> str:
        """The maps that testing decodes: ``'h1'``, ``'h2'`` or ``'fused'``."""
        return self._test_output

    @test_output.setter
    def test_output(self, name: str) -> None:
        check_choice(self, 'test_output', name, self.outputs)
        self._test_output = name

    def forward(self, feats: Sequence[Tensor]) -> Tensor:
        """Return the heat maps of ``test_output``, (N, K, H, W).

        Args:
            feats (Sequence[Tensor]): F_1, F_2, ..., (N, in_channels[n], H_n, W_n).

        Raises:
            ConfigError: If their number is not that of ``in_channels``.
        """
        self._check_scales(feats)
        maps: dict[str, Callable[[Sequence[Tensor]], Tensor]] = dict(
            h1=self.h1, h2=self.h2, fused=self.fused
        )
        return maps[self.test_output](feats)

    def h1(self, feats: Sequence[Tensor]) -> Tensor:
        """Return H1, made from F_1 only. Arguments as for :meth:`forward`."""
        return super().forward((feats[0],))

    def distribution(self, feats: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return mu and sigma, (N, K, 2) each in order x, y, in units of the input.

        Args:
            feats (Sequence[Tensor]): See :meth:`forward`.
        """
        mu, logit = self.sfm(feats)
        return mu, self.dlm.to_sigma(logit)

    def h2(self, feats: Sequence[Tensor]) -> Tensor:
        """Return H2, at the size of H1. Arguments as for :meth:`forward`."""
        mu, sigma = self.distribution(feats)
        return self.dlm(mu, sigma, feats[0].shape[2:])

    def fused(self, feats: Sequence[Tensor]) -> Tensor:
        """Return (1 - sigma) H1 + sigma H2. Arguments as for :meth:`forward`."""
        h1 = self.h1(feats)
        mu, sigma = self.distribution(feats)
        chi = sigma.mean(dim=-1)[..., None, None]
        return (1 - chi) * h1 + chi * self.dlm(mu, sigma, h1.shape[2:])

    def loss(
        self,
        feats: Sequence[Tensor],
        batch_data_samples: Sequence[PoseDataSample],
        train_cfg: CONFIG | None = None,
    ) -> dict[str, Tensor]:
        """Return the losses, the mean of sigma and both accuracies, by name.

        Args:
            feats (Sequence[Tensor]): See :meth:`forward`.
            batch_data_samples (Sequence[PoseDataSample]): Samples with heat maps
                (K, H, W), positions (1, K, 2) in units of the input and weights
                (1, K).
            train_cfg (dict, optional): ``compute_acc=False`` leaves both accuracies
                out.

        Raises:
            ConfigError: If there are not as many scales as ``in_channels``, or the
                codec encoded no positions.
        """
        self._check_scales(feats)
        truth, positions, visible = self._targets(batch_data_samples)
        h1 = self.h1(feats)
        mu, sigma = self.distribution(feats)
        h2 = self.dlm(mu, sigma, h1.shape[2:])
        weight1, weight2 = self.weighting(sigma)
        losses = dict(
            loss_h1=self.loss_module(h1, truth, visible * weight1),
            loss_h2=self.loss_module(h2, truth, visible * weight2),
            sigma=sigma.detach().mean(),
        )
        if self.rle_weight:
            if self.detach_rle:
                mu, sigma = self._detached_distribution(feats)
            nll = self.dlm.nll(mu, sigma, positions, visible)
            losses['loss_rle'] = self.rle_weight * nll
        if (train_cfg or {}).get('compute_acc', True):
            for name, maps in (('acc_pose', h1), ('acc_h2', h2)):
                losses[name] = heatmap_accuracy(maps, truth, visible > 0)
        return losses

    def _detached_distribution(self, feats: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        # The gradient of H2's loss passes through the first pass to the backbone, so
        # one pass cannot serve both losses.
        with untracked_statistics(self.sfm):
            return self.distribution([x.detach() for x in feats])

    def _targets(
        self, samples: Sequence[PoseDataSample]
    ) -> tuple[Tensor, Tensor, Tensor]:
        labels = [sample.gt_instance_labels for sample in samples]
        if 'keypoint_labels' not in labels[0]:
            raise ConfigError(
                self,
                'labels of the codec',
                sorted(labels[0].keys()),
                'have no positions',
                "choose dict(type='IntegralRegressionLabel', normalize=False, ...)",
            )
        visible = torch.cat([label.keypoint_weights for label in labels])
        truth = torch.stack([sample.gt_fields.heatmaps for sample in samples])
        positions = torch.cat([label.keypoint_labels for label in labels])
        # 0 * nan is nan, but the values of a joint without annotation must have no
        # influence.
        absent = visible == 0
        return (
            truth.masked_fill(absent[..., None, None], 0),
            positions.masked_fill(absent[..., None], 0),
            visible,
        )

    def _check_scales(self, feats: Sequence[Tensor]) -> None:
        widths = tuple(x.shape[1] for x in feats)
        if widths != self.in_channels:
            raise ConfigError(
                self,
                'in_channels',
                self.in_channels,
                f'does not fit the {len(widths)} maps of {widths} channels',
                f'choose in_channels={widths}, or change num_outs of the backbone',
            )
