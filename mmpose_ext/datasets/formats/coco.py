"""Names of COCO's official files, and their reader."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from ...utils import UserError

#: Official files of a split, such as ``val2017``.
ANNOTATIONS = 'annotations/person_keypoints_{}.json'
INSTANCES = 'annotations/instances_{}.json'
#: Detected persons, under the name that MMPose's configs use.
DETECTIONS = 'person_detection_results/COCO_{}_detections_AP_H_56_person.json'


def person_category(metainfo: dict[str, Any]) -> dict[str, Any]:
    """Describe a data set's persons as the one entry of ``categories``.

    Args:
        metainfo (dict): Parsed meta-information of the data set.

    Returns:
        dict: The category, with the joints' names and, counted from 1, the skeleton.
    """
    names = metainfo['keypoint_id2name']
    return {
        'supercategory': 'person',
        'id': 1,
        'name': 'person',
        'keypoints': [names[i] for i in range(len(names))],
        'skeleton': [[a + 1, b + 1] for a, b in metainfo['skeleton_links']],
    }


def load_json(path: str | os.PathLike, fix: str) -> Any:
    """Read a JSON file.

    Args:
        path (str | os.PathLike): The file.
        fix (str): What the user can do if it cannot be read.

    Returns:
        Any: Its content.

    Raises:
        UserError: If it is missing or not JSON.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f'cannot read {path}: {error.strerror}', fix) from None
    try:
        return json.loads(data.decode('utf-8'))
    except (ValueError, RecursionError) as error:
        reason = _other_content(data) or str(error).split('\n')[0]
        raise UserError(f'{path} is not a JSON file ({reason})', fix) from None


def _other_content(data: bytes) -> str:
    """Describe what a file contains instead of JSON; empty if unknown."""
    for start, what in (
        (b'version https://git-lfs', 'a Git LFS pointer: fetch the file itself'),
        (b'<', 'an HTML or XML page, perhaps of a failed download'),
        (b'\x1f\x8b', 'compressed with gzip: unpack it'),
        (b'PK\x03\x04', 'a zip archive: unpack it'),
        (b'\x80', 'a pickle'),
        (b'MATLAB', 'a MATLAB file'),
    ):
        if data.lstrip()[:64].startswith(start):
            return what
    return '' if data.strip() else 'the file is empty'


def load_coco(path: str | os.PathLike, unique: bool = True) -> dict[str, Any]:
    """Read a COCO annotation file and check its structure.

    Args:
        path (str | os.PathLike): The file.
        unique (bool): Whether to reject values of the wrong type and repeated ids, of
            which pycocotools silently keeps the last.

    Returns:
        dict[str, Any]: The content, with at least ``images`` and ``annotations``, lists
        of dicts; each image has ``id`` and ``file_name``, each annotation ``id`` and
        ``image_id``.

    Raises:
        UserError: If it is missing, not JSON, or not a COCO annotation file, or an
            id is repeated.
    """
    fix = 'take e.g. person_keypoints_train2017.json from the official archive'
    content = load_json(path, fix)
    if not isinstance(content, dict):
        raise UserError(f'{path} is a {type(content).__name__}, not a COCO file', fix)
    for name, keys in (
        ('images', ('id', 'file_name')),
        ('annotations', ('id', 'image_id')),
    ):
        entries = content.get(name)
        if not isinstance(entries, list):
            raise UserError(f'{path} has no list {name!r}', fix)
        for i, entry in enumerate(entries):
            lacking = [k for k in keys if not isinstance(entry, dict) or k not in entry]
            if lacking:
                raise UserError(f'{name}[{i}] of {path} has no {lacking[0]!r}', fix)
        if not unique:
            continue
        _check_types(path, name, entries)
        counts = Counter(entry['id'] for entry in entries)
        if repeated := [number for number, times in counts.items() if times > 1]:
            raise UserError(
                f'{len(repeated)} ids of {name} in {path} are used more than once, '
                f'e.g. {repeated[0]}',
                'give each entry its own id',
            )
    return content


def _check_types(path: str | os.PathLike, name: str, entries: list[dict]) -> None:
    """Raise unless ids are integers and file names lie within their folder."""
    fix = 'take the official file, or correct the entry'
    for i, entry in enumerate(entries):
        for key in ('id', 'image_id'):
            value = entry.get(key, 0)
            if isinstance(value, bool) or not isinstance(value, int):
                what = f'{key!r} {value!r:.60}, not an integer'
                raise UserError(f'{name}[{i}] of {path} has the {what}', fix)
        file_name = entry.get('file_name', 'x') if name == 'images' else 'x'
        if (
            not isinstance(file_name, str)
            or not file_name.strip('. ')
            or '\0' in file_name
            or file_name.startswith('/')
            or '..' in Path(file_name).parts
        ):
            what = f"'file_name' {file_name!r:.60}, not a file within the folder"
            raise UserError(f'{name}[{i}] of {path} has the {what}', fix)
