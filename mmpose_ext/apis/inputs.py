"""A user's inputs: images, folders, patterns, videos, and boxes in a file."""

import glob
import os
from collections.abc import Iterable
from pathlib import Path

from mmpose_ext_runtime import InputError
from mmpose_ext_runtime.box_files import find_boxes, read_boxes

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

    The layouts are those of :func:`mmpose_ext_runtime.box_files.read_boxes`.

    Args:
        path (str | os.PathLike): The file.

    Raises:
        UserError: If it cannot be read, or has another layout.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = Path(path)
        try:
            self.boxes = read_boxes(path)
        except InputError as error:
            raise UserError(error.what, error.fix) from error

    def of(self, image: str | os.PathLike) -> list | None:
        """Return an image's boxes, or None if the file does not name it.

        Args:
            image (str | os.PathLike): The image's path; the file may name only its end.
        """
        return find_boxes(self.boxes, image)


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
