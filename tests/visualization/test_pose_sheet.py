import numpy as np
from mmengine.structures import InstanceData
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.structures import PoseDataSample

from mmpose_ext.datasets import LspDataset
from mmpose_ext.visualization import draw_pose_pair, tile_images, with_titles


def test_tiles_keep_proportions_and_order():
    red = np.zeros((10, 20, 3), np.uint8)
    red[..., 0] = 255
    blue = np.zeros((20, 10, 3), np.uint8)
    blue[..., 2] = 255
    sheet = tile_images([red, blue, red], columns=2, cell=(20, 20), gap=2)
    assert sheet.shape == (2 * 22 + 2, 2 * 22 + 2, 3)
    # The first is 20x10 in the middle of its cell, the second 10x20.
    assert (sheet[2 + 5 : 2 + 15, 2:22] == (255, 0, 0)).all()
    assert (sheet[2:7, 2:22] == 255).all()
    assert (sheet[2:22, 24 + 5 : 24 + 15] == (0, 0, 255)).all()
    assert (sheet[24:, 24:] == 255).all()


def test_truth_is_left_and_prediction_right():
    meta = parse_pose_metainfo(LspDataset.METAINFO)
    points = np.random.default_rng(0).uniform(10, 50, (1, 14, 2)).astype(np.float32)
    truth = InstanceData(keypoints=points, keypoints_visible=np.ones((1, 14)))
    guess = InstanceData(keypoints=points + 40, keypoint_scores=np.full((1, 14), 0.01))
    sample = PoseDataSample(gt_instances=truth, pred_instances=guess)
    pair = draw_pose_pair(np.zeros((100, 100, 3), np.uint8), sample, meta)
    assert pair.shape == (100, 200, 3)
    left, right = pair[:, :100].any(-1), pair[:, 100:].any(-1)
    # Even a joint with a low score is drawn.
    assert left[10:50, 10:50].any()
    assert not left[60:, 60:].any()
    assert right[50:90, 50:90].any()
    assert not right[:40, :40].any()


def test_titles_stand_above_their_columns():
    sheet = np.full((40, 300, 3), 120, np.uint8)
    titled = with_titles(sheet, ('truth', '', 'prediction'))
    assert (titled[-40:] == sheet).all()
    dark = (titled[:-40].min(axis=(0, 2)) < 100).nonzero()[0]
    assert ((dark < 100) | (dark >= 200)).all()
    for left in (0, 200):
        part = dark[(dark >= left) & (dark < left + 100)]
        assert abs(part.mean() - left - 50) < 6
