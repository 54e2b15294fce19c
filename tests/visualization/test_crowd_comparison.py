from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.structures import PoseDataSample
from torch import nn

from mmpose_ext.datasets import LspDataset
from mmpose_ext.visualization.crowd_comparison import (
    choose_images,
    confident,
    count_people,
    draw_people,
    save_crowd_comparison,
)

ROOT = Path(__file__).resolve().parents[2]
META = parse_pose_metainfo(LspDataset.METAINFO)


def people_at(*corners):
    """Instances of 14 joints in a box of 20 pixels, scores falling."""
    corners = np.array(corners, np.float32).reshape(-1, 1, 2)
    offsets = np.random.default_rng(0).uniform(0, 20, (1, 14, 2))
    return InstanceData(
        keypoints=(corners + offsets).astype(np.float32),
        keypoint_scores=np.full((len(corners), 14), 0.9, np.float32),
        keypoints_visible=np.ones((len(corners), 14)),
        bboxes=np.concatenate((corners[:, 0], corners[:, 0] + 20), 1),
        bbox_scores=np.linspace(0.9, 0.1, len(corners)),
    )


class Images:
    """Images of 100 pixels with 0, 1, 3 and 2 people."""

    metainfo = META
    people = (0, 1, 3, 2)

    def __len__(self):
        return len(self.people)

    def get_data_info(self, index):
        visible = np.ones((self.people[index], 14))
        if index == 3:
            visible = np.concatenate((visible, np.zeros((5, 14))))  # unannotated
        image = np.zeros((100, 100, 3), np.uint8)
        return dict(keypoints_visible=visible, img=image)

    def __getitem__(self, index):
        return dict(inputs=torch.zeros(1), data_samples=index)


class Finder(nn.Module):
    """A network that finds two people, one of them hardly."""

    def test_step(self, batch):
        found = people_at((10, 10), (70, 70))
        return [PoseDataSample(pred_instances=found, gt_instances=people_at((40, 40)))]


def test_people_are_counted_by_their_joints():
    infos = [Images().get_data_info(i) for i in range(4)]
    assert [count_people(info) for info in infos] == [0, 1, 3, 2]
    assert count_people({}) == 0


def test_the_most_crowded_images_come_first():
    assert choose_images(Images(), 5) == [2, 3]
    assert choose_images(Images(), 1) == [2]
    assert choose_images(Images(), 5, fewest=1, most=2) == [3, 1]
    with pytest.raises(ValueError, match='no image of 4 .* most crowded has 3'):
        choose_images(Images(), 5, fewest=4)


def test_only_confident_people_are_kept_best_first():
    people = people_at((0, 0), (1, 1), (2, 2))[np.array([2, 0, 1])]
    assert confident(people, 0.3).bbox_scores.tolist() == [0.9, 0.5]
    assert len(confident(people, 0.95)) == 0
    assert len(confident(people_at(), 0.3)) == 0


def test_people_are_drawn_where_they_are():
    image = np.zeros((50, 100, 3), np.uint8)
    drawn = draw_people(image, people_at((10, 10)), META, size=200).any(-1)
    assert drawn.shape == (100, 200)
    assert drawn[20:60, 20:60].any()
    assert not drawn[:, 80:].any()
    hidden = draw_people(image, people_at(), META, size=200)
    assert not hidden.any()


def test_a_row_for_each_image_and_a_column_for_each_network(tmp_path):
    models = {'one': Finder(), 'two': Finder()}
    out = save_crowd_comparison(
        models, Images(), [2, 3], tmp_path / 'c.png', size=100, truth=True
    )
    picture = cv2.imread(str(out))
    # 28 pixels of titles, then rows of 100 with 6 above and below.
    assert picture.shape == (28 + 2 * 112, 3 * 106 + 6, 3)
    truth, first, second = (
        picture[34:134, 6 + 106 * i : 106 * (i + 1)].astype(int) for i in range(3)
    )
    assert truth[40:60, 40:60].any()
    assert not truth[:30, :30].any()
    assert first[10:30, 10:30].any()
    assert not first[70:, 70:].any()  # 0.1 is below the score
    np.testing.assert_array_equal(first, second)
    assert (picture[:28] < 128).any()
    assert not (picture[:28, :30] < 128).any()


TOP_DOWN = ROOT / 'configs/daunet/small/td-hm_daunet-w16_1xb32-8e_synthetic-128x128.py'


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (('--model', 'x', 'none.py', 'none.pth'), 'no config none.py'),
        (
            ('--model', 'x', TOP_DOWN, 'none.pth'),
            'not the config of a one-stage network',
        ),
        (('--model', 'x', 'a.py', 'b.pth', '--num', '0'), 'too small'),
    ],
)
def test_bad_input_is_one_line(run_tool, capsys, arguments, message):
    assert run_tool('analysis/compare_crowds.py', 'c.png', *arguments) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('error: ')
    assert message in error
