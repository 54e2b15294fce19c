"""COCO's evaluation of key points by the fastest installed implementation.

``hotcoco`` (an optional package) loads and scores 5000 people in less than a tenth of
a second, with the same figures as COCO's own code, which runs instead if ``hotcoco`` is
not installed, or for input on which the two could differ.
"""

import contextlib
import importlib.util
import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from xtcocotools.coco import COCO
from xtcocotools.cocoeval import COCOeval

from ..utils.errors import ConfigError, UserError, check_choice

STATS = (
    'AP', 'AP .5', 'AP .75', 'AP (M)', 'AP (L)',
    'AR', 'AR .5', 'AR .75', 'AR (M)', 'AR (L)',
)  # fmt: skip
BACKENDS = ('auto', 'hotcoco', 'cocotools')
# Possible sources of a detection's size.
AREAS = ('box', 'keypoints')
# xtcocotools' estimate of a person's area with ``use_area=False``, as a share of the
# box.
_BOX_SHARE = 0.53


@dataclass(frozen=True)
class KeypointEvaluation:
    """Figures of COCO's evaluation of key points.

    Attributes:
        stats (np.ndarray): COCO's ten figures, (10,); -1 without ground truth.
        precision (np.ndarray): (T, R, C, A, M): OKS thresholds, recalls, categories,
            sizes, numbers of detections; -1 without ground truth.
        thresholds (np.ndarray): OKS thresholds, (T,).
        recalls (np.ndarray): (R,).
    """

    stats: np.ndarray
    precision: np.ndarray
    thresholds: np.ndarray
    recalls: np.ndarray


class KeypointScorer:
    """Evaluates any number of results against one ground truth.

    Args:
        truth (COCO): The annotation, which is not changed.
        sigmas (np.ndarray): OKS constants of the K joints, (K,).
        use_area (bool): Whether to use the annotated ``area``; otherwise 0.53 of the
            box is used. Default: True.
        backend (str): ``'hotcoco'``, ``'cocotools'`` (COCO's own code) or ``'auto'``,
            which is the first if it is installed. Default: ``'auto'``.

    Raises:
        ConfigError: If ``backend`` is unknown or not installed.
    """

    def __init__(
        self,
        truth: COCO,
        sigmas: np.ndarray,
        use_area: bool = True,
        backend: str = 'auto',
    ) -> None:
        check_backend('KeypointScorer', backend)
        self.truth = truth
        self.sigmas = np.asarray(sigmas)
        self.use_area = use_area
        self._fast = None
        if backend != 'cocotools' and hotcoco_installed():
            self._fast = _fast_truth(truth, use_area)

    def evaluate(
        self,
        results: Sequence[Mapping[str, Any]],
        detection_area: str = 'box',
        quiet: bool = True,
    ) -> KeypointEvaluation:
        """Evaluate results.

        Args:
            results (Sequence[Mapping]): Results in COCO's format, which are not
                changed.
            detection_area (str): Definition of a detection's size, which decides
                whether an unmatched detection counts against the medium or the large
                people. ``'box'``: the area of its box, if the results have boxes, as
                in MMPose's ``CocoMetric`` and COCO's own code. ``'keypoints'``:
                always the extent of its joints, as for results without boxes, such
                as those of HRNet's own evaluation. It does not change AP and AR over
                all sizes. Default: ``'box'``.
            quiet (bool): Whether to suppress COCO's printed table. Default: True.

        Returns:
            KeypointEvaluation: The figures.

        Raises:
            ConfigError: If ``detection_area`` is unknown.
            UserError: If a result belongs to an image that is not annotated.
        """
        check_choice('KeypointScorer', 'detection_area', detection_area, AREAS)
        boxes = detection_area == 'box' and bool(results) and bool(_box(results[0]))
        if not boxes:
            results = [{k: v for k, v in r.items() if k != 'bbox'} for r in results]
        self._check_images(results)
        if self._fast is not None and _plain(results, len(self.sigmas), boxes):
            return self._by_hotcoco(results, quiet)
        return self._by_cocotools(results, quiet)

    def _check_images(self, results: Sequence[Mapping[str, Any]]) -> None:
        unknown = {r['image_id'] for r in results} - set(self.truth.imgs)
        if unknown:
            raise UserError(
                f'{len(unknown)} images of the results are not in the annotation, '
                f'such as {min(unknown, key=str)}',
                'evaluate with the annotation of the images that were tested',
            )

    def _by_hotcoco(
        self, results: Sequence[Mapping[str, Any]], quiet: bool
    ) -> KeypointEvaluation:
        from hotcoco import COCOeval as FastEval

        assert self._fast is not None
        known = self._fast.cats
        # As in xtcocotools, a detection without a single joint does not count.
        seen = [
            r
            for r in results
            if r['category_id'] in known and max(r['keypoints'][2::3]) > 0
        ]
        if not seen:
            return self._by_cocotools(results, quiet)
        evaluation = FastEval(self._fast, self._fast.load_res(seen), 'keypoints')
        # Square the constants in their own precision, as COCO's code does.
        squares = ((self.sigmas * 2) ** 2).astype(np.float64)
        evaluation.params.kpt_oks_sigmas = (np.sqrt(squares) / 2).tolist()
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter('ignore')  # about constants that are not COCO's
            evaluation.evaluate()
            evaluation.accumulate()
            evaluation.summarize()
        if not quiet:
            print('\n'.join(evaluation.summary_lines()))
        params = evaluation.params
        return KeypointEvaluation(
            np.asarray(evaluation.stats),
            np.asarray((evaluation.eval or {})['precision']),
            np.asarray(params.iou_thrs),
            np.asarray(params.rec_thrs),
        )

    def _by_cocotools(
        self, results: Sequence[Mapping[str, Any]], quiet: bool
    ) -> KeypointEvaluation:
        # COCO's code changes its arguments.
        fresh = [dict(r, category_id=int(r['category_id'])) for r in results]
        out = (
            contextlib.redirect_stdout(io.StringIO())
            if quiet
            else contextlib.nullcontext()
        )
        with out:
            detections = self.truth.loadRes(fresh)
            if not fresh:
                detections.dataset['categories'] = self.truth.dataset['categories']
                detections.createIndex()
            evaluation = COCOeval(
                self.truth, detections, 'keypoints', self.sigmas, self.use_area
            )
            evaluation.params.useSegm = None
            evaluation.evaluate()
            evaluation.accumulate()
            evaluation.summarize()
        return KeypointEvaluation(
            np.asarray(evaluation.stats),
            evaluation.eval['precision'],
            np.asarray(evaluation.params.iouThrs),
            np.asarray(evaluation.params.recThrs),
        )


def hotcoco_installed() -> bool:
    """Check whether ``hotcoco`` can be imported."""
    return importlib.util.find_spec('hotcoco') is not None


def check_backend(owner: Any, backend: str) -> None:
    """Raise a ConfigError unless the named implementation can be used.

    Args:
        owner (Any): The class whose argument it is, or its name.
        backend (str): One of :data:`BACKENDS`.
    """
    check_choice(owner, 'backend', backend, BACKENDS)
    if backend == 'hotcoco' and not hotcoco_installed():
        raise ConfigError(
            owner,
            'backend',
            backend,
            'is not installed',
            "run pip install hotcoco, or choose 'auto'",
        )


def _fast_truth(truth: COCO, use_area: bool) -> Any:
    """Convert to hotcoco's form; None if COCO's own code must read the annotation."""
    from hotcoco import COCO as FastCOCO

    categories = truth.dataset.get('categories', [])
    listed = {category['id'] for category in categories}
    people: list[dict] = []
    for image in truth.imgs:
        for person in truth.imgToAnns.get(image, ()):
            # Like COCO's code, read the index, which a conversion may have changed.
            ann = truth.anns[person['id']]
            if ann['category_id'] in listed:
                people.append(_fast_person(ann, len(people) + 1, use_area))
    content = dict(
        images=[
            dict(id=i, width=v.get('width', 0), height=v.get('height', 0))
            for i, v in truth.imgs.items()
        ],
        annotations=people,
        categories=[
            dict(id=c['id'], name=str(c.get('name', c['id']))) for c in categories
        ],
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            return FastCOCO(content)
    except (TypeError, ValueError, OverflowError, KeyError):
        return None  # such as identifiers that are not integers


def _fast_person(ann: Mapping[str, Any], number: int, use_area: bool) -> dict:
    """Copy one annotation, with the values that xtcocotools derives from it."""
    joints = ann['keypoints']
    x, y, w, h = map(float, ann['bbox'])
    return dict(
        # COCO's code reads the identifier 0 as "no match".
        id=number,
        image_id=ann['image_id'],
        category_id=ann['category_id'],
        bbox=[x, y, w, h],
        area=float(ann['area']) if use_area else w * h * _BOX_SHARE,
        keypoints=[float(v) for v in joints],
        num_keypoints=sum(v > 0 for v in joints[2::3]),
        iscrowd=int(bool(ann.get('iscrowd', 0))),
    )


def _box(result: Mapping[str, Any]) -> bool:
    return 'bbox' in result and len(result['bbox']) > 0


def _plain(results: Sequence[Mapping[str, Any]], joints: int, boxes: bool) -> bool:
    """Check that all results are finite and of one form, so both backends agree."""
    return bool(results) and all(
        len(r['keypoints']) == 3 * joints
        and np.isfinite(sum(r['keypoints']) + r['score'])
        and (not boxes or (_box(r) and np.isfinite(sum(r['bbox']))))
        for r in results
    )
