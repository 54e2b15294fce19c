"""Base of PCK metrics with thresholds relative to a length of each person."""

from collections.abc import Mapping, Sequence

import numpy as np
from mmengine.evaluator import BaseMetric
from mmengine.logging import MMLogger
from mmpose.evaluation.functional import keypoint_pck_accuracy

from ...utils import ConfigError
from ...utils.checks import check_number_lists, check_numbers, is_list

# The columns of published tables; joints that a data set lacks are skipped. So, as
# published, "Head" is the mean of head top and neck in LSP's convention, of the head's
# center and the neck in Kinect's, and only head_top in MPII's.
JOINT_GROUPS: dict[str, tuple[str, ...]] = {
    'Head': ('head_top', 'head', 'neck'),
    'Shoulder': ('left_shoulder', 'right_shoulder'),
    'Elbow': ('left_elbow', 'right_elbow'),
    'Wrist': ('left_wrist', 'right_wrist'),
    'Hip': ('left_hip', 'right_hip'),
    'Knee': ('left_knee', 'right_knee'),
    'Ankle': ('left_ankle', 'right_ankle'),
}


class ScaledPCK(BaseMetric):
    r"""Base of PCK metrics whose thresholds are relative to a length of each person.

    Joint :math:`k` of person :math:`n` is correct at threshold :math:`t` if
    :math:`\|\hat p_{nk} - p_{nk}\| < t \, s_n`; child classes define the reference
    length :math:`s_n`, the yardstick. All annotated joints count, including occluded
    ones (visibility > 0). Persons without a yardstick are left out, and a warning
    gives their number.

    Args:
        thr (float | Sequence[float]): Thresholds, as fractions of the yardstick.
        exclude (Sequence[str]): Names of joints to exclude from the means; names
            that the data set lacks are allowed.
        per_joint (bool): Whether to report each joint.
        collect_device (str): ``'cpu'`` or ``'gpu'``, for distributed runs.
        prefix (str, optional): Prefix of the keys, followed by a slash.

    Raises:
        ConfigError: If a threshold is not positive.
    """

    #: Name of the measure in the keys.
    label = 'PCK'

    def __init__(
        self,
        thr: float | Sequence[float],
        exclude: Sequence[str] = (),
        per_joint: bool = True,
        collect_device: str = 'cpu',
        prefix: str | None = None,
    ) -> None:
        super().__init__(collect_device=collect_device, prefix=prefix)
        self.thresholds = tuple(thr) if isinstance(thr, Sequence) else (thr,)
        self.exclude = frozenset(exclude)
        self.per_joint = per_joint
        if is_list(thr):
            check_number_lists(self, above=0, thr=thr)
        else:
            check_numbers(self, above=0, thr=thr)

    def process(self, data_batch: object, data_samples: Sequence[dict]) -> None:
        """Keep the predicted and true joints of a batch.

        Args:
            data_batch (object): Not used.
            data_samples (Sequence[dict]): Samples with ``pred_instances.keypoints`` and
                ``gt_instances.keypoints`` in shape (N, K, 2), pixels, and
                ``gt_instances.keypoints_visible`` in shape (N, K) or (N, K, 2).

        Raises:
            ConfigError: If predictions and truth differ in shape.
        """
        for sample in data_samples:
            pred = np.asarray(sample['pred_instances']['keypoints'])[..., :2]
            truth = sample['gt_instances']
            gt = np.asarray(truth['keypoints'])[..., :2]
            visible = np.asarray(truth['keypoints_visible'])
            if visible.ndim == 3:
                visible = visible[..., 0]
            if pred.shape != gt.shape:
                raise ConfigError(
                    self,
                    'shape of the predictions',
                    pred.shape,
                    f'must be that of the ground truth, (N, K, 2)={gt.shape}',
                    'score top-down predictions on ground-truth boxes',
                )
            kept = dict(pred=pred, gt=gt, mask=visible > 0)
            kept.update(self.extra(truth, len(gt)))
            self.results.append(kept)

    def extra(self, truth: Mapping, count: int) -> dict[str, np.ndarray]:
        """Return other ground truth of a sample that the yardstick needs.

        Args:
            truth (Mapping): The sample's ``gt_instances``.
            count (int): Number of persons in the sample.

        Returns:
            dict[str, np.ndarray]: Arrays of length ``count``.
        """
        return {}

    def yardsticks(
        self, arrays: Mapping[str, np.ndarray], names: list[str]
    ) -> tuple[np.ndarray, str]:
        """Compute each person's reference length.

        Args:
            arrays (Mapping[str, np.ndarray]): ``gt`` (N, K, 2), ``mask`` (N, K)
                and the arrays of :meth:`extra`, for all persons.
            names (list[str]): Names of the joints.

        Returns:
            tuple[np.ndarray, str]: Lengths in pixels, shape (N,), nan for persons
            without one, and the reason why these have none.
        """
        raise NotImplementedError

    def compute_metrics(self, results: list[dict]) -> dict[str, float]:
        """Score the predictions that :meth:`process` has kept.

        Args:
            results (list[dict]): Results from all processes.

        Returns:
            dict[str, float]: Percentages, as described in the class.
        """
        names = self.joint_names()
        arrays = {
            key: np.concatenate([result[key] for result in results])
            for key in results[0]
        }
        size, why = self.yardsticks(arrays, names)
        scored = ~np.isnan(size)
        if left_out := (~scored).sum():
            MMLogger.get_current_instance().warning(
                f'{type(self).__name__}: {left_out} of {len(size)} persons left out: '
                f'{why}'
            )
        pred, gt, mask = (arrays[key][scored] for key in ('pred', 'gt', 'mask'))
        counts = mask.sum(axis=0)
        metrics: dict[str, float] = {}
        for threshold in self.thresholds:
            # MMPose changes the norm it is given, and returns -1 for absent joints.
            norm = np.repeat(size[scored][:, None], 2, axis=1)
            accuracy, _, _ = keypoint_pck_accuracy(pred, gt, mask, threshold, norm)
            percent = np.where(counts > 0, 100.0 * accuracy, np.nan)
            table = self._tabulate(percent, counts, names)
            metrics.update({f'{k}@{threshold:g}': v for k, v in table.items()})
        return metrics

    def joint_names(self) -> list[str]:
        """Return the names of the data set's joints in order.

        Returns:
            list[str]: The names.
        """
        names: Mapping[int, str] = (self.dataset_meta or {}).get('keypoint_id2name', {})
        return [names[i] for i in range(len(names))]

    def _tabulate(
        self, percent: np.ndarray, counts: np.ndarray, names: list[str]
    ) -> dict[str, float]:
        in_means = np.array([name not in self.exclude for name in names])
        known = (counts > 0) & in_means
        total = counts[known].sum()
        label = self.label
        table = {
            label: (percent[known] * counts[known]).sum() / total if total else np.nan,
            f'macro {label}': percent[known].mean() if total else np.nan,
        }
        for group, members in JOINT_GROUPS.items():
            columns = [names.index(name) for name in members if name in names]
            if columns:
                seen = percent[columns][counts[columns] > 0]
                table[f'{group} {label}'] = seen.mean() if len(seen) else np.nan
        if self.per_joint:
            columns_by_name = zip(names, percent, strict=True)
            table.update({f'{name} {label}': value for name, value in columns_by_name})
        return {name: float(value) for name, value in table.items()}
