"""Selects people from the dense predictions of a one-stage network."""

from typing import NamedTuple

import cv2
import numpy as np

from .manifest import Manifest

ARRAY = np.ndarray


class Detections(NamedTuple):
    """The people of one input, best first, in pixels of the input.

    Attributes:
        boxes (np.ndarray): (n, 4): left, top, right and bottom.
        scores (np.ndarray): (n,).
        keypoints (np.ndarray): (n, K, 2).
        keypoint_scores (np.ndarray): (n, K).
    """

    boxes: ARRAY
    scores: ARRAY
    keypoints: ARRAY
    keypoint_scores: ARRAY


def split_outputs(
    outputs: dict[str, ARRAY], number: int, manifest: Manifest
) -> list[Detections]:
    """Sort a graph's outputs by input.

    Args:
        outputs (dict[str, np.ndarray]): Outputs of a one-stage graph: ``boxes``,
            ``scores``, ``keypoints`` and ``keypoint_scores``, dense with a first axis
            of N, or with ``image``, the input's index, for each remaining person.
        number (int): Number of inputs, N.
        manifest (Manifest): The network's manifest.

    Returns:
        list[Detections]: The people of each input.
    """
    names = Detections._fields
    if manifest.nms:
        mine = [np.flatnonzero(outputs['image'] == i) for i in range(number)]
        parts = [[outputs[name][rows] for name in names] for rows in mine]
    else:
        parts = [[outputs[name][i] for name in names] for i in range(number)]
    found = [Detections(*part) for part in parts]
    if not manifest.nms:
        found = [suppress(one, manifest) for one in found]
    for one in found:
        one.boxes[:, 0::2] = one.boxes[:, 0::2].clip(0, manifest.input_size[0])
        one.boxes[:, 1::2] = one.boxes[:, 1::2].clip(0, manifest.input_size[1])
    return found


def suppress(dense: Detections, manifest: Manifest) -> Detections:
    """Keep only the best of overlapping people.

    Args:
        dense (Detections): All predictions of an input.
        manifest (Manifest): The manifest, with ``score_thr``, ``nms_thr`` and
            ``max_people``.

    Returns:
        Detections: The predictions above the score threshold that do not overlap a
        better one too much.
    """
    places = np.flatnonzero(dense.scores > manifest.score_thr)
    places = places[np.argsort(-dense.scores[places], kind='stable')]
    if manifest.nms_thr < 1 and len(places):
        boxes = dense.boxes[places]
        corners = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], 1)
        kept = cv2.dnn.NMSBoxes(
            corners.astype(np.float64),
            dense.scores[places].astype(np.float64),
            manifest.score_thr,
            manifest.nms_thr,
        )
        places = places[np.asarray(kept, dtype=int).reshape(-1)]
    places = places[: manifest.max_people or None]
    return Detections(*(part[places] for part in dense))
