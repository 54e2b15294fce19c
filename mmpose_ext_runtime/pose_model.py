"""Prediction with an exported network."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .crops import Crop, check_boxes, crop_person, letterbox, to_input
from .decoding import decode_heatmaps
from .engines import load_engine
from .errors import InputError
from .images import as_bgr, load_image
from .manifest import HEATMAPS, read_manifest
from .suppression import split_outputs

ARRAY = np.ndarray
#: Where the boxes of a result come from.
GIVEN, WHOLE, NETWORK = 'given', 'whole image', 'network'


@dataclass
class People:
    """The people of one image, in pixels of the image.

    Attributes:
        keypoints (np.ndarray): (n, K, 2) float32, x and y.
        scores (np.ndarray): (n, K) float32, scores of the key points.
        boxes (np.ndarray): (n, 4) float32: left, top, right and bottom.
        box_scores (np.ndarray): (n,) float32; 1 for given boxes.
        boxes_from (str): ``'given'``, ``'whole image'`` (a top-down network without
            boxes treats the image as one person) or ``'network'`` (one-stage).
    """

    keypoints: ARRAY
    scores: ARRAY
    boxes: ARRAY
    box_scores: ARRAY
    boxes_from: str

    def __len__(self) -> int:
        return len(self.boxes)

    def above(self, score: float) -> int:
        """Count the people whose score is greater than a threshold.

        A person's score is the score of the box times the mean score of the key points;
        given boxes have the score 1.

        Args:
            score (float): The threshold, from 0 to 1.

        Example:
            >>> boxes = np.array([[0, 0, 9, 9], [5, 5, 20, 20]], np.float32)
            >>> scores = np.array([[0.9, 0.7], [0.1, 0.3]], np.float32)
            >>> people = People(
            ...     np.zeros((2, 2, 2)), scores, boxes, np.ones(2), 'given'
            ... )
            >>> people.above(0.5)
            1
        """
        if not len(self):
            return 0
        return int((self.box_scores * self.scores.mean(1) > score).sum())


class PoseModel:
    """An exported network.

    Args:
        path (str | os.PathLike): The ONNX file that ``mmpose-ext export`` wrote.
        engine (str): ``'onnxruntime'`` or ``'openvino'``. Default: ``'onnxruntime'``.
        threads (int, optional): Number of threads. Default: the engine's.
        precision (str, optional): Precision that OpenVINO computes with:
            ``'float32'``, ``'bf16'`` or ``'fp16'``. Default: ``'float32'``.
        batch (int): Maximum number of inputs in one run. Default: 16.

    Attributes:
        manifest (Manifest): The file's description.

    Raises:
        InputError: If the file or an argument cannot be used.
    """

    def __init__(
        self,
        path: str | os.PathLike,
        engine: str = 'onnxruntime',
        threads: int | None = None,
        precision: str | None = None,
        batch: int = 16,
    ) -> None:
        if batch < 1:
            raise InputError(f'--batch {batch} is too small', 'give 1 or more')
        self.manifest = read_manifest(path)
        self.batch = batch
        self._engine = load_engine(path, engine, threads, precision)

    def __call__(
        self, image: str | os.PathLike | ARRAY, boxes: Any | None = None
    ) -> People:
        """Predict one image; see :meth:`predict` for the arguments."""
        return self.predict([image], None if boxes is None else [boxes])[0]

    def predict(
        self,
        images: Sequence[str | os.PathLike | ARRAY],
        boxes: Sequence[Any] | None = None,
    ) -> list[People]:
        """Predict images; people of several images share batches.

        Args:
            images (Sequence): Files, or arrays; see :func:`.as_bgr`.
            boxes (Sequence, optional): For each image (n, 4): left, top, right and
                bottom of each person; only for top-down networks. Default: a top-down
                network treats each image as one person.

        Returns:
            list[People]: The people of each image.

        Raises:
            InputError: If an image or a box cannot be used.
        """
        if boxes is not None and len(boxes) != len(images):
            raise InputError(
                f'{len(images)} images have {len(boxes)} lists of boxes',
                'give one list for each image',
            )
        names = [_name(image, i) for i, image in enumerate(images)]
        if not names:
            return []
        frames = [
            as_bgr(image, name) if isinstance(image, np.ndarray) else load_image(image)
            for image, name in zip(images, names, strict=True)
        ]
        if self.manifest.kind == 'onestage':
            if boxes is not None:
                raise InputError(
                    'a one-stage network finds people by itself', 'give no boxes'
                )
            return self._predict_images(frames)
        found = [
            check_boxes(boxes[i], frame.shape, names[i])
            if boxes is not None
            else np.array([[0, 0, *frame.shape[1::-1]]], np.float32)
            for i, frame in enumerate(frames)
        ]
        return self._predict_people(frames, found, WHOLE if boxes is None else GIVEN)

    def run(self, crops: list[Crop]) -> dict[str, ARRAY]:
        """Run the graph on any number of inputs, in batches.

        Args:
            crops (list[Crop]): The N crops, at least one.

        Returns:
            dict[str, np.ndarray]: The graph's outputs by name.
        """
        parts = []
        for start in range(0, len(crops), self.batch):
            batch = to_input(crops[start : start + self.batch], self.manifest)
            outputs = self._engine.run(batch)
            if 'image' in outputs:
                outputs['image'] = outputs['image'] + start
            parts.append(outputs)
        return {
            name: np.concatenate([part[name] for part in parts]) for name in parts[0]
        }

    def decode(self, outputs: dict[str, ARRAY]) -> tuple[ARRAY, ARRAY]:
        """Return the key points in the outputs of a top-down graph.

        Args:
            outputs (dict[str, np.ndarray]): The outputs, from :meth:`run`.

        Returns:
            tuple[np.ndarray, np.ndarray]: Key points (N, K, 2) in pixels of the input,
            and scores (N, K).
        """
        manifest = self.manifest
        if manifest.decode:
            return outputs['keypoints'], outputs['scores']
        points, scores = decode_heatmaps(
            outputs[HEATMAPS], manifest.codec, manifest.input_size
        )
        if manifest.select:
            points, scores = points[:, manifest.select], scores[:, manifest.select]
        return points, scores

    def _predict_people(
        self, frames: list[ARRAY], boxes: list[ARRAY], source: str
    ) -> list[People]:
        crops = [
            crop_person(frame, box, self.manifest)
            for frame, mine in zip(frames, boxes, strict=True)
            for box in mine
        ]
        joints = len(self.manifest.keypoint_names)
        points, scores = np.zeros((0, joints, 2)), np.zeros((0, joints))
        if crops:
            points, scores = self.decode(self.run(crops))
            points = np.stack(
                [crop.to_image(own) for crop, own in zip(crops, points, strict=True)]
            )
        ends = np.cumsum([len(mine) for mine in boxes])[:-1]
        return [
            People(
                own.astype(np.float32),
                score.astype(np.float32),
                box,
                np.ones(len(box), np.float32),
                source,
            )
            for own, score, box in zip(
                np.split(points, ends), np.split(scores, ends), boxes, strict=True
            )
        ]

    def _predict_images(self, frames: list[ARRAY]) -> list[People]:
        crops = [letterbox(frame, self.manifest) for frame in frames]
        found = split_outputs(self.run(crops), len(crops), self.manifest)
        return [
            People(
                crop.to_image(one.keypoints).astype(np.float32),
                one.keypoint_scores,
                crop.to_image(one.boxes.reshape(-1, 2, 2))
                .reshape(-1, 4)
                .astype(np.float32),
                one.scores,
                NETWORK,
            )
            for crop, one in zip(crops, found, strict=True)
        ]


def _name(image: str | os.PathLike | ARRAY, index: int) -> str:
    return f'image {index}' if isinstance(image, np.ndarray) else str(image)
