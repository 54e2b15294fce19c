"""The precision-recall curves behind COCO's average precision."""

import contextlib
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm
from xtcocotools.coco import COCO

from ..utils import ConfigError, atomic_write, write_json_atomic
from .keypoint_scorer import AREAS, STATS, KeypointEvaluation, KeypointScorer

__all__ = ['AREAS', 'STATS', 'CocoCurves', 'coco_curves']


@dataclass
class CocoCurves:
    """Precision and recall of key points on COCO.

    Attributes:
        thresholds (np.ndarray): OKS thresholds, shape (T,), 0.5 to 0.95.
        recall (np.ndarray): Recalls, shape (R,), 0 to 1 in steps of 0.01.
        precision (np.ndarray): Precision, interpolated as in COCO, shape (T, R); nan
            without ground truth.
        stats (dict[str, float]): COCO's ten figures, from 0 to 1.
        per_keypoint (dict[str, float]): AP of each single joint.
        label (str): Description of the evaluation, e.g. of the boxes.
    """

    thresholds: np.ndarray
    recall: np.ndarray
    precision: np.ndarray
    stats: dict[str, float]
    per_keypoint: dict[str, float] = field(default_factory=dict)
    label: str = ''

    @property
    def ap(self) -> np.ndarray:
        """Return the AP at each threshold, shape (T,)."""
        return self.precision.mean(axis=1)

    def save(self, prefix: str | os.PathLike) -> tuple[Path, Path]:
        """Write the data and the picture.

        Args:
            prefix (str | os.PathLike): Prefix of the names ``<prefix>.json`` and
                ``<prefix>.png``.

        Returns:
            tuple[Path, Path]: The two files.

        Raises:
            UserError: If they cannot be written.
        """
        data, picture = Path(f'{prefix}.json'), Path(f'{prefix}.png')
        content = dict(
            label=self.label,
            stats=_known(self.stats),
            ap_per_keypoint=_known(self.per_keypoint),
            oks_thresholds=self.thresholds.round(3).tolist(),
            ap_per_threshold=_listed(self.ap),
            recall=self.recall.round(3).tolist(),
            precision=[_listed(row) for row in self.precision],
        )
        write_json_atomic(data, content, indent=1)
        with atomic_write(picture) as temporary:
            self._plot(temporary)
        return data, picture

    def _plot(self, path: Path) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8.4, 5.2), dpi=130, layout='constrained')
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        shades = np.linspace(0, 0.85, len(self.thresholds))
        for i, threshold in enumerate(self.thresholds):
            axes.plot(
                self.recall,
                self.precision[i],
                color=(shades[i], 0.35, 1 - shades[i]),
                label=f'OKS {threshold:.2f}   AP {100 * self.ap[i]:5.1f}',
            )
        axes.set(
            xlim=(0, 1),
            ylim=(0, 1.02),
            xlabel='recall',
            ylabel='precision',
            title=f'{self.label}   AP {100 * self.stats["AP"]:.1f}'.strip(),
        )
        axes.grid(alpha=0.3)
        axes.legend(loc='center left', bbox_to_anchor=(1.01, 0.5), fontsize='small')
        figure.savefig(path)


def _listed(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(v) else round(float(v), 5) for v in values]


def _known(values: Mapping[str, float]) -> dict[str, float | None]:
    return dict(zip(values, _listed(np.array([*values.values()])), strict=True))


def coco_curves(
    ground_truth: COCO,
    results: Sequence[Mapping[str, Any]],
    sigmas: Sequence[float] | np.ndarray,
    names: Sequence[str] = (),
    label: str = '',
    use_area: bool = True,
    detection_area: str = 'box',
    progress: bool = False,
    backend: str = 'auto',
) -> CocoCurves:
    """Evaluate key points by COCO's rules and keep the curves.

    The AP of one joint compares only that joint: people who have it annotated are the
    ground truth, the others are ignored, and the similarity is the joint's term of
    OKS. Detections keep the score of the whole person.

    Args:
        ground_truth (COCO): The annotation, which is not changed.
        results (Sequence[Mapping]): Results in COCO's format, as written by
            ``CocoMetric``.
        sigmas (Sequence[float]): OKS constants of the K joints.
        names (Sequence[str]): Names of the joints, for the AP of each; empty for only
            the total.
        label (str): Description that is stored with the result.
        use_area (bool): Whether to use the ground truth's ``area``; otherwise 0.53 of
            the box is used.
        detection_area (str): See
            :meth:`~mmpose_ext.evaluation.keypoint_scorer.KeypointScorer.evaluate`.
        progress (bool): Whether to show a progress bar over the joints.
        backend (str): Implementation of COCO's rules; see
            :class:`~mmpose_ext.evaluation.keypoint_scorer.KeypointScorer`.

    Returns:
        CocoCurves: Curves and figures, averaged over the categories with ground
        truth; nan if there is none.

    Raises:
        ConfigError: If names, sigmas and joints differ in number.
    """
    constants = np.asarray(sigmas, dtype=float)
    if names and len(names) != len(constants):
        raise ConfigError(
            'coco_curves',
            'names',
            tuple(names),
            f'must have one entry for each of the {len(constants)} sigmas',
            'take both from one metainfo',
        )
    options: dict[str, Any] = dict(use_area=use_area, backend=backend)
    scorer = KeypointScorer(ground_truth, constants, **options)
    whole = scorer.evaluate(results, detection_area)
    stats = np.where(np.asarray(whole.stats) < 0, np.nan, whole.stats)
    curves = CocoCurves(
        whole.thresholds,
        whole.recalls,
        _mean_precision(whole),
        dict(zip(STATS, stats.tolist(), strict=True)),
        label=label,
    )
    joints = tqdm(names, desc='AP per key point', disable=not progress)
    for k, name in enumerate(joints):
        part = [
            {**r, 'keypoints': list(r['keypoints'][3 * k : 3 * k + 3])} for r in results
        ]
        truth = _only(ground_truth, k)
        single = KeypointScorer(truth, constants[k : k + 1], **options)
        one = single.evaluate(part, detection_area)
        curves.per_keypoint[name] = float(_mean_precision(one).mean())
    return curves


def _mean_precision(evaluation: KeypointEvaluation) -> np.ndarray:
    """Average over the categories with ground truth, (T, R); nan without any."""
    precision = evaluation.precision[:, :, :, 0, -1]
    there = precision[0, 0] > -1
    if not there.any():
        return np.full(precision.shape[:2], np.nan)
    return precision[:, :, there].mean(axis=2)


def _only(ground_truth: COCO, k: int) -> COCO:
    """Reduce the ground truth to one joint."""
    people = []
    for person in ground_truth.dataset['annotations']:
        if 'keypoints' in person:
            joint = list(person['keypoints'][3 * k : 3 * k + 3])
            people.append(
                dict(person, keypoints=joint, num_keypoints=int(joint[2] > 0))
            )
    single = COCO()
    single.dataset = dict(ground_truth.dataset, annotations=people)
    with contextlib.redirect_stdout(io.StringIO()):
        single.createIndex()
    return single
