"""Common form of annotation files of both layouts, including faulty ones."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...utils import UserError
from ..formats.coco import load_json
from .usage import Usage


class ImageRecord(NamedTuple):
    """One image of an annotation file.

    Attributes:
        id (Any): Its id.
        path (Path): Expected path of the image file.
        size (tuple[float, float] | None): Width and height stated by the annotation
            file.
    """

    id: Any
    path: Path
    size: tuple[float, float] | None


class PersonRecord(NamedTuple):
    """One person of an annotation file.

    Attributes:
        where (str): Its place, for messages.
        image (Any): Id of its image.
        joints (np.ndarray): x, y, visibility, shape (K, 3).
        box (np.ndarray | None): x, y, width, height.
        crowd (bool): Whether it stands for several people.
        category (Any): Id of its category.
        area (float | None): Area stated by the file.
        counted (float | None): ``num_keypoints`` stated by the file.
    """

    where: str
    image: Any
    joints: np.ndarray
    box: np.ndarray | None
    crowd: bool = False
    category: Any = 1
    area: float | None = None
    counted: float | None = None

    @property
    def posed(self) -> bool:
        """Whether any joint is annotated."""
        return bool((self.joints[:, 2] > 0).any())


@dataclass
class PoseFile:
    """An annotation file.

    Attributes:
        path (Path): The file.
        image_dir (Path): Folder of its images.
        usage (Usage): How the file is used.
        names (list[str]): Names of the joints; empty if the file has none.
        images (list[ImageRecord]): In the file's order.
        people (list[PersonRecord]): In the file's order.
        faults (dict): Places of the faults found while reading, by check and level
            (empty for the usual level).
        joint_number (int): Number of joints of (most) people; 0 if there are none.
        entries (int): Number of annotations in the file, usable or not.
        origin (int): Coordinate of the first pixel in the file; in the records it is
            0.
    """

    path: Path
    image_dir: Path
    usage: Usage = field(default_factory=Usage)
    names: list[str] = field(default_factory=list)
    images: list[ImageRecord] = field(default_factory=list)
    people: list[PersonRecord] = field(default_factory=list)
    faults: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    joint_number: int = 0
    entries: int = 0
    origin: int = 0

    @property
    def labels(self) -> list[str]:
        """Names of the people's joints; empty if their numbers differ."""
        return self.names if len(self.names) == self.joint_number else []

    def fault(self, check: str, where: str, level: str = '') -> None:
        """Note a fault.

        Args:
            check (str): Name of the check.
            where (str): Its place.
            level (str): Level, if it differs from the check's usual one.
        """
        self.faults.setdefault((check, level), []).append(where)


def load_pose_file(
    path: str | os.PathLike,
    image_dir: str | os.PathLike | None = None,
    usage: Usage | None = None,
) -> PoseFile:
    """Read an annotation file of COCO's or MPII's layout.

    Args:
        path (str | os.PathLike): The json file.
        image_dir (str | os.PathLike, optional): Folder of its images. Defaults to
            ``images`` or, as in COCO, the split's name, beside the file's folder.
        usage (Usage, optional): How the file is used. Defaults to training and COCO's
            evaluation.

    Returns:
        PoseFile: Its content.

    Raises:
        UserError: If it is missing, not json, of neither layout or not of the one
            that the data set reads, or the folder of the images cannot be found.
    """
    # Imported here, since these modules use the records defined above.
    from .coco_layout import read_coco
    from .mpii_layout import read_mpii

    path, usage = Path(path), usage or Usage()
    content = load_json(path, 'give an annotation file or a config')
    layout = 'mpii' if isinstance(content, list) else 'coco'
    if usage.reader and usage.reader != layout:
        raise UserError(
            f"{path} has {layout.upper()}'s layout, the data set reads "
            f"{usage.reader.upper()}'s",
            'use the data set class that belongs to the file, or the other file',
        )
    folder = Path(image_dir) if image_dir is not None else _guess_folder(path)
    file = PoseFile(path, folder, usage)
    if isinstance(content, list):
        file.entries = len(content)
        read_mpii(file, content)
    else:
        read_coco(file, content)
    return file


def _guess_folder(path: Path) -> Path:
    beside = path.resolve().parent.parent
    for name in (path.stem.split('_')[-1], 'images'):
        if (beside / name).is_dir():
            return beside / name
    raise UserError(f'no folder of images found for {path}', 'name it: --images FOLDER')
