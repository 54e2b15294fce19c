"""Annotation files of either layout, in one form."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ...utils import UserError
from ..conventions import metainfo_file
from ..formats.coco import load_coco, load_json
from ..formats.mpii import PIXEL_STD

_MPII_KEYS = {'image', 'center', 'scale', 'joints', 'joints_vis'}


class ImageRecord(NamedTuple):
    """One image of an annotation file.

    Attributes:
        id (Any): Its id.
        path (Path): Where it should be.
        size (tuple[int, int] | None): Width and height that the file states.
    """

    id: Any
    path: Path
    size: tuple[int, int] | None


class PersonRecord(NamedTuple):
    """One person of an annotation file.

    Attributes:
        where (str): For messages.
        image (Any): Id of its image.
        joints (np.ndarray): x, y, visibility, shape (K, 3); nan where the file has
            no number.
        box (np.ndarray | None): x, y, width, height.
        crowd (bool): Whether it stands for several people.
    """

    where: str
    image: Any
    joints: np.ndarray
    box: np.ndarray | None
    crowd: bool


@dataclass
class PoseFile:
    """An annotation file.

    Attributes:
        path (Path): The file.
        image_dir (Path): Its images.
        names (list[str]): Names of the joints.
        links (list[tuple[int, int]]): Bones.
        images (list[ImageRecord]): In the file's order.
        people (list[PersonRecord]): In the file's order.
        misshapen (list[str]): People whose joints are no list of the right length.
        repeated (dict[str, list[str]]): Ids that are there more than once, by kind.
    """

    path: Path
    image_dir: Path
    names: list[str]
    links: list[tuple[int, int]]
    images: list[ImageRecord] = field(default_factory=list)
    people: list[PersonRecord] = field(default_factory=list)
    misshapen: list[str] = field(default_factory=list)
    repeated: dict[str, list[str]] = field(default_factory=dict)


def load_pose_file(
    path: str | os.PathLike, image_dir: str | os.PathLike | None = None
) -> PoseFile:
    """Read an annotation file of COCO's or MPII's layout.

    Args:
        path (str | os.PathLike): The json file.
        image_dir (str | os.PathLike, optional): Its images. Defaults to
            ``images`` or, as in COCO, the split's name, beside the file's folder.

    Returns:
        PoseFile: Its content.

    Raises:
        UserError: If it is missing, no json, of neither layout, or the folder of
            the images cannot be found.
    """
    path = Path(path)
    content = load_json(path, 'give an annotation file or a config')
    folder = Path(image_dir) if image_dir is not None else _guess_folder(path)
    if isinstance(content, list):
        return _mpii_file(path, folder, content)
    return _coco_file(path, folder, load_coco(path, unique=False))


def _guess_folder(path: Path) -> Path:
    beside = path.resolve().parent.parent
    for name in (path.stem.split('_')[-1], 'images'):
        if (beside / name).is_dir():
            return beside / name
    raise UserError(f'no folder of images found for {path}', 'name it: --images FOLDER')


def _repeated(ids: Sequence[Any]) -> list[str]:
    seen: set = set()
    again: dict[str, None] = {}
    for number in ids:
        if number in seen:
            again[str(number)] = None
        seen.add(number)
    return list(again)


def _joints(values: Any, number: int | None) -> np.ndarray | None:
    """Joints as (K, 3); None if they are no such list."""
    try:
        flat = np.array(values, dtype=float).ravel()
    except (TypeError, ValueError):
        return None
    if flat.size % 3 or (number is not None and flat.size != 3 * number):
        return None
    return flat.reshape(-1, 3)


def _box(values: Any) -> np.ndarray | None:
    try:
        box = np.array(values, dtype=float)
    except (TypeError, ValueError):
        return np.full(4, np.nan)
    return box if box.shape == (4,) else np.full(4, np.nan)


def _coco_file(path: Path, folder: Path, content: Mapping[str, Any]) -> PoseFile:
    categories = content.get('categories') or [{}]
    category: dict = next((c for c in categories if c.get('keypoints')), {})
    names = list(category.get('keypoints', []))
    links = [(a - 1, b - 1) for a, b in category.get('skeleton', [])]
    file = PoseFile(path, folder, names, links)
    for image in content['images']:
        stated = (image.get('width'), image.get('height'))
        size = stated if all(isinstance(v, int) for v in stated) else None
        file.images.append(ImageRecord(image['id'], folder / image['file_name'], size))
    for person in content['annotations']:
        if 'keypoints' not in person:
            continue
        where = f'annotation {person["id"]}'
        joints = _joints(person['keypoints'], len(names) or None)
        if joints is None:
            file.misshapen.append(where)
            continue
        box = _box(person['bbox']) if 'bbox' in person else None
        crowd = bool(person.get('iscrowd'))
        file.people.append(PersonRecord(where, person['image_id'], joints, box, crowd))
    file.repeated = dict(
        images=_repeated([image['id'] for image in content['images']]),
        annotations=_repeated([a['id'] for a in content['annotations']]),
        names=_repeated([image['file_name'] for image in content['images']]),
    )
    return file


def _mpii_file(path: Path, folder: Path, content: list[Any]) -> PoseFile:
    meta = parse_pose_metainfo(dict(from_file=metainfo_file('mpii')))
    names = [meta['keypoint_id2name'][i] for i in range(meta['num_keypoints'])]
    file = PoseFile(path, folder, names, meta['skeleton_links'])
    seen: set[str] = set()
    for i, person in enumerate(content):
        if not isinstance(person, dict) or not set(person) >= _MPII_KEYS:
            raise UserError(
                f'entry {i} of {path} lacks some of {", ".join(sorted(_MPII_KEYS))}',
                'a json list must be of the form of mpii_train.json',
            )
        name = person['image']
        if name not in seen:
            seen.add(name)
            file.images.append(ImageRecord(name, folder / name, None))
        where = f'entry {i}'
        try:
            flat = np.column_stack([person['joints'], person['joints_vis']])
        except ValueError:
            flat = np.empty(0)
        joints = _joints(flat, len(names))
        if joints is None:
            file.misshapen.append(where)
            continue
        joints[:, :2] -= 1  # pixels count from 1
        joints[:, 2] *= 2
        side = float(person['scale']) * PIXEL_STD
        corner = np.array(person['center'], dtype=float) - side / 2
        box = np.array([*corner, side, side])
        file.people.append(PersonRecord(where, name, joints, box, False))
    file.repeated = dict(images=[], annotations=[], names=[])
    return file
