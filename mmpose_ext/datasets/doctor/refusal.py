"""Refusal of files with malformed fields, for tools that only copy annotations."""

import os
from pathlib import Path
from typing import Any

from ...utils import UserError
from .checks import CHECKS
from .coco_layout import read_coco
from .findings import printable
from .records import PoseFile
from .usage import Usage

# Warnings of the doctor that a copy would spread.
_REFUSED = ('num_keypoints',)


def refuse_malformed(path: str | os.PathLike, content: Any) -> None:
    """Raise if the doctor finds a field of COCO's layout that cannot be used.

    Only the fields are read, no image. Optional fields may be absent.

    >>> person = dict(id=1, image_id=1, category_id=1, iscrowd='no', area=9.0)
    >>> image = dict(id=1, file_name='a.jpg', width=32, height=32)
    >>> kinds = [dict(id=1, name='person')]
    >>> truth = dict(images=[image], annotations=[person], categories=kinds)
    >>> refuse_malformed('train.json', truth)
    Traceback (most recent call last):
    mmpose_ext.utils.errors.UserError: train.json: annotations whose "iscrowd" is ...

    Args:
        path (str | os.PathLike): The file, for the message.
        content (Any): Its parsed json.

    Raises:
        UserError: For the first kind of fault.
    """
    file = PoseFile(Path(path), Path(path).parent, Usage(strict=False))
    read_coco(file, content)
    for (name, level), places in file.faults.items():
        check = CHECKS[name]
        if (level or check.level) == 'fatal' or name in _REFUSED:
            place = printable(places[0])
            raise UserError(f'{path}: {check.message} ({place})', check.fix)
