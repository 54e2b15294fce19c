"""COCO's metric for people of any category, with or without areas."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from mmengine.logging import MMLogger
from mmpose.evaluation.metrics import CocoMetric
from mmpose.registry import METRICS
from xtcocotools.coco import COCO

from ...utils import ConfigError, UserError, check_choice
from ..coco_truth import as_one_category, complete_truth, person_categories
from ..keypoint_scorer import AREAS, STATS
from .fast_coco_metric import FastCocoMetric


@METRICS.register_module()
class CocoPersonMetric(FastCocoMetric):
    """MMPose's ``CocoMetric`` for annotations that differ from COCO's.

    The figures are equal wherever ``CocoMetric`` can score an annotation. In addition:

    - A prediction without a category, as from one-stage networks and on detected
      boxes, gets the annotation's own category of people instead of category 1. If
      the people are split over several categories, which such predictions cannot
      distinguish, all are scored as one category.
    - If ``area`` is missing or not positive, it is 0.53 of the box, as in MMPose's
      training; a line in the log counts these people.
    - Annotations that COCO's code cannot read are reported before training begins.
      Predictions with a wrong number of joints are an error.

    Args:
        detection_area (str): Source of a prediction's size: ``'box'``, as in
            ``CocoMetric``, or ``'keypoints'``, as in evaluations of results without
            boxes. It changes only AP and AR of medium and large people; see
            :meth:`~mmpose_ext.evaluation.keypoint_scorer.KeypointScorer.evaluate`.
            Default: ``'box'``.
        clip_keypoints (bool): Whether to move predicted joints outside the image to
            its border, as the published YOLO-Pose does before scoring. Default: False.
        **kwargs: Arguments of :class:`.FastCocoMetric`.

    Raises:
        ConfigError: If ``detection_area`` is unknown.
        UserError: If the annotation cannot be scored.

    Example:
        >>> import json
        >>> from pathlib import Path
        >>> person = dict(id=1, image_id=1, category_id=7, bbox=[0, 0, 20, 20])
        >>> person.update(keypoints=[5, 5, 2], num_keypoints=1, iscrowd=0)
        >>> kinds = [dict(id=7, name='person')]
        >>> truth = dict(images=[dict(id=1)], annotations=[person], categories=kinds)
        >>> _ = Path('truth.json').write_text(json.dumps(truth))
        >>> metric = CocoPersonMetric(ann_file='truth.json')
        load...
        >>> metric.dataset_meta = dict(num_keypoints=1, sigmas=np.array([0.1]))
        >>> joints = np.array([[[5.0, 5.0]]])
        >>> found = dict(keypoints=joints, keypoint_scores=np.ones((1, 1)))
        >>> box = dict(bbox_scores=np.ones(1), bbox_scales=np.full((1, 2), 20.0))
        >>> sample = dict(id=1, img_id=1, pred_instances=found, gt_instances=box)
        >>> metric.process(None, [sample])
        >>> ap = metric.evaluate(1)['coco/AP']
        Average Precision ...
        >>> round(float(ap), 3)
        1.0
    """

    coco: COCO | None

    def __init__(
        self, detection_area: str = 'box', clip_keypoints: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        check_choice(self, 'detection_area', detection_area, AREAS)
        self.detection_area = detection_area
        self.clip_keypoints = clip_keypoints
        self._one_category = False

    @property
    def dataset_meta(self) -> dict | None:
        """Metainfo of the data set; setting it checks and completes the annotation."""
        return super().dataset_meta

    @dataset_meta.setter
    def dataset_meta(self, dataset_meta: dict) -> None:
        CocoMetric.dataset_meta.fset(self, dataset_meta)
        if self.coco is not None:
            self.coco = self._completed(self.coco)
        sigmas = np.asarray((dataset_meta or {}).get('sigmas', []))
        if len(sigmas) > 1 and (sigmas == sigmas[0]).all():
            MMLogger.get_current_instance().info(
                f'OKS: all sigmas are {sigmas[0]:g}, set to one value, not estimated; '
                'AP is comparable only between runs with the same sigmas'
            )

    def _completed(self, truth: COCO) -> COCO:
        meta = self.dataset_meta or {}
        source = (truth.anno_file or [None])[0] or meta.get('dataset_name')
        count = meta.get('num_keypoints') if self.gt_converter is None else None
        complete, filled = complete_truth(truth, str(source), count)
        if filled and self.use_area:
            MMLogger.get_current_instance().warning(
                f'{type(self).__name__}: {filled} of '
                f'{len(complete.dataset["annotations"])} people in {source} have no '
                'area; 0.53 of their box is used, as in training'
            )
        return complete

    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Keep the predictions of a batch.

        Args:
            data_batch (Any): Not used.
            data_samples (Sequence[dict]): Predictions; see ``CocoMetric``.
        """
        first = len(self.results)
        super().process(data_batch, data_samples)
        for (pred, _), sample in zip(self.results[first:], data_samples, strict=True):
            if np.ndim(sample.get('category_id', [])) != 0:
                pred['category_id'] = None
            self._check_joints(pred['keypoints'])
            if self.clip_keypoints:
                height, width = sample['ori_shape'][:2]
                pred['keypoints'] = np.clip(pred['keypoints'], 0, [width, height])

    def _check_joints(self, keypoints: np.ndarray) -> None:
        known = (self.dataset_meta or {}).get('num_keypoints', keypoints.shape[1])
        if self.pred_converter is None and keypoints.shape[1] != known:
            raise ConfigError(
                self,
                'joints of the predictions',
                keypoints.shape[1],
                f"is not the data set's number, {known}",
                'give the model and the data set the same joints',
            )

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Score the predictions.

        Args:
            results (list): Results from all processes.

        Returns:
            dict[str, float]: The figures, from 0 to 1; -1 where there is nobody to
            find.

        Raises:
            UserError: If there are no samples.
        """
        if not results:
            raise UserError(
                f'{type(self).__name__}: there is nothing to score',
                "check the data set's annotation file",
            )
        self._one_category = False
        return super().compute_metrics(results)

    def gt_to_coco_json(self, gt_dicts: Sequence[dict], outfile_prefix: str) -> str:
        """Write the samples' annotations to a file; see ``CocoMetric``.

        Args:
            gt_dicts (Sequence[dict]): The annotations of each sample.
            outfile_prefix (str): Path and first part of the file's name.

        Returns:
            str: The file.
        """
        truth = COCO()
        truth.dataset = dict(
            annotations=[a for gt in gt_dicts for a in gt['raw_ann_info'] if a],
            categories=[],
        )
        truth.anno_file = []
        truth.imgs = {gt['img_id']: gt for gt in gt_dicts}
        complete = {a['id']: a for a in self._completed(truth).dataset['annotations']}
        completed = [
            dict(
                gt,
                raw_ann_info=[
                    complete[a['id']]
                    for a in gt['raw_ann_info']
                    if a and a['id'] in complete
                ],
            )
            for gt in gt_dicts
        ]
        return super().gt_to_coco_json(completed, outfile_prefix)

    def collect_results(self, preds: Sequence[dict]) -> list[dict]:
        """Return the poses in COCO's result format, with the people's category.

        Args:
            preds (Sequence[dict]): Samples kept by :meth:`process`.

        Returns:
            list[dict]: See :meth:`.FastCocoMetric.collect_results`.
        """
        results = super().collect_results(preds)
        untold = [result for result in results if result['category_id'] is None]
        if untold:
            categories = person_categories(self.coco)
            for result in untold:
                result['category_id'] = categories[0] if categories else 1
            self._one_category = len(categories) > 1
        return results

    def told_apart(self, results: list[dict]) -> tuple[COCO, list[dict]]:
        """Return the ground truth and the results, ready to be compared.

        Args:
            results (list[dict]): Results of :meth:`collect_results`.

        Returns:
            tuple[COCO, list[dict]]: Both, merged into one category if the predictions
            cannot distinguish several.
        """
        if not self._one_category:
            return self.coco, results
        categories = person_categories(self.coco)
        MMLogger.get_current_instance().warning(
            f'{type(self).__name__}: the people are in the categories {categories}, '
            'which the predictions do not distinguish; they are scored as one'
        )
        results = [dict(result, category_id=categories[0]) for result in results]
        return as_one_category(self.coco, categories[0]), results

    def score_results(self, results: list[dict]) -> list[tuple[str, float]]:
        """Evaluate results with COCO's rules; see :class:`.FastCocoMetric`.

        Args:
            results (list[dict]): Result of :meth:`collect_results`.

        Returns:
            list[tuple[str, float]]: Names and figures.
        """
        if self.iou_type != 'keypoints':
            return super().score_results(results)
        truth, results = self.told_apart(results)
        evaluation = self.scorer(truth).evaluate(
            results, detection_area=self.detection_area, quiet=False
        )
        return list(zip(STATS, evaluation.stats.tolist(), strict=True))
