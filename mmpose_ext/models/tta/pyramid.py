"""Testing with heat maps averaged over an image pyramid (SADI-Net, Section IV-C)."""

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmengine.model import BaseTTAModel, is_model_wrapper
from mmengine.structures import PixelData
from mmpose.codecs import UDPHeatmap
from mmpose.models import TopdownPoseEstimator
from mmpose.models.heads import CPMHead, HeatmapHead, MSPNHead, VisPredictHead
from mmpose.models.utils.tta import flip_heatmaps
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from ...utils import ConfigError, choose_from
from ...utils.checks import check_positive_ints
from ..utils.build import check_arguments, find_registered
from .crop_boxes import CropBoxes, average_heatmaps

HEADS = (HeatmapHead, CPMHead, MSPNHead)


@MODELS.register_module()
class PyramidTTAModel(BaseTTAModel):
    """Test a top-down heat-map model on an image pyramid.

    The crops come from :class:`~mmpose_ext.datasets.TopdownPyramid`. The heat maps of
    every crop (flip-tested if ``test_cfg.flip_test`` is set) are resampled into the
    frame of the crop at scale 1, averaged there, and decoded by the head with its
    codec. With only scale 1, the result is bitwise identical to MMPose's.

    MMEngine's ``PrepareTTAHook`` wraps the model when a test starts, after the weights
    are loaded, so the model's config and the names in its checkpoint do not change.

    Args:
        module (dict | nn.Module): The model. If it is wrapped for distributed tests,
            the inner model is used.
        max_batch (int): Number of crops per forward pass, rounded to whole scales of
            the loader's batch, but at least one; a flip test doubles the number of
            passes. Default: 64.

    Raises:
        ConfigError: If the model is not top-down or its head has no heat maps to
            decode, or ``max_batch`` is not a positive integer.
    """

    def __init__(self, module: dict | nn.Module, max_batch: int = 64) -> None:
        check_positive_ints(self, max_batch=max_batch)
        kind = module.get('type') if isinstance(module, dict) else type(module)
        found = find_registered(MODELS, kind)
        if not isinstance(found, type) or not issubclass(found, nn.Module):
            raise ConfigError(
                self, 'module', module, 'is not a model', 'give the model or its config'
            )
        if isinstance(module, dict):
            own = {key: v for key, v in module.items() if key != 'type'}
            check_arguments(self, 'module', own, found)
        if isinstance(module, nn.Module) and is_model_wrapper(module):
            module = module.module
        if isinstance(module, PyramidTTAModel):  # a second test of one runner
            module = module.module
        super().__init__(module)
        self.max_batch = max_batch
        codec = self.pose_head.decoder
        self.udp = isinstance(codec, UDPHeatmap)
        self.offsets = self.udp and codec.heatmap_type == 'combined'
        # mmpose.apis.inference_topdown reads these attributes of the model.
        for name in ('cfg', 'dataset_meta'):
            if hasattr(self.module, name):
                setattr(self, name, getattr(self.module, name))

    @property
    def pose_head(self) -> nn.Module:
        """Head that decodes the heat maps."""
        model = self.module
        if not isinstance(model, TopdownPoseEstimator):
            raise ConfigError(
                self,
                'module',
                type(model),
                'is not top-down',
                'choose a TopdownPoseEstimator',
            )
        head = getattr(model, 'head', None)
        if isinstance(head, VisPredictHead):
            head = head.pose_head
        if not isinstance(head, HEADS):
            raise ConfigError(
                self,
                'module.head',
                type(head),
                'decodes no heat maps, which a pyramid averages',
                f'{choose_from(kind.__name__ for kind in HEADS)}, or derive from one',
            )
        if not hasattr(head.decoder, 'heatmap_size'):
            raise ConfigError(
                self,
                'module.head.decoder',
                type(head.decoder),
                'decodes no heat maps',
                choose_from(('MSRAHeatmap', 'UDPHeatmap', 'MegviiHeatmap')),
            )
        return head

    @torch.no_grad()
    def test_step(self, data: dict[str, Any]) -> list[PoseDataSample]:
        """Predict a batch of N persons from S crops of each.

        Args:
            data (dict): ``inputs``, S lists of N images (3, H, W), and
                ``data_samples``, S lists of N, as ``TopdownPyramid`` and
                ``pseudo_collate`` make them.

        Returns:
            list[PoseDataSample]: The N samples of scale 1, with ``pred_instances`` in
            image pixels and, if ``test_cfg.output_heatmaps`` is set, the averaged maps
            in ``pred_fields``.

        Raises:
            ConfigError: If the pipeline did not make a pyramid.
        """
        model, crops = self.module, data['data_samples']
        if not isinstance(crops[0], Sequence):
            raise ConfigError(
                self,
                'data_samples',
                type(crops[0]),
                'has one crop for each person',
                'put TopdownPyramid after GetBBoxCenterScale in the test pipeline',
            )
        flat = {
            'inputs': [image for crop in data['inputs'] for image in crop],
            'data_samples': [sample for crop in crops for sample in crop],
        }
        flat = model.data_preprocessor(flat, False)
        samples, number = flat['data_samples'], len(crops[0])
        if model.metainfo is not None:
            for sample in samples:
                sample.set_metainfo(model.metainfo)
        heatmaps, visible = self._predict(flat['inputs'], samples, number)
        by_scale = [samples[i : i + number] for i in range(0, len(samples), number)]
        return self._merge(by_scale, heatmaps.split(number), visible)

    def merge_preds(
        self, data_samples_list: list[list[PoseDataSample]]
    ) -> list[PoseDataSample]:
        """Raise, since heat maps are merged before they are decoded."""
        raise NotImplementedError(
            'PyramidTTAModel merges heat maps in test_step; call that'
        )

    def _predict(
        self, inputs: Tensor, samples: list[PoseDataSample], number: int
    ) -> tuple[Tensor, np.ndarray | None]:
        """Predict heat maps (S N, K, H, W) and, if any, visibilities (S N, 1, K)."""
        size = number * max(1, self.max_batch // number)
        maps, visible = [], []
        for start in range(0, len(samples), size):
            part = slice(start, start + size)
            found, seen = self._predict_crops(inputs[part], samples[part])
            maps.append(found)
            visible.extend(seen)
        return torch.cat(maps), np.stack(visible) if visible else None

    def _predict_crops(
        self, inputs: Tensor, samples: list[PoseDataSample]
    ) -> tuple[Tensor, list[np.ndarray]]:
        """Predict flip-tested heat maps and visibilities in one forward pass."""
        model = self.module
        flip = model.test_cfg.get('flip_test', False)
        feats = model.extract_feat(inputs)
        both = [feats, model.extract_feat(inputs.flip(-1))] if flip else feats
        head = model.head
        if type(head).predict is HeatmapHead.predict:
            return self._plain_heatmaps(both, samples, flip), []
        # Heads with their own `predict` put the maps that they decode in pred_fields.
        test_cfg = {**model.test_cfg, 'output_heatmaps': True}
        instances, fields = head.predict(both, samples, test_cfg=test_cfg)
        visible = [i.keypoints_visible for i in instances if 'keypoints_visible' in i]
        return torch.stack([field.heatmaps for field in fields]), visible

    def _plain_heatmaps(
        self, feats: Any, samples: list[PoseDataSample], flip: bool
    ) -> Tensor:
        """Do what ``HeatmapHead.predict`` does, without decoding each crop."""
        head, test_cfg = self.module.head, self.module.test_cfg
        if not flip:
            return head(feats)
        mirrored = flip_heatmaps(
            head(feats[1]),
            flip_mode=test_cfg.get('flip_mode', 'heatmap'),
            flip_indices=samples[0].metainfo['flip_indices'],
            shift_heatmap=test_cfg.get('shift_heatmap', False),
        )
        return (head(feats[0]) + mirrored) * 0.5

    def _merge(
        self,
        by_scale: list[list[PoseDataSample]],
        heatmaps: Sequence[Tensor],
        visible: np.ndarray | None,
    ) -> list[PoseDataSample]:
        """Average over the scales, decode, and map the joints to the image."""
        reference = reference_samples(by_scale)
        frames = [CropBoxes.of(samples) for samples in by_scale]
        if self.offsets:
            heatmaps = [
                scale_offsets(maps, samples)
                for maps, samples in zip(heatmaps, by_scale, strict=True)
            ]
        average = average_heatmaps(heatmaps, frames, CropBoxes.of(reference), self.udp)
        instances = self.pose_head.decode(average)
        if visible is not None:
            means = visible.reshape(len(by_scale), -1, *visible.shape[1:]).mean(0)
            for instance, mean in zip(instances, means, strict=True):
                instance.keypoints_visible = mean
        fields = None
        if self.module.test_cfg.get('output_heatmaps', False):
            fields = [PixelData(heatmaps=maps) for maps in average]
        return self.module.add_pred_to_datasample(instances, fields, reference)


def reference_samples(by_scale: list[list[PoseDataSample]]) -> list[PoseDataSample]:
    """Return the samples of scale 1, as in a plain test.

    Args:
        by_scale (list[list[PoseDataSample]]): S lists of N samples.

    Returns:
        list[PoseDataSample]: N samples; derived from those of the first scale if the
        pyramid has no scale 1.
    """
    for samples in by_scale:
        if samples[0].metainfo['pyramid_scale'] == 1:
            return samples
    made = copy.deepcopy(by_scale[0])
    for sample in made:
        scale = sample.metainfo['pyramid_scale']
        sample.set_metainfo(
            dict(input_scale=sample.metainfo['input_scale'] * scale, pyramid_scale=1.0)
        )
        # CocoMetric reads the person's area from it.
        if 'bbox_scales' in sample.gt_instances:
            sample.gt_instances.bbox_scales = sample.gt_instances.bbox_scales * scale
    return made


def scale_offsets(heatmaps: Tensor, samples: list[PoseDataSample]) -> Tensor:
    """Convert UDP's offsets to heat-map pixels of scale 1.

    Args:
        heatmaps (Tensor): (N, 3 K, H, W), K times a map and its offsets in x and
            y, in the pixels of the crop's heat map.
        samples (list[PoseDataSample]): N samples of one scale s.

    Returns:
        Tensor: The maps with offsets divided by s.
    """
    factor = heatmaps.new_ones(3)
    factor[1:] /= samples[0].metainfo['pyramid_scale']
    return heatmaps * factor.repeat(heatmaps.shape[1] // 3)[:, None, None]
