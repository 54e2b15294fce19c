"""A user's inputs: images, folders, patterns, videos, and boxes in a file."""

import glob
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..utils.errors import UserError

IMAGES = ('.jpg', '.jpeg', '.png', '.bmp', '.webp')
#: File that marks a folder of results, whose pictures a later run must not take.
RESULTS_MARK = '.mmpose_ext_predict.json'
VIDEOS = ('.mp4', '.avi', '.mov', '.mkv', '.webm', '.m4v', '.mpg', '.mpeg', '.wmv')


def is_video(path: str | os.PathLike) -> bool:
    """Return whether a file is a video, by its suffix."""
    return Path(path).suffix.lower() in VIDEOS


def expand_inputs(names: Iterable[str]) -> list[Path]:
    """Return the files that a command line names, each once, in order.

    Args:
        names (Iterable[str]): Files, patterns such as ``frames/*.jpg``, and folders; of
            a folder the images and videos at every depth are taken, except in results
            of earlier runs.

    Returns:
        list[Path]: The files. A file named itself may have any suffix.

    Raises:
        UserError: If a name matches nothing.
    """
    found: dict[Path, None] = {}
    for name in names:
        if not name:
            raise UserError(
                'one of the inputs is an empty text', 'check the variable it came from'
            )
        path = Path(name)
        if path.is_dir():
            files = _media_below(path)
            problem = f'folder {name} holds no image and no video'
        elif path.exists():
            files, problem = [path], ''
        else:
            matches = sorted(glob.glob(name, recursive=True))
            files = [Path(match) for match in matches if not os.path.isdir(match)]
            problem = f'no file {name}'
        if not files:
            raise UserError(problem, f'images end in {", ".join(IMAGES)}')
        found.update(dict.fromkeys(files))
    return list(found)


def _media_below(folder: Path) -> list[Path]:
    results = {mark.parent for mark in folder.rglob(RESULTS_MARK)} - {folder}
    return [
        path
        for path in sorted(folder.rglob('*'))
        if _is_media(path) and results.isdisjoint(path.parents)
    ]


def _is_media(path: Path) -> bool:
    hidden = path.name.startswith('.')
    return path.suffix.lower() in IMAGES + VIDEOS and path.is_file() and not hidden


class BoxFile:
    """Boxes by image, from a JSON file.

    Two layouts are read: a dict of lists, ``{"photo.jpg": [[left, top, right, bottom],
    ...]}``, each box perhaps with a score at its end; and COCO's, with ``images``, and
    ``annotations`` whose ``bbox`` is left, top, width, height.

    Args:
        path (str | os.PathLike): The file.

    Raises:
        UserError: If it cannot be read, or has another layout.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = Path(path)
        try:
            content = json.loads(self.path.read_text(encoding='utf-8'))
            if 'images' in content and 'annotations' in content:
                self.boxes = _of_coco(content)
            else:
                self.boxes = {str(k): list(v) for k, v in content.items()}
        except OSError as error:
            raise UserError(f'cannot read {path}: {error.strerror}') from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(
                f'{path} is not a file of boxes ({type(error).__name__}: {error})',
                'write {"a.jpg": [[left, top, right, bottom]]}, or COCO annotations',
            ) from error

    def of(self, image: str | os.PathLike) -> list | None:
        """Return an image's boxes, or None if the file does not name it.

        Args:
            image (str | os.PathLike): The image's path; the file may name only its end.
        """
        path = Path(image)
        for start in range(len(path.parts)):
            name = '/'.join(path.parts[start:])
            if name in self.boxes:
                return self.boxes[name]
        return self.boxes.get(str(image))


def _of_coco(content: dict[str, Any]) -> dict[str, list]:
    names = {image['id']: image['file_name'] for image in content['images']}
    boxes: dict[str, list] = {name: [] for name in names.values()}
    for note in content['annotations']:
        left, top, width, height = note['bbox']
        box = [left, top, left + width, top + height, note.get('score', 1.0)]
        boxes[names[note['image_id']]].append(box)
    return boxes


def output_names(files: list[Path]) -> list[Path]:
    """Return a relative name for each file's result, no two the same.

    Args:
        files (list[Path]): The inputs.

    Returns:
        list[Path]: Their paths below the deepest folder that holds them all.
    """
    folders = [file.resolve().parent for file in files]
    root = Path(os.path.commonpath(folders)) if folders else Path()
    return [
        folder.relative_to(root) / file.name
        for folder, file in zip(folders, files, strict=True)
    ]
