"""PCK normalised by the torso."""

from collections.abc import Mapping, Sequence

import numpy as np
from mmengine.evaluator import BaseMetric
from mmengine.logging import MMLogger
from mmpose.evaluation.functional import keypoint_pck_accuracy
from mmpose.registry import METRICS

# The columns of published LSP tables; joints that a data set lacks are skipped.
# MMPose's "Head" of MPII, head_top alone, follows from the names, too.
JOINT_GROUPS: dict[str, tuple[str, ...]] = {
    'Head': ('head_top', 'neck'),
    'Shoulder': ('left_shoulder', 'right_shoulder'),
    'Elbow': ('left_elbow', 'right_elbow'),
    'Wrist': ('left_wrist', 'right_wrist'),
    'Hip': ('left_hip', 'right_hip'),
    'Knee': ('left_knee', 'right_knee'),
    'Ankle': ('left_ankle', 'right_ankle'),
}


@METRICS.register_module()
class TorsoPCKAccuracy(BaseMetric):
    r"""Percentage of correct keypoints within a fraction of the torso.

    Joint :math:`k` of person :math:`n` is correct at threshold :math:`t` if

    .. math:: \|\hat p_{nk} - p_{nk}\| < t \, \|p_{n,a} - p_{n,b}\|

    where :math:`a, b` are the torso's joints, by default left shoulder and right
    hip (Sapp and Taskar, `MODEC: Multimodal Decomposable Models for Human Pose
    Estimation
    <https://openaccess.thecvf.com/content_cvpr_2013/html/Sapp_MODEC_Multimodal_Decomposable_2013_CVPR_paper.html>`_,
    CVPR 2013), the usual metric of LSP at :math:`t = 0.2`. They are found by name
    in the data set's meta information, so that one metric serves every
    convention; MMPose's ``PCKAccuracy(norm_item='torso')`` takes joints 4 and 5.

    Only annotated joints count (visibility > 0, so occluded ones do). Persons
    whose torso is not annotated, or shorter than a pixel, have no scale: they are
    left out, with a warning that counts them.

    Results, in percent, for each threshold (below, 0.2):

    - ``PCK@0.2``: over all joints of all persons (micro), the headline;
    - ``macro PCK@0.2``: unweighted mean of the joints' figures;
    - ``Head PCK@0.2`` ... ``Ankle PCK@0.2``: unweighted means over the left and
      right joint, for the head over head top and neck, as in published LSP tables;
    - ``<joint name> PCK@0.2``: each joint, unless ``per_joint`` is False.

    A joint or group that nobody has annotated is nan. As MMPose's PCK metrics it
    has no default prefix: ``save_best='PCK@0.2', rule='greater'`` keeps the best
    checkpoint.

    Args:
        thr (float | Sequence[float]): Thresholds, as fractions of the torso.
        torso (Sequence[str]): Names of the torso's two joints.
        per_joint (bool): Whether to report each joint.
        collect_device (str): ``'cpu'`` or ``'gpu'``, for distributed runs.
        prefix (str, optional): Goes before the keys, with a slash.

    Raises:
        ValueError: If a threshold is not positive, ``torso`` is not two names, or
            the data set has no joint of that name.
    """

    def __init__(
        self,
        thr: float | Sequence[float] = 0.2,
        torso: Sequence[str] = ('left_shoulder', 'right_hip'),
        per_joint: bool = True,
        collect_device: str = 'cpu',
        prefix: str | None = None,
    ) -> None:
        super().__init__(collect_device=collect_device, prefix=prefix)
        self.thresholds = tuple(thr) if isinstance(thr, Sequence) else (thr,)
        self.torso = tuple(torso)
        self.per_joint = per_joint
        name = type(self).__name__
        if not self.thresholds or min(self.thresholds) <= 0:
            raise ValueError(
                f'{name}: thr={thr!r} must be one or more positive numbers'
            )
        if isinstance(torso, str) or len(set(self.torso)) != 2:
            raise ValueError(f'{name}: torso={torso!r} must be two names of joints')

    def process(self, data_batch: object, data_samples: Sequence[dict]) -> None:
        """Keep the predicted and true joints of a batch.

        Args:
            data_batch (object): Not used.
            data_samples (Sequence[dict]): With ``pred_instances.keypoints`` and
                ``gt_instances.keypoints`` in shape (N, K, 2), pixels, and
                ``gt_instances.keypoints_visible`` in shape (N, K) or (N, K, 2).

        Raises:
            ValueError: If predictions and truth differ in shape.
        """
        for sample in data_samples:
            pred = np.asarray(sample['pred_instances']['keypoints'])[..., :2]
            truth = sample['gt_instances']
            gt = np.asarray(truth['keypoints'])[..., :2]
            visible = np.asarray(truth['keypoints_visible'])
            if visible.ndim == 3:
                visible = visible[..., 0]
            if pred.shape != gt.shape:
                raise ValueError(
                    f'{type(self).__name__}: predictions {pred.shape} and ground '
                    f'truth {gt.shape} must match one to one (N, K, 2); it scores '
                    'top-down predictions on ground-truth boxes'
                )
            self.results.append(dict(pred=pred, gt=gt, mask=visible > 0))

    def compute_metrics(self, results: list[dict]) -> dict[str, float]:
        """Score what :meth:`process` has kept.

        Args:
            results (list[dict]): From all processes.

        Returns:
            dict[str, float]: Percentages, as the class describes.
        """
        names = self._joint_names()
        pred, gt, mask = (
            np.concatenate([result[key] for result in results])
            for key in ('pred', 'gt', 'mask')
        )
        size = self._torso_size(gt, mask, names)
        has_size = ~np.isnan(size)
        pred, gt, mask, size = (a[has_size] for a in (pred, gt, mask, size))
        counts = mask.sum(axis=0)
        metrics: dict[str, float] = {}
        for threshold in self.thresholds:
            # MMPose writes to the norm it is given, and marks absent joints -1.
            norm = np.repeat(size[:, None], 2, axis=1)
            accuracy, _, _ = keypoint_pck_accuracy(pred, gt, mask, threshold, norm)
            percent = np.where(counts > 0, 100.0 * accuracy, np.nan)
            table = self._tabulate(percent, counts, names)
            metrics.update({f'{k}@{threshold:g}': v for k, v in table.items()})
        return metrics

    def _joint_names(self) -> list[str]:
        meta = self.dataset_meta or {}
        names: Mapping[int, str] = meta.get('keypoint_id2name', {})
        absent = [name for name in self.torso if name not in names.values()]
        if absent:
            raise ValueError(
                f'{type(self).__name__}: torso={self.torso!r}: the data set '
                f'{meta.get("dataset_name")!r} has no joint {absent[0]!r}; '
                f'it has {list(names.values())}'
            )
        return [names[i] for i in range(len(names))]

    def _torso_size(
        self, gt: np.ndarray, mask: np.ndarray, names: list[str]
    ) -> np.ndarray:
        """Length of each person's torso in pixels, nan where there is none."""
        a, b = (names.index(name) for name in self.torso)
        size = np.linalg.norm(gt[:, a] - gt[:, b], axis=-1)
        annotated = mask[:, a] & mask[:, b]
        too_short = annotated & (size < 1)
        if (left_out := (~annotated | too_short).sum()) > 0:
            logger: MMLogger = MMLogger.get_current_instance()
            logger.warning(
                f'{type(self).__name__}: {left_out} of {len(gt)} persons left out: '
                f'{(~annotated).sum()} without an annotated {self.torso[0]} or '
                f'{self.torso[1]}, {too_short.sum()} with a torso under a pixel'
            )
        return np.where(annotated & ~too_short, size, np.nan)

    def _tabulate(
        self, percent: np.ndarray, counts: np.ndarray, names: list[str]
    ) -> dict[str, float]:
        total = counts.sum()
        known = counts > 0
        table = {
            'PCK': (percent[known] * counts[known]).sum() / total if total else np.nan,
            'macro PCK': percent[known].mean() if total else np.nan,
        }
        for group, members in JOINT_GROUPS.items():
            columns = [names.index(name) for name in members if name in names]
            if columns:
                seen = percent[columns][known[columns]]
                table[f'{group} PCK'] = seen.mean() if len(seen) else np.nan
        if self.per_joint:
            columns_by_name = zip(names, percent, strict=True)
            table.update({f'{name} PCK': value for name, value in columns_by_name})
        return {name: float(value) for name, value in table.items()}
