"""Results of made-up people for tests."""

import numpy as np

from mmpose_ext.apis.results import PoseResult


def people(corners, ids=None, size=20, joints=4):
    """People whose boxes begin at the corners; the joints lie on the diagonal."""
    corners = np.asarray(corners, np.float32).reshape(-1, 2)
    count = len(corners)
    steps = np.linspace(0, size, joints, dtype=np.float32)
    ones = np.ones(count, np.float32)
    return PoseResult(
        keypoints=corners[:, None] + np.stack([steps, steps], axis=1)[None],
        keypoint_scores=np.ones((count, joints), np.float32),
        boxes=np.concatenate([corners, corners + size], axis=1),
        box_scores=ones,
        scores=ones,
        box_source='a test',
        size=(640, 480),
        name='a test',
        meta=dict(keypoint_id2name={k: f'joint {k}' for k in range(joints)}),
        ids=None if ids is None else np.asarray(ids),
    )
