"""Frames of NTU RGB+D 60."""

from pathlib import Path

import numpy as np
from mmpose.datasets.datasets.base import BaseCocoStyleDataset
from mmpose.registry import DATASETS

# Absolute, since MMPose resolves ``from_file`` against the working directory.
METAINFO_FILE = Path(__file__).resolve().parents[1] / 'metainfo' / 'ntu60.py'


@DATASETS.register_module()
class Ntu60Dataset(BaseCocoStyleDataset):
    """Frames of NTU RGB+D 60 with the 25 joints of Kinect v2.

    The annotation file is what ``tools/dataset_converters/ntu60_frames.py`` writes
    from the official videos and skeletons. Source: Shahroudy, Liu, Ng and Wang,
    `NTU RGB+D: A Large Scale Dataset for 3D Human Activity Analysis
    <https://rose1.ntu.edu.sg/dataset/actionRecognition/>`_ (CVPR 2016).

    Left and right are the person's own, but Kinect's images are mirrored: the left
    hand of someone who faces the camera is on the left, where models trained on
    photographs see a right hand. ``head`` is the center of the head. Joints that
    Kinect inferred have visibility 1 in the file, which MMPose treats like 2.
    Joints::

        0: spine_base       9: right_elbow     18: right_ankle
        1: spine_mid       10: right_wrist     19: right_foot
        2: neck            11: right_hand      20: spine_shoulder
        3: head            12: left_hip        21: left_hand_tip
        4: left_shoulder   13: left_knee       22: left_thumb
        5: left_elbow      14: left_ankle      23: right_hand_tip
        6: left_wrist      15: left_foot       24: right_thumb
        7: left_hand       16: right_hip
        8: right_shoulder  17: right_knee

    Samples have ``head_size``, the unit of PCKh, if the file has it. To score models
    of MPII's or COCO's joints, use
    :class:`~mmpose_ext.datasets.body.CombinedPoseDataset`, which exchanges the sides.

    Takes the arguments of
    :class:`mmpose.datasets.datasets.base.BaseCocoStyleDataset`.

    Example:
        >>> dataset = Ntu60Dataset(
        ...     data_root='data/ntu60',
        ...     ann_file='annotations/ntu60_xsub-val.json',
        ...     data_prefix=dict(img='images/'),
        ...     lazy_init=True,  # reads the file when the first sample is asked for
        ... )
        >>> dataset.metainfo['num_keypoints'], dataset.metainfo['keypoint_id2name'][3]
        (25, 'head')
    """

    METAINFO: dict = dict(from_file=str(METAINFO_FILE))

    def parse_data_info(self, raw_data_info: dict) -> dict | None:
        """Parse a sample as the parent does, and add ``head_size`` of shape (1, 1).

        Args:
            raw_data_info (dict): ``raw_ann_info`` and ``raw_img_info``.

        Returns:
            dict | None: The sample; None if it has no box or joints.
        """
        info = super().parse_data_info(raw_data_info)
        size = raw_data_info['raw_ann_info'].get('head_size')
        if info is not None and size is not None:
            info['head_size'] = np.full((1, 1), size, dtype=np.float32)
        return info
