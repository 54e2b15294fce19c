"""The mean pose, a baseline that sees only the box and not the image."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from mmengine.config import Config
from mmengine.dataset import BaseDataset
from mmengine.evaluator import Evaluator
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData
from mmpose.datasets.transforms import TopdownAffine
from mmpose.registry import DATASETS, TRANSFORMS
from mmpose.structures import PoseDataSample
from mmpose.structures.bbox import bbox_xyxy2cs
from tqdm import tqdm

from ..utils import UserError
from ..utils.config import require

# Keys that MMPose's PackPoseInputs passes to the metrics, if a data set has them.
META_KEYS = ('id', 'img_id', 'img_path', 'category_id', 'crowd_index', 'raw_ann_info')
INSTANCE_KEYS = {
    'bbox': 'bboxes',
    'bbox_score': 'bbox_scores',
    'keypoints': 'keypoints',
    'keypoints_visible': 'keypoints_visible',
    'head_size': 'head_size',
}


@dataclass(frozen=True)
class CropFrame:
    """The frame of the top-down crop: the padded box in the network's aspect ratio.

    Args:
        padding (float): ``padding`` of ``GetBBoxCenterScale``, a factor on the box.
        input_size (tuple[int, int]): ``input_size`` of ``TopdownAffine``, width and
            height of the crop; only their ratio matters here.
    """

    padding: float
    input_size: tuple[int, int]

    def center_scale(self, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Compute center and size of the crops in the image.

        Args:
            boxes (np.ndarray): x1, y1, x2, y2 in pixels, shape (N, 4).

        Returns:
            tuple[np.ndarray, np.ndarray]: Centers and sizes in [w, h], each of
            shape (N, 2).
        """
        center, scale = bbox_xyxy2cs(boxes, padding=self.padding)
        width, height = self.input_size
        return center, TopdownAffine._fix_aspect_ratio(scale, width / height)

    def normalize(self, keypoints: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        """Convert from image to crop coordinates, from -0.5 to 0.5 inside the crop.

        Args:
            keypoints (np.ndarray): Joints in pixels, shape (N, K, 2).
            boxes (np.ndarray): x1, y1, x2, y2 in pixels, shape (N, 4).

        Returns:
            np.ndarray: Joints in crop coordinates, shape (N, K, 2).
        """
        center, scale = self.center_scale(boxes)
        return (keypoints - center[:, None]) / scale[:, None]

    def denormalize(self, keypoints: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        """Convert from crop to image coordinates, the inverse of :meth:`normalize`."""
        center, scale = self.center_scale(boxes)
        return keypoints * scale[:, None] + center[:, None]

    @classmethod
    def from_pipeline(cls, pipeline: list[dict]) -> 'CropFrame':
        """Read padding and crop size from a top-down pipeline.

        Args:
            pipeline (list[dict]): Configs of the transforms.

        Returns:
            CropFrame: The frame.

        Raises:
            UserError: If it lacks ``GetBBoxCenterScale`` or ``TopdownAffine``.
        """
        steps = {str(step['type']).split('.')[-1]: step for step in pipeline}
        for name in ('GetBBoxCenterScale', 'TopdownAffine'):
            if name not in steps:
                raise UserError(
                    f'the pipeline {list(steps)} has no {name}',
                    'the mean pose needs a top-down config',
                )
        box = TRANSFORMS.build(steps['GetBBoxCenterScale'])
        crop = TRANSFORMS.build(steps['TopdownAffine'])
        return cls(box.padding, tuple(crop.input_size))


def fit_mean_pose(dataset: BaseDataset, frame: CropFrame) -> np.ndarray:
    """Compute the mean of a data set's poses in the crop's frame.

    Each joint is averaged over the persons that have it annotated. No
    augmentation is applied.

    Args:
        dataset (BaseDataset): A top-down data set of MMPose.
        frame (CropFrame): The frame.

    Returns:
        np.ndarray: Mean pose in the coordinates of :meth:`CropFrame.normalize`, shape
        (K, 2).

    Raises:
        UserError: If a joint is never annotated.
    """
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    if not infos:
        raise UserError('the training set of the mean pose is empty')
    keypoints, visible, boxes = (
        np.concatenate([info[key] for info in infos])
        for key in ('keypoints', 'keypoints_visible', 'bbox')
    )
    visible = visible[..., 0] if visible.ndim == 3 else visible
    weights = (visible > 0).astype(float)
    if not weights.any(axis=0).all():
        names = dataset.metainfo['keypoint_id2name']
        absent = [names[i] for i in np.flatnonzero(~weights.any(axis=0))]
        raise UserError(f'no training person has annotated {", ".join(absent)}')
    poses = frame.normalize(keypoints[..., :2], boxes)
    weights = np.broadcast_to(weights[..., None], poses.shape)
    return np.average(poses, axis=0, weights=weights)


def mean_pose_sample(info: dict, mean: np.ndarray, frame: CropFrame) -> PoseDataSample:
    """Place the mean pose in one box, in the form that MMPose's metrics read.

    Args:
        info (dict): One person of a data set (``get_data_info``).
        mean (np.ndarray): The mean pose, from :func:`fit_mean_pose`.
        frame (CropFrame): The frame.

    Returns:
        PoseDataSample: With ``gt_instances`` and ``pred_instances``; all scores
        of the prediction are 1.
    """
    sample = PoseDataSample(
        metainfo={key: info[key] for key in META_KEYS if key in info}
    )
    boxes = info['bbox']
    truth = InstanceData(
        **{name: info[key] for key, name in INSTANCE_KEYS.items() if key in info}
    )
    truth.bbox_scales = frame.center_scale(boxes)[1]
    keypoints = frame.denormalize(mean[None], boxes)
    sample.gt_instances = truth
    sample.pred_instances = InstanceData(
        keypoints=keypoints,
        keypoint_scores=np.ones(keypoints.shape[:2], dtype=np.float32),
        bboxes=boxes,
        bbox_scores=info.get('bbox_score', np.ones(len(boxes), dtype=np.float32)),
    )
    return sample


def _build_dataset(config: dict, **overrides: Any) -> BaseDataset:
    dataset = DATASETS.build({**config, 'pipeline': [], **overrides})
    if not isinstance(dataset, BaseDataset) or hasattr(dataset, 'datasets'):
        raise UserError(
            f'the mean pose cannot be taken over a {type(dataset).__name__}',
            'give a config with one data set of one convention',
        )
    return dataset


def mean_pose_baseline(config: Config) -> dict[str, float]:
    """Score the mean pose of the training set on the test set of a config.

    The frame comes from the test pipeline, the figures from the config's own
    ``test_evaluator``. No image is read.

    Args:
        config (Config): A top-down config of MMPose.

    Returns:
        dict[str, float]: The figures of the config's metrics.

    Raises:
        UserError: If the config is not top-down or an annotation file is missing.
    """
    init_default_scope(config.get('default_scope', 'mmpose'))
    train_config, test_config = (
        require(config, f'{split}_dataloader.dataset') for split in ('train', 'test')
    )
    for key in ('train_dataloader.dataset.type', 'test_dataloader.dataset.type'):
        require(config, key)
    require(config, 'test_evaluator')
    frame = CropFrame.from_pipeline(test_config.get('pipeline') or [])
    try:
        train = _build_dataset(train_config)
        test = _build_dataset(test_config)
    except (AssertionError, FileNotFoundError) as error:
        raise UserError(str(error), 'give the data set with data_root') from error
    mean = fit_mean_pose(train, frame)
    evaluator = Evaluator(config.test_evaluator)
    evaluator.dataset_meta = test.metainfo
    for i in tqdm(range(len(test)), desc='mean pose'):
        evaluator.process([mean_pose_sample(test.get_data_info(i), mean, frame)])
    return evaluator.evaluate(len(test))
