"""Sources of person boxes for top-down networks, if the caller gives none."""

import logging
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from mmengine.logging import print_log
from mmengine.registry import DefaultScope

from ..compat.weight_cache import DownloadError, fetch_weights
from ..utils.errors import UserError, check_choice

# The detector that MMPose's own inferencer uses for people.
_RTMDET_CONFIG = 'rtmdet_m_640-8xb32_coco-person.py'
_RTMDET_WEIGHTS = (
    'https://download.openmmlab.com/mmpose/v1/projects/rtmposev1/'
    'rtmdet_m_8xb32-100e_coco-obj365-person-235e8209.pth'
)
_MIN_SCORE = 0.3
_NMS = 0.3


class BoxSource(Protocol):
    """Finds people.

    Attributes:
        name (str): Description in words, for logs and results.
    """

    name: str

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Return boxes (n, 5) with scores, in pixels of a BGR image (H, W, 3)."""
        ...


class WholeImage:
    """One box: the whole image.

    Example:
        >>> WholeImage()(np.zeros((480, 640, 3), np.uint8))
        array([[  0.,   0., 640., 480.,   1.]], dtype=float32)
    """

    name = 'the whole image, taken for one person'

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Return the image's rectangle, with score 1."""
        height, width = image.shape[:2]
        return np.array([[0, 0, width, height, 1]], np.float32)


class OneStageBoxes:
    """The boxes of a one-stage pose network, such as LRFG-YOLOPose.

    Args:
        predictor (Callable): A :class:`.Predictor` of such a network.
        name (str): Description in words.
        min_score (float): Minimum score of a box. Default: 0.3.
    """

    def __init__(
        self, predictor: Callable, name: str, min_score: float = _MIN_SCORE
    ) -> None:
        self.predictor, self.name, self.min_score = predictor, name, min_score

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Return the boxes that overlap the image."""
        found = self.predictor(image).above(self.min_score)
        return _inside(
            np.concatenate([found.boxes, found.box_scores[:, None]], axis=1), image
        )


class MMDetBoxes:
    """Boxes from a detector of MMDetection.

    Args:
        config (str): The config, as ``mmdet::...`` or a path.
        weights (str, optional): The checkpoint. Default: random weights, for tests.
        device (str): Default: ``'cpu'``.
        name (str): Description in words.
        category (int): Index of the class of people. Default: 0.
        min_score (float): Minimum score of a box. Default: 0.3.
    """

    def __init__(
        self,
        config: Any,
        weights: str | None = None,
        device: str = 'cpu',
        name: str = 'found by a detector',
        category: int = 0,
        min_score: float = _MIN_SCORE,
    ) -> None:
        from mmdet.apis import init_detector

        self.name, self.category, self.min_score = name, category, min_score
        with DefaultScope.overwrite_default_scope('mmdet'):
            self.model = init_detector(config, weights, device=device)

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Return the boxes of people, after non-maximum suppression."""
        from mmdet.apis import inference_detector
        from mmpose.evaluation.functional import nms

        with DefaultScope.overwrite_default_scope('mmdet'):
            sample = inference_detector(self.model, image)
        found = sample.pred_instances.cpu().numpy()
        people = (found.labels == self.category) & (found.scores >= self.min_score)
        boxes = np.concatenate([found.bboxes, found.scores[:, None]], axis=1)[people]
        return _inside(boxes[nms(boxes, _NMS)] if len(boxes) else boxes, image)


def _inside(boxes: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Keep the boxes that have an area and overlap the image."""
    height, width = image.shape[:2]
    left, top, right, bottom = boxes[:, :4].T
    kept = (right > left) & (bottom > top) & (right > 0) & (bottom > 0)
    return boxes[kept & (left < width) & (top < height)].astype(np.float32)


def _rtmdet(device: str) -> BoxSource:
    try:
        from mmpose.apis.inferencers.utils import default_det_models
    except ImportError as error:
        raise UserError(
            'RTMDet needs MMDetection', 'type: mim install mmdet'
        ) from error
    weights = fetch_weights(_RTMDET_WEIGHTS)
    config = default_det_models['human']['model']
    return MMDetBoxes(config, str(weights), device, 'found by RTMDet (MMDetection)')


def _lrfg(device: str) -> BoxSource:
    from .predictor import Predictor
    from .zoo import find_model

    model = find_model('lrfg_yolopose')
    if model.weights is None:
        raise UserError('LRFG-YOLOPose comes without weights here')
    predictor = Predictor(model.config, model.weights, device)
    return OneStageBoxes(predictor, f'found by LRFG-YOLOPose ({model.about})')


SOURCES: dict[str, Callable[[str], BoxSource]] = {
    'rtmdet': _rtmdet,
    'lrfg': _lrfg,
    'whole-image': lambda device: WholeImage(),
}
# The shipped LRFG-YOLOPose knows single walkers alone, so it has to be asked for.
AUTO = ('rtmdet', 'whole-image')


def choose_box_source(wanted: Any, device: str = 'cpu') -> BoxSource:
    """Return a source of boxes; for ``'auto'`` the log says which.

    Args:
        wanted (str | BoxSource): ``'rtmdet'`` (MMDetection's, with the weights that
            MMPose's inferencer uses), ``'lrfg'`` (this project's shipped one-stage
            network), ``'whole-image'``; ``'auto'``, which is RTMDet if available, else
            the whole image; or the caller's own source, which is returned.
        device (str): Device to use. Default: ``'cpu'``.

    Returns:
        BoxSource: The source.

    Raises:
        ConfigError: If the name is unknown.
        UserError: If the source that was asked for is not available.
    """
    if callable(wanted):
        return wanted
    check_choice('Predictor', 'boxes_from', wanted, ['auto', *SOURCES])
    if wanted != 'auto':
        return SOURCES[wanted](device)
    for name in AUTO:
        try:
            source = SOURCES[name](device)
        except (UserError, DownloadError) as error:
            _log(f'no boxes from {name}: {error.what}')
        else:
            _log(f'boxes: {source.name}')
            return source
    raise AssertionError('the whole image is always there')


def _log(text: str) -> None:
    print_log(text, logger='current', level=logging.INFO)
