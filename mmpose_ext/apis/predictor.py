"""Key points of people in images, from any pose estimator of MMPose."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from mmengine.registry import DefaultScope
from mmpose.structures import PoseDataSample, merge_data_samples

from ..utils.config import require
from ..utils.errors import ConfigError, UserError
from .boxes import BoxSource, choose_box_source
from .from_config import load_model
from .images import ImageInput, as_image, as_images, boxes_by_image, check_boxes
from .pose_config import correct_meta, data_mode, find_config, name_of, return_heatmaps
from .results import PoseResult

GIVEN = 'given by the caller'
ONE_STAGE = 'found by the network itself'


class Predictor:
    """Predictor of key points, with the caller's boxes and in batches.

    ``Predictor(config, weights)(image, boxes)`` equals MMPose's ``inference_topdown``
    on the same boxes. Crops of several people and images share a batch.

    Args:
        config (str | os.PathLike | Config): A config, or a name that
            :func:`.zoo.find_model` knows: of a paper here, or of MMPose's zoo.
        weights (str | os.PathLike, optional): A checkpoint (``.pth``,
            ``.safetensors``) or its URL. Default: those that belong to the name; if
            there are none, an error is raised.
        device (str): Such as ``'cuda:0'``. Default: ``'cpu'``.
        batch_size (int): Number of crops, or of images for a one-stage network, in one
            forward pass. Default: 32.
        boxes_from (str | BoxSource): Source of a top-down network's boxes when the
            caller gives none, see :func:`.boxes.choose_box_source`.
            Default: ``'auto'``.
        min_score (float): Minimum score of a person in the results of a one-stage
            network. Default: 0.05.
        heatmaps (bool): Whether to return heat maps. Default: False.
        allow_random (bool): Whether a network without weights may predict.
            Default: False.

    Raises:
        UserError: If the config or the weights cannot be used, or there are none.

    Example:
        >>> from mmpose_ext.apis import find_model
        >>> config = find_model('ca_hrnet').config
        >>> predict = Predictor(config, boxes_from='whole-image', allow_random=True)
        >>> image = np.zeros((96, 128, 3), np.uint8)
        >>> predict(image).keypoints.shape  # the whole image is one person
        (1, 14, 2)
        >>> predict(image, boxes=[[0, 0, 60, 90], [50, 10, 120, 90]]).keypoints.shape
        (2, 14, 2)
    """

    def __init__(
        self,
        config: str | os.PathLike | Config,
        weights: str | os.PathLike | None = None,
        device: str = 'cpu',
        batch_size: int = 32,
        boxes_from: str | BoxSource = 'auto',
        min_score: float = 0.05,
        heatmaps: bool = False,
        allow_random: bool = False,
    ) -> None:
        if batch_size < 1:
            raise ConfigError(
                self, 'batch_size', batch_size, 'is below 1', 'give 1 or more'
            )
        loaded, weights, self.about = find_config(config, weights)
        if weights is None and not allow_random:
            raise UserError(
                f'{name_of(loaded)} comes without weights, so it would predict at '
                'random',
                'give a checkpoint, or allow random weights',
            )
        pipeline = require(loaded, 'test_dataloader.dataset.pipeline')
        self.one_stage = data_mode(loaded) != 'topdown'
        if heatmaps:
            return_heatmaps(loaded, self.one_stage)
        self.model = load_model(loaded, weights, device)
        correct_meta(self.model, loaded)
        self.scope = loaded.get('default_scope', 'mmpose')
        with DefaultScope.overwrite_default_scope(self.scope):
            self.pipeline = Compose(pipeline)
        self.meta: dict[str, Any] = self.model.dataset_meta
        self.batch_size = batch_size
        self.min_score = min_score
        self.heatmaps = heatmaps
        self.device = device
        self._boxes_from = boxes_from
        self._source: BoxSource | None = None

    @property
    def box_source(self) -> BoxSource:
        """The source of boxes that are not given, created when first needed."""
        if self._source is None:
            self._source = choose_box_source(self._boxes_from, self.device)
        return self._source

    def __call__(
        self, images: ImageInput | Sequence[ImageInput], boxes: Any = None
    ) -> Any:
        """Predict the key points of people.

        Args:
            images (str | os.PathLike | np.ndarray | Sequence): One image or several,
                each a file or an array as :func:`.images.as_image` takes it.
            boxes (np.ndarray | Sequence, optional): For one image (n, 4) or (n, 5):
                left, top, right, bottom and optionally a score; for several images a
                list with an entry for each, None where boxes are to be detected. An
                empty array (0, 4) means that there is nobody. Default: detected in
                every image.

        Returns:
            PoseResult | list[PoseResult]: The result of one image, or a list of them.

        Raises:
            InputError: If an image or a box cannot be used.
            UserError: If boxes are given to a network that finds people itself.
        """
        listed = as_images(images)
        alone = not isinstance(images, (list, tuple)) and len(listed) == 1
        given = boxes_by_image(boxes, len(listed), alone)
        names = [_name(image, number) for number, image in enumerate(listed)]
        arrays = [
            as_image(image, name) for image, name in zip(listed, names, strict=True)
        ]
        if self.one_stage:
            if any(entry is not None for entry in given):
                raise UserError(
                    'this network finds people by itself and takes no boxes',
                    'leave them out, or use a top-down network',
                )
            results = self._one_stage(arrays, names)
        else:
            results = self._top_down(arrays, names, given)
        return results[0] if alone else results

    def _top_down(
        self, images: list[np.ndarray], names: list[str], given: list[Any]
    ) -> list[PoseResult]:
        sources, found = [], []
        for image, name, boxes in zip(images, names, given, strict=True):
            sources.append(GIVEN if boxes is not None else self.box_source.name)
            boxes = self.box_source(image) if boxes is None else boxes
            found.append(check_boxes(boxes, (image.shape[1], image.shape[0]), name))
        crops = [(i, box) for i, boxes in enumerate(found) for box in boxes]
        samples = self._run(
            [
                dict(img=images[i], bbox=box[None, :4], bbox_score=box[4:])
                for i, box in crops
            ]
        )
        return [
            self._result(
                [s for s, (owner, _) in zip(samples, crops, strict=True) if owner == i],
                image,
                name,
                source,
            )
            for i, (image, name, source) in enumerate(
                zip(images, names, sources, strict=True)
            )
        ]

    def _one_stage(
        self, images: list[np.ndarray], names: list[str]
    ) -> list[PoseResult]:
        samples = self._run([dict(img=image) for image in images])
        return [
            self._result([sample], image, name, ONE_STAGE)
            for sample, image, name in zip(samples, images, names, strict=True)
        ]

    @torch.no_grad()
    def _run(self, items: list[dict]) -> list[PoseDataSample]:
        """Run items through the pipeline and the network in batches."""
        samples: list[PoseDataSample] = []
        with DefaultScope.overwrite_default_scope(self.scope):
            for start in range(0, len(items), self.batch_size):
                part = items[start : start + self.batch_size]
                prepared = [self.pipeline({**item, **self.meta}) for item in part]
                samples += self.model.test_step(pseudo_collate(prepared))
        return samples

    def _result(
        self, samples: list[PoseDataSample], image: np.ndarray, name: str, source: str
    ) -> PoseResult:
        """Combine the predictions of one image."""
        parts = [_instances(sample, self.one_stage) for sample in samples]
        count = len(self.meta['keypoint_id2name'])
        empty = [(0, count, 2), (0, count), (0, 4), (0,), (0,)]
        points, point_scores, boxes, box_scores, scores = (
            np.concatenate([np.zeros(shape, np.float32), *(p[i] for p in parts)])
            for i, shape in enumerate(empty)
        )
        maps = None
        if self.heatmaps and samples and 'pred_fields' in samples[0]:
            fields = merge_data_samples(samples).pred_fields
            maps = np.asarray(fields.heatmaps, np.float32)
        result = PoseResult(
            keypoints=points,
            keypoint_scores=point_scores,
            boxes=boxes,
            box_scores=box_scores,
            scores=scores,
            box_source=source,
            size=(image.shape[1], image.shape[0]),
            name=name,
            meta=self.meta,
            heatmaps=maps,
        )
        return result.above(self.min_score) if self.one_stage else result


def _name(image: ImageInput, number: int) -> str:
    return f'image {number}' if isinstance(image, np.ndarray) else os.fspath(image)


def _instances(sample: PoseDataSample, one_stage: bool) -> tuple[np.ndarray, ...]:
    """Return key points, their scores, boxes, their scores and people's scores."""

    def array(value: Any) -> np.ndarray:
        value = value.cpu() if torch.is_tensor(value) else value
        return np.asarray(value, np.float32)

    found = sample.pred_instances
    points, scores = array(found.keypoints), array(found.keypoint_scores)
    points, scores = points[..., :2], scores.reshape(points.shape[:2])
    if not (np.isfinite(points).all() and np.isfinite(scores).all()):
        raise UserError(
            'the network gave numbers that are not finite',
            'fetch or train its weights again',
        )
    mean = scores.mean(axis=1) if len(points) else np.zeros(0, np.float32)
    if 'bboxes' in found:
        boxes = array(found.bboxes)
    else:  # grouping networks find no boxes
        ends = [points.min(axis=1), points.max(axis=1)] if len(points) else []
        boxes = np.concatenate(ends, axis=1) if ends else np.zeros((0, 4), np.float32)
    key = next((key for key in ('bbox_scores', 'scores') if key in found), None)
    box_scores = array(found[key]).reshape(-1) if key else mean
    people = box_scores if one_stage else box_scores * mean
    return points, scores, boxes, box_scores, people
