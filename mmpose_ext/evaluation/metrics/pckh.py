"""PCK normalized by the head."""

from collections.abc import Mapping, Sequence

import numpy as np
from mmpose.registry import METRICS

from ...datasets.formats.mpii import HEAD_SIZE_OF_LENGTH
from ...utils import ConfigError
from ...utils.checks import check_names, check_numbers
from .pck import ScaledPCK

_NOT_GIVEN = -1.0


@METRICS.register_module()
class PCKhAccuracy(ScaledPCK):
    r"""Percentage of correct keypoints within a fraction of the head (PCKh).

    The measure of MPII (Andriluka et al., `2D Human Pose Estimation: New Benchmark
    and State of the Art Analysis <http://human-pose.mpi-inf.mpg.de/>`_, CVPR 2014)
    for every data set whose persons have a ``head_size``: 0.6 of the diagonal of
    MPII's head box, or the estimate that :class:`~mmpose_ext.datasets.Ntu60Dataset`
    reads from its annotation file. Without one, but with joints called ``upper_neck``
    and ``head_top``, it is 0.75 of their distance, which is the same number for 93 % of
    the persons of MPII's validation split.

    Results, in percent, for each threshold (below, 0.5):

    - ``PCKh@0.5``: counted by joints (micro), as HRNet's evaluation does;
    - ``macro PCKh@0.5``: unweighted mean of the joints' figures;
    - ``Head PCKh@0.5`` ... ``Ankle PCKh@0.5``: the columns of published tables;
    - ``<joint name> PCKh@0.5``: each joint, unless ``per_joint`` is False.

    Pelvis and thorax are in neither mean, as in HRNet's evaluation and in the total
    of MPII's own.

    Differences from MMPose's ``MpiiPCKAccuracy``: that metric adds a pixel to the
    predictions, since MPII's labels count from 1; but MMPose's ``MpiiDataset`` trains
    on the unchanged labels, so its predictions already count from 1 and a perfect
    prediction appears 1.4 pixels off. Here nothing is added unless ``offset`` is
    given. That metric also requires 16 joints in MPII's order and reports only the
    micro mean.

    Args:
        thr (float | Sequence[float]): Thresholds, as fractions of the head.
        offset (float): Pixels to add to the predictions; 1 for predictions that count
            from 0 with labels that count from 1, such as HRNet's.
        exclude (Sequence[str]): Joints to exclude from the means.
        **kwargs: Arguments of :class:`ScaledPCK`.

    Raises:
        ConfigError: If a threshold is not positive, or the data set has neither
            ``head_size`` nor the two joints.

    Example:
        >>> metric = PCKhAccuracy(thr=0.5, per_joint=False)
        >>> metric.dataset_meta = dict(keypoint_id2name={0: 'head_top', 1: 'left_knee'})
        >>> truth = dict(keypoints=np.zeros((1, 2, 2)), head_size=np.array([10.0]))
        >>> truth['keypoints_visible'] = np.ones((1, 2))
        >>> found = dict(keypoints=np.array([[[4.0, 0.0], [6.0, 0.0]]]))
        >>> metric.process(None, [dict(pred_instances=found, gt_instances=truth)])
        >>> float(metric.evaluate(1)['PCKh@0.5'])
        50.0
    """

    label = 'PCKh'

    def __init__(
        self,
        thr: float | Sequence[float] = (0.5, 0.1),
        offset: float = 0.0,
        exclude: Sequence[str] = ('pelvis', 'thorax'),
        **kwargs,
    ) -> None:
        check_names(self, exclude=exclude)
        check_numbers(self, offset=offset)
        super().__init__(thr, exclude, **kwargs)
        self.offset = offset

    def process(self, data_batch: object, data_samples: Sequence[dict]) -> None:
        """Keep the joints and head sizes of a batch; see :class:`ScaledPCK`."""
        first = len(self.results)
        super().process(data_batch, data_samples)
        for kept in self.results[first:]:
            kept['pred'] = kept['pred'] + self.offset

    def extra(self, truth: Mapping, count: int) -> dict[str, np.ndarray]:
        """Return the head sizes; see :meth:`ScaledPCK.extra`."""
        if 'head_size' not in truth:
            return dict(head_size=np.full(count, _NOT_GIVEN))
        # MMPose's MpiiDataset has shape (1, 1), others may have (N,).
        return dict(head_size=np.asarray(truth['head_size'], float).reshape(count))

    def yardsticks(
        self, arrays: Mapping[str, np.ndarray], names: list[str]
    ) -> tuple[np.ndarray, str]:
        """Compute each person's head size; see :meth:`ScaledPCK.yardsticks`."""
        size = arrays['head_size'].copy()
        given = size != _NOT_GIVEN
        if not given.all():
            size[~given] = self._from_joints(arrays, names)[~given]
        with np.errstate(invalid='ignore'):
            size[~(size >= 1)] = np.nan
        return size, 'their head is not annotated or under a pixel'

    def _from_joints(
        self, arrays: Mapping[str, np.ndarray], names: list[str]
    ) -> np.ndarray:
        if not {'upper_neck', 'head_top'} <= set(names):
            raise ConfigError(
                self,
                'data set',
                (self.dataset_meta or {}).get('dataset_name'),
                'has neither head_size in its samples nor the joints upper_neck and '
                f'head_top, only {names}',
                'give an MPII data set headbox_file=mpii_gt_val.mat',
            )
        ends = [names.index('upper_neck'), names.index('head_top')]
        gt, mask = arrays['gt'][:, ends], arrays['mask'][:, ends]
        length = np.linalg.norm(gt[:, 0] - gt[:, 1], axis=-1)
        return np.where(mask.all(axis=1), HEAD_SIZE_OF_LENGTH * length, np.nan)
