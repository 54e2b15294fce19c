"""MMPose's COCO metric, computed on arrays and without temporary files."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from mmengine.fileio import dump
from mmengine.logging import MMLogger
from mmpose.evaluation.functional import transform_ann, transform_pred
from mmpose.evaluation.metrics import CocoMetric
from mmpose.registry import METRICS
from xtcocotools.coco import COCO

from ..keypoint_scorer import STATS, KeypointScorer, check_backend
from ..oks_suppression import pose_scores, suppress, unique_poses


@METRICS.register_module()
class FastCocoMetric(CocoMetric):
    """A faster ``CocoMetric`` with the same figures (see docs/performance.md).

    Poses are gathered, scored and suppressed as arrays; files are only written if
    ``outfile_prefix`` is given; and hotcoco does the evaluation if it is installed.
    In a config of MMPose it replaces ``CocoMetric``::

        custom_imports = dict(imports=['mmpose_ext'], allow_failed_imports=False)
        val_evaluator = dict(type='FastCocoMetric', ann_file=...)

    Args:
        backend (str): ``'hotcoco'``, ``'cocotools'`` (COCO's own code) or ``'auto'``,
            which is the first if it is installed. Default: ``'auto'``.
        **kwargs: Arguments of :class:`mmpose.evaluation.CocoMetric`.

    Raises:
        ConfigError: If ``backend`` is unknown or not installed.

    Example:
        >>> metric = METRICS.build(dict(type='FastCocoMetric', backend='cocotools'))
        >>> isinstance(metric, CocoMetric)
        True
        >>> poses = [dict(img_id=7, category_id=1, id=3, keypoints=np.ones((1, 2, 2)))]
        >>> poses[0].update(keypoint_scores=np.array([[0.5, 1.0]]))
        >>> poses[0].update(bbox_scores=np.ones(1), areas=np.ones(1))
        >>> metric.dataset_meta = dict(dataset_name='two', sigmas=np.full(2, 0.1))
        >>> [pose] = metric.collect_results(poses)
        >>> pose['image_id'], pose['score']
        (7, 0.75)
    """

    coco: COCO | None

    def __init__(self, backend: str = 'auto', **kwargs: Any) -> None:
        check_backend(self, backend)
        super().__init__(**kwargs)
        self.backend = backend
        self._scorer: KeypointScorer | None = None
        self._truth_converted = False

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Score the predictions.

        Args:
            results (list): Pairs of prediction and annotation, from all processes.

        Returns:
            dict[str, float]: The figures, from 0 to 1; -1 where there is nobody to
            find. Empty with ``format_only``.
        """
        logger = MMLogger.get_current_instance()
        preds, truths = zip(*results, strict=True)
        self._prepare_truth(truths)
        found = self.collect_results(preds)
        if self.outfile_prefix is not None:
            dump(
                found, f'{self.outfile_prefix}.keypoints.json', sort_keys=True, indent=4
            )
        if self.format_only:
            logger.info(f'results are saved in {Path(self.outfile_prefix).parent}')
            return {}
        logger.info(f'Evaluating {type(self).__name__}...')
        return OrderedDict(self.score_results(found))

    def _prepare_truth(self, truths: Sequence[dict]) -> None:
        """Read the annotation from the samples if no file was given."""
        if self.coco is None:
            with TemporaryDirectory() as folder:
                prefix = self.outfile_prefix or f'{folder}/results'
                self.coco = COCO(self.gt_to_coco_json(truths, prefix))
        if self.gt_converter is not None and not self._truth_converted:
            size, mapping = (self.gt_converter[k] for k in ('num_keypoints', 'mapping'))
            for key, ann in self.coco.anns.items():
                self.coco.anns[key] = transform_ann(ann, size, mapping)
            # MMPose converts the converted annotation again in the next epoch.
            self._truth_converted = True

    def collect_results(self, preds: Sequence[dict]) -> list[dict]:
        """Return the poses in COCO's result format, without duplicates.

        Args:
            preds (Sequence[dict]): Samples kept by :meth:`process`.

        Returns:
            list[dict]: ``image_id``, ``category_id``, ``keypoints``, ``score`` and, if
            the predictions have boxes, ``bbox`` of each pose.
        """
        if self.pred_converter is not None:
            size, mapping = (
                self.pred_converter[k] for k in ('num_keypoints', 'mapping')
            )
            preds = [transform_pred(pred, size, mapping) for pred in preds]
        preds = [pred for pred in preds if len(pred['keypoints'])]
        if not preds:
            return []
        poses = _Poses(preds)
        order, images = unique_poses(poses.images, poses.ids, poses.sortable)
        joints = poses.keypoints[order]
        scores = pose_scores(
            self.score_mode,
            poses.keypoint_scores[order],
            poses.box_scores[order],
            self.keypoint_score_thr,
        )
        if self.nms_mode != 'none':
            keep = suppress(
                joints,
                poses.areas[order],
                scores,
                images,
                (self.dataset_meta or {})['sigmas'],
                self.nms_thr,
                soft=self.nms_mode == 'soft_oks_nms',
            )
            order, joints, scores = order[keep], joints[keep], scores[keep]
        return poses.as_results(order, joints, scores)

    def score_results(self, results: list[dict]) -> list[tuple[str, float]]:
        """Evaluate results with COCO's rules.

        Args:
            results (list[dict]): Result of :meth:`collect_results`.

        Returns:
            list[tuple[str, float]]: Names and figures.
        """
        if self.iou_type != 'keypoints':
            with TemporaryDirectory() as folder:
                prefix = f'{folder}/results'
                dump(results, f'{prefix}.keypoints.json')
                return self._do_python_keypoint_eval(prefix)
        stats = self.scorer().evaluate(results, quiet=False).stats
        return list(zip(STATS, stats.tolist(), strict=True))

    def scorer(self, truth: COCO | None = None) -> KeypointScorer:
        """Return the scorer of an annotation, which is made only once.

        Args:
            truth (COCO, optional): The annotation. Default: that of the metric.
        """
        truth = self.coco if truth is None else truth
        if self._scorer is None or self._scorer.truth is not truth:
            sigmas = (self.dataset_meta or {})['sigmas']
            self._scorer = KeypointScorer(truth, sigmas, self.use_area, self.backend)
        return self._scorer


class _Poses:
    """Predictions of many samples as arrays with one row per pose."""

    def __init__(self, preds: Sequence[dict]) -> None:
        counts = [len(pred['keypoints']) for pred in preds]
        self.preds = preds
        self.images = _repeat([_plain(pred['img_id']) for pred in preds], counts)
        self.ids = _repeat([pred['id'] for pred in preds], counts)
        self.sortable = [not isinstance(i, Sequence) for i in self.ids]
        categories = [_plain(pred['category_id']) for pred in preds]
        self.categories = _repeat(categories, counts)
        self.keypoint_scores = np.concatenate([p['keypoint_scores'] for p in preds])
        self.keypoints = np.concatenate(
            [
                np.concatenate([pred['keypoints'] for pred in preds]),
                self.keypoint_scores[..., None],
            ],
            axis=-1,
        )
        self.box_scores = np.concatenate([pred['bbox_scores'] for pred in preds])
        self.areas = self._areas()

    def _areas(self) -> np.ndarray:
        if all('areas' in pred for pred in self.preds):
            return np.concatenate([pred['areas'] for pred in self.preds])
        parts = []
        for pred in self.preds:
            joints = np.asarray(pred['keypoints'])[..., :2]
            extent = joints.max(axis=1) - joints.min(axis=1)
            parts.append(pred.get('areas', extent[:, 0] * extent[:, 1]))
        return np.concatenate(parts)

    def as_results(
        self, order: np.ndarray, joints: np.ndarray, scores: np.ndarray
    ) -> list[dict]:
        """Return the poses of the given indices in COCO's result format."""
        with_boxes = [
            box.tolist() if 'bbox' in pred else None
            for pred in self.preds
            for box in pred.get('bbox', [None] * len(pred['keypoints']))
        ]
        results = []
        rows = joints.reshape(len(joints), -1).tolist()
        totals = np.asarray(scores, dtype=np.float64).tolist()
        for pose, row, total in zip(order.tolist(), rows, totals, strict=True):
            result = dict(
                image_id=self.images[pose],
                category_id=self.categories[pose],
                keypoints=row,
                score=total,
            )
            if with_boxes[pose] is not None:
                result['bbox'] = with_boxes[pose]
            results.append(result)
        return results


def _plain(value: Any) -> Any:
    """Convert an identifier to Python's own types, as JSON and hotcoco require."""
    return value.item() if hasattr(value, 'item') else value


def _repeat(values: Sequence, counts: Sequence[int]) -> list:
    return [v for v, n in zip(values, counts, strict=True) for _ in range(n)]
