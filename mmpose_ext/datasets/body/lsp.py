"""Leeds Sports Pose, original and extended."""

from pathlib import Path

from mmpose.datasets.datasets.base import BaseCocoStyleDataset
from mmpose.registry import DATASETS

# Absolute, since MMPose resolves ``from_file`` against the working directory.
METAINFO_FILE = Path(__file__).resolve().parents[1] / 'metainfo' / 'lsp.py'


@DATASETS.register_module()
class LspDataset(BaseCocoStyleDataset):
    """Leeds Sports Pose (LSP) and its extended training set, 14 joints.

    The annotation file is what ``tools/dataset_converters/lsp2coco.py`` writes
    from the official ``joints.mat`` of either set. Sources: Johnson and
    Everingham, `Clustered Pose and Nonlinear Appearance Models for Human Pose
    Estimation <http://sam.johnson.io/research/lsp.html>`_ (BMVC 2010) and
    `Learning Effective Human Pose Estimation from Inaccurate Annotation
    <http://sam.johnson.io/research/lspet.html>`_ (CVPR 2011).

    Left and right are the person's own. Joints::

        0: right_ankle      5: left_ankle       10: left_elbow
        1: right_knee       6: right_wrist      11: left_wrist
        2: right_hip        7: right_elbow      12: neck
        3: left_hip         8: right_shoulder   13: head_top
        4: left_knee        9: left_shoulder

    Takes the arguments of
    :class:`mmpose.datasets.datasets.base.BaseCocoStyleDataset`.

    Example:
        >>> dataset = LspDataset(
        ...     data_root='data/lspet',
        ...     ann_file='annotations/lspet_train.json',
        ...     data_prefix=dict(img='images/'),
        ...     lazy_init=True,  # reads the file when the first sample is asked for
        ... )
        >>> dataset.metainfo['num_keypoints'], dataset.metainfo['keypoint_id2name'][12]
        (14, 'neck')
    """

    METAINFO: dict = dict(from_file=str(METAINFO_FILE))
