"""COCO's metric with precision-recall curves and the AP of each joint."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from mmengine.logging import MMLogger
from mmpose.registry import METRICS

from ...utils import check_choice
from ..precision_recall import coco_curves
from .coco_person_metric import CocoPersonMetric

DETECTOR, GROUND_TRUTH, NONE = 'detector boxes', 'ground-truth boxes', 'no boxes'


@METRICS.register_module()
class CocoCurveMetric(CocoPersonMetric):
    """COCO's metric with additional figures and curves.

    The ten figures are those of :class:`.CocoPersonMetric`, and so of MMPose's
    ``CocoMetric``. It adds:

    - The total AP and AR again, labeled with the kind of boxes in the samples:
      ``AP (detector boxes)`` or ``AP (ground-truth boxes)`` top-down,
      ``AP (no boxes)`` bottom-up. The two top-down protocols are not comparable.
    - ``AP <joint name>``: the AP of each single joint; see
      :func:`~mmpose_ext.evaluation.precision_recall.coco_curves`.
    - With ``outfile_prefix``: the precision-recall curve at each OKS threshold as
      ``<outfile_prefix>.curves.json`` and ``.png``.

    Args:
        per_keypoint (bool): Whether to compute the AP of each joint; each takes as
            long as the total.
        **kwargs: Arguments of :class:`.CocoPersonMetric`.

    Raises:
        ConfigError: If ``iou_type`` is not ``'keypoints'``.

    Example:
        >>> import json
        >>> from pathlib import Path
        >>> person = dict(id=1, image_id=1, category_id=1, bbox=[0, 0, 20, 20])
        >>> person.update(keypoints=[5, 5, 2], num_keypoints=1, iscrowd=0, area=400)
        >>> kinds = [dict(id=1, name='person')]
        >>> truth = dict(images=[dict(id=1)], annotations=[person], categories=kinds)
        >>> _ = Path('truth.json').write_text(json.dumps(truth))
        >>> metric = CocoCurveMetric(ann_file='truth.json')
        load...
        >>> metric.dataset_meta = dict(
        ...     num_keypoints=1, sigmas=np.array([0.1]), keypoint_id2name={0: 'nose'}
        ... )
        >>> found = dict(keypoints=np.full((1, 1, 2), 5.0))
        >>> found.update(keypoint_scores=np.ones((1, 1)))
        >>> box = dict(bbox_scores=np.ones(1), bbox_scales=np.full((1, 2), 20.0))
        >>> sample = dict(id=1, img_id=1, pred_instances=found, gt_instances=box)
        >>> metric.process(None, [sample])
        >>> figures = metric.evaluate(1)
        >>> round(float(figures['coco/AP nose']), 3)
        1.0
    """

    def __init__(self, per_keypoint: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        check_choice(self, 'iou_type', self.iou_type, ('keypoints',))
        self.per_keypoint = per_keypoint

    def process(self, data_batch: Sequence[dict], data_samples: Sequence[dict]) -> None:
        """Keep the predictions of a batch, and note the kind of boxes.

        Args:
            data_batch (Sequence[dict]): Not used.
            data_samples (Sequence[dict]): Predictions.
        """
        first = len(self.results)
        super().process(data_batch, data_samples)
        # Results are exchanged between processes, attributes are not.
        for (pred, _), sample in zip(self.results[first:], data_samples, strict=True):
            pred['boxes'] = _boxes_of(sample)

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Score the predictions, with the additional figures.

        Args:
            results (list): Results from all processes.

        Returns:
            dict[str, float]: The figures, from 0 to 1; -1 where there is nobody to
            find.
        """
        kinds = sorted({pred['boxes'] for pred, _ in results})
        self._label = ' and '.join(kinds)
        return super().compute_metrics(results)

    def score_results(self, results: list[dict]) -> list[tuple[str, float]]:
        """Evaluate results with COCO's rules, in total and for each joint.

        Args:
            results (list[dict]): Results of ``collect_results``.

        Returns:
            list[tuple[str, float]]: Names and figures.
        """
        truth, results = self.told_apart(results)
        meta = self.dataset_meta or {}
        names = [meta['keypoint_id2name'][i] for i in range(meta['num_keypoints'])]
        curves = coco_curves(
            truth,
            results,
            np.asarray(meta['sigmas']),
            names if self.per_keypoint else (),
            label=self._label,
            use_area=self.use_area,
            detection_area=self.detection_area,
            backend=self.backend,
        )
        if self.outfile_prefix is not None:
            _, picture = curves.save(f'{self.outfile_prefix}.curves')
            logger = MMLogger.get_current_instance()
            logger.info(f'precision-recall curves: {picture}')
        figures = list(curves.stats.items())
        figures += [(f'{k} ({self._label})', curves.stats[k]) for k in ('AP', 'AR')]
        figures += [(f'AP {name}', ap) for name, ap in curves.per_keypoint.items()]
        # COCO's value for "nobody to find".
        return [(k, -1.0 if np.isnan(value) else value) for k, value in figures]


def _boxes_of(sample: dict) -> str:
    """Determine which kind of boxes a sample's predictions are based on.

    MMPose packs the annotation of one person with a ground-truth box, of all people
    bottom-up, and none with a detected box.
    """
    if isinstance(sample.get('id'), (list, tuple)):
        return NONE
    return GROUND_TRUTH if sample.get('raw_ann_info') is not None else DETECTOR
