"""Names of MPII's official files, and its units."""

import math

RELEASE_FILE = 'mpii_human_pose_v1_u12_1.mat'
#: Ground truth of the usual validation split, as MMPose publishes it.
VAL_FILE = 'mpii_gt_val.mat'
#: Predictions on the hidden test set, under the name that the authors ask for.
SUBMISSION_FILE = 'pred_keypoints_mpii.mat'
NUM_JOINTS = 16
UPPER_NECK, HEAD_TOP = 8, 9
#: ``scale`` is a person's height in units of this many pixels.
PIXEL_STD = 200.0
#: MMPose's ``MpiiDataset`` moves the center down by this many pixels per unit of
#: scale.
CENTER_SHIFT = 15.0
#: PCKh's unit is this share of the diagonal of the head box.
HEAD_BOX_SHARE = 0.6
#: Width over height of a head box whose height is the distance from the upper neck to
#: the head top; its diagonal is 5/4 of that distance.
HEAD_ASPECT = 0.75
#: PCKh's unit over the distance from the upper neck to the head top.
HEAD_SIZE_OF_LENGTH = HEAD_BOX_SHARE * math.hypot(1, HEAD_ASPECT)
