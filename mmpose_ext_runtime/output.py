"""Writes predictions to a folder."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from .errors import InputError
from .manifest import Manifest
from .pose_model import People

PREDICTIONS = 'predictions.json'


class Output:
    """Pictures and a JSON file in a folder of their own.

    Args:
        folder (Path): A new or empty folder, or one of an earlier run, whose files are
            replaced.
        images (list[Path]): The images that will be predicted.

    Raises:
        InputError: If the folder holds anything else or cannot be made, or two images
            have the same name.
    """

    def __init__(self, folder: Path, images: list[Path]) -> None:
        self.folder = folder
        self._rows: list[dict[str, Any]] = []
        names = [self.picture(path).name for path in images]
        double = next((name for name in names if names.count(name) > 1), None)
        if double:
            raise InputError(
                f'two images would be written to {folder / double}',
                'predict them in two runs',
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            content = list(folder.iterdir())
        except OSError as error:
            raise InputError(
                f'cannot write to {folder}: {error.strerror or error}',
                'choose another folder',
            ) from error
        if content and not (folder / PREDICTIONS).is_file():
            raise InputError(
                f'the folder {folder} holds other files', 'choose a new or empty folder'
            )
        if not os.access(folder, os.W_OK | os.X_OK):
            raise InputError(f'cannot write to {folder}', 'choose another folder')

    def picture(self, image: Path) -> Path:
        """Return where the picture of an image is written."""
        return self.folder / f'{image.stem}.jpg'

    def add(
        self, image: Path, shape: tuple, people: People, picture: np.ndarray
    ) -> None:
        """Write a picture and keep the numbers for the end."""
        good, code = cv2.imencode('.jpg', picture)
        if not good:
            raise InputError(f'cannot write a picture of {shape} as JPEG')
        self._write(self.picture(image), code.tobytes())
        self._rows.append(
            {
                'image': str(image),
                'width': shape[1],
                'height': shape[0],
                'boxes_from': people.boxes_from,
                'people': [
                    {
                        'box': _plain(box),
                        'box_score': _plain(box_score),
                        'keypoints': _plain(points),
                        'scores': _plain(scores),
                    }
                    for box, box_score, points, scores in zip(
                        people.boxes,
                        people.box_scores,
                        people.keypoints,
                        people.scores,
                        strict=True,
                    )
                ],
            }
        )

    def finish(self, manifest: Manifest, model: str) -> None:
        """Write the numbers of all images."""
        document = {
            'model': model,
            'config': manifest.model,
            'weights': manifest.weights or 'random',
            'precision': manifest.precision,
            'keypoint_names': manifest.keypoint_names,
            'images': self._rows,
        }
        text = json.dumps(document, indent=1, ensure_ascii=False)
        self._write(self.folder / PREDICTIONS, text.encode())

    def _write(self, target: Path, data: bytes) -> None:
        try:
            handle, name = tempfile.mkstemp(dir=self.folder, prefix='.partial-')
            try:
                with os.fdopen(handle, 'wb') as file:
                    file.write(data)
                os.chmod(name, 0o644)
                os.replace(name, target)
            except BaseException:
                os.unlink(name)
                raise
        except OSError as error:
            raise InputError(
                f'cannot write {target}: {error.strerror or error}',
                'choose a folder with room on its disk',
            ) from error


def _plain(values: np.ndarray) -> Any:
    """Return numbers for JSON, with 0 for nan, which JSON does not have."""
    rounded = np.asarray(values, np.float64).round(3)
    return np.where(np.isfinite(rounded), rounded, 0).tolist()
