"""PCK normalized by the torso."""

from collections.abc import Mapping, Sequence

import numpy as np
from mmpose.registry import METRICS

from ...utils import ConfigError, choose_from
from ...utils.checks import check_names, is_list
from .pck import ScaledPCK


@METRICS.register_module()
class TorsoPCKAccuracy(ScaledPCK):
    r"""Percentage of correct keypoints within a fraction of the torso.

    Joint :math:`k` of person :math:`n` is correct at threshold :math:`t` if

    .. math:: \|\hat p_{nk} - p_{nk}\| < t \, \|p_{n,a} - p_{n,b}\|

    where :math:`a, b` are the torso's joints, by default left shoulder and right
    hip (Sapp and Taskar, `MODEC: Multimodal Decomposable Models for Human Pose
    Estimation
    <https://openaccess.thecvf.com/content_cvpr_2013/html/Sapp_MODEC_Multimodal_Decomposable_2013_CVPR_paper.html>`_,
    CVPR 2013), the usual metric of LSP at :math:`t = 0.2`. They are found by name
    in the data set's meta information, so one metric serves every convention;
    MMPose's ``PCKAccuracy(norm_item='torso')`` always uses joints 4 and 5.

    All annotated joints count, including occluded ones (visibility > 0). Persons
    whose torso is not annotated, or shorter than a pixel, are left out, and a warning
    gives their number.

    Results, in percent, for each threshold (below, 0.2):

    - ``PCK@0.2``: over all joints of all persons (micro), the headline;
    - ``macro PCK@0.2``: unweighted mean of the joints' figures;
    - ``Head PCK@0.2`` ... ``Ankle PCK@0.2``: unweighted means over the left and
      right joint, for the head over head top and neck, as in published LSP tables;
    - ``<joint name> PCK@0.2``: each joint, unless ``per_joint`` is False.

    A joint or group that is never annotated is nan. Like MMPose's PCK metrics, it has
    no default prefix: ``save_best='PCK@0.2', rule='greater'`` keeps the best
    checkpoint.

    Args:
        thr (float | Sequence[float]): Thresholds, as fractions of the torso.
        torso (Sequence[str]): Names of the torso's two joints.
        **kwargs: Arguments of :class:`ScaledPCK`; ``exclude`` is empty by default.

    Raises:
        ConfigError: If a threshold is not positive, ``torso`` is not two names, or
            the data set lacks one of these joints.

    Example:
        >>> metric = TorsoPCKAccuracy(thr=0.2, per_joint=False)
        >>> metric.dataset_meta = dict(
        ...     keypoint_id2name={0: 'left_shoulder', 1: 'right_hip'}
        ... )
        >>> joints = np.array([[[0.0, 0.0], [0.0, 50.0]]])  # a torso of 50 pixels
        >>> truth = dict(keypoints=joints, keypoints_visible=np.ones((1, 2)))
        >>> found = dict(keypoints=joints + [[9.0, 0.0], [11.0, 0.0]])
        >>> metric.process(None, [dict(pred_instances=found, gt_instances=truth)])
        >>> float(metric.evaluate(1)['PCK@0.2'])
        50.0
    """

    def __init__(
        self,
        thr: float | Sequence[float] = 0.2,
        torso: Sequence[str] = ('left_shoulder', 'right_hip'),
        **kwargs,
    ) -> None:
        check_names(self, exclude=kwargs.get('exclude', ()))
        super().__init__(thr, **kwargs)
        names = torso if is_list(torso) else ()
        if not all(isinstance(n, str) for n in names) or len(set(names)) != 2:
            raise ConfigError(
                self,
                'torso',
                torso,
                'must be the names of two joints',
                "give for example ('left_shoulder', 'right_hip')",
            )
        self.torso = tuple(torso)

    def joint_names(self) -> list[str]:
        """Return the data set's joints in order; they must include the torso's."""
        names = super().joint_names()
        absent = [name for name in self.torso if name not in names]
        if absent:
            name = (self.dataset_meta or {}).get('dataset_name')
            raise ConfigError(
                self,
                'torso',
                self.torso,
                f'names the joint {absent[0]!r}, which the data set {name!r} lacks',
                choose_from(names, absent[0]),
            )
        return names

    def yardsticks(
        self, arrays: Mapping[str, np.ndarray], names: list[str]
    ) -> tuple[np.ndarray, str]:
        """Compute the length of each torso; see :meth:`ScaledPCK.yardsticks`."""
        gt, mask = arrays['gt'], arrays['mask']
        a, b = (names.index(name) for name in self.torso)
        size = np.linalg.norm(gt[:, a] - gt[:, b], axis=-1)
        annotated = mask[:, a] & mask[:, b]
        too_short = annotated & (size < 1)
        why = (
            f'{(~annotated).sum()} without an annotated {self.torso[0]} or '
            f'{self.torso[1]}, {too_short.sum()} with a torso under a pixel'
        )
        return np.where(annotated & ~too_short, size, np.nan), why
