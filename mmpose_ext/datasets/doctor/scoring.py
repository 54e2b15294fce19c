"""Checks of the files that scoring reads besides the data set's annotations."""

import os

from ...utils import UserError
from ...utils.mat import load_mat
from ..formats.coco import load_json
from .findings import Diagnosis
from .records import PoseFile
from .values import is_integer


def check_evaluator_file(path: str | os.PathLike, file: PoseFile) -> Diagnosis:
    """Check the annotation file of an evaluator against that of the data set.

    Args:
        path (str | os.PathLike): The evaluator's ``ann_file``.
        file (PoseFile): The data set's.

    Returns:
        Diagnosis: Images of the data set that the evaluator's file lacks.

    Raises:
        UserError: If it is missing or not json.
    """
    content = load_json(path, 'give data set and evaluator the same ann_file')
    images = content.get('images') if isinstance(content, dict) else None
    known = {
        image['id']
        for image in (images if isinstance(images, list) else [])
        if isinstance(image, dict) and is_integer(image.get('id'))
    }
    diagnosis = Diagnosis(f'annotation file of the evaluator: {path}', str(path))
    lacking = [f'image {image.id}' for image in file.images if image.id not in known]
    diagnosis.add('other_ann_file', lacking)
    return diagnosis


def check_head_rows(file: PoseFile) -> Diagnosis:
    """Check that MPII's head boxes, matched by position, are as many as the entries.

    Args:
        file (PoseFile): The annotation; its usage names the file of head boxes.

    Returns:
        Diagnosis: The findings.

    Raises:
        UserError: If the file of head boxes cannot be read.
    """
    path = file.usage.head_file
    fix = 'give mpii_gt_val.mat as headbox_file'
    boxes = load_mat(path, ('headboxes_src',), fix)['headboxes_src']
    if getattr(boxes, 'ndim', 0) != 3 or boxes.shape[:2] != (2, 2):
        raise UserError(f'{path} has no "headboxes_src" of shape (2, 2, N)', fix)
    entries = file.entries
    diagnosis = Diagnosis(f'head boxes: {path}', str(path))
    if boxes.shape[2] != entries:
        detail = f'{boxes.shape[2]} for {entries}'
        diagnosis.add('head_rows', ['the file'], detail=detail)
    return diagnosis
