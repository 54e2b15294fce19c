"""Result of a prediction."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

#: Minimum score of a person that counts as found, unless the caller gives another.
PERSON_SCORE = 0.3


@dataclass(frozen=True)
class PoseResult:
    """The people of an image, best first if the network orders them.

    Attributes:
        keypoints (np.ndarray): (n, K, 2) float32, x and y in pixels of the image.
        keypoint_scores (np.ndarray): (n, K) float32.
        boxes (np.ndarray): (n, 4) float32: left, top, right, bottom in pixels.
        box_scores (np.ndarray): (n,) float32.
        scores (np.ndarray): (n,) float32, score of each person: a one-stage network's
            own, or the box's score times the mean score of the key points.
        box_source (str): Where the boxes came from, in words.
        size (tuple[int, int]): Width and height of the image.
        name (str): The file, or a name for the caller's array.
        meta (dict): MMPose's ``dataset_meta``: names of the key points, skeleton.
        heatmaps (np.ndarray, optional): (K, H, W) float32 in pixels of the image, if
            requested.
        ids (np.ndarray, optional): (n,) int64, number of each person, the same in every
            frame.

    Example:
        >>> found = PoseResult(
        ...     keypoints=np.zeros((2, 17, 2), np.float32),
        ...     keypoint_scores=np.ones((2, 17), np.float32),
        ...     boxes=np.array([[0, 0, 9, 9], [5, 5, 20, 20]], np.float32),
        ...     box_scores=np.ones(2, np.float32),
        ...     scores=np.array([0.9, 0.2], np.float32),
        ...     box_source='given by the caller',
        ...     size=(32, 32),
        ...     name='photo.jpg',
        ...     meta={},
        ... )
        >>> len(found), found.count(0.5), len(found.above(0.1))
        (2, 1, 2)
        >>> found.describe()
        '1 person with a score of 0.3 or more (1 below); boxes: given by the caller'
    """

    keypoints: np.ndarray
    keypoint_scores: np.ndarray
    boxes: np.ndarray
    box_scores: np.ndarray
    scores: np.ndarray
    box_source: str
    size: tuple[int, int]
    name: str
    meta: dict[str, Any]
    heatmaps: np.ndarray | None = None
    ids: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.keypoints)

    @property
    def keypoint_names(self) -> list[str]:
        """The names of the key points, in order."""
        names = self.meta['keypoint_id2name']
        return [names[index] for index in sorted(names)]

    def subset(self, chosen: np.ndarray) -> 'PoseResult':
        """Return some of the people.

        Args:
            chosen (np.ndarray): Their indices, or a mask (n,).
        """
        return replace(
            self,
            keypoints=self.keypoints[chosen],
            keypoint_scores=self.keypoint_scores[chosen],
            boxes=self.boxes[chosen],
            box_scores=self.box_scores[chosen],
            scores=self.scores[chosen],
            ids=None if self.ids is None else self.ids[chosen],
        )

    def above(self, score: float = PERSON_SCORE) -> 'PoseResult':
        """Return the people whose score is at least ``score``."""
        return self.subset(self.scores >= score)

    def count(self, score: float = PERSON_SCORE) -> int:
        """Count the people whose score is at least ``score``."""
        return int((self.scores >= score).sum())

    def describe(self, score: float = PERSON_SCORE) -> str:
        """Describe the number of people, the score threshold and the box source."""
        found = self.count(score)
        people = 'person' if found == 1 else 'people'
        weaker = f' ({len(self) - found} below)' if found < len(self) else ''
        return (
            f'{found or "no"} {people} with a score of {score:g} or more{weaker}; '
            f'boxes: {self.box_source}'
        )
