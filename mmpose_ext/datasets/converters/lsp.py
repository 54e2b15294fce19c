"""Converter of Leeds Sports Pose and its extension to COCO's layout."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from tqdm import tqdm

from ...utils import UserError, write_json_atomic
from ...utils.folders import remove_temporaries
from ..body.lsp import LspDataset
from ..formats.coco import person_category
from ..formats.lsp import LspForm, Range
from .boxes import joints_to_bbox
from .documents import person_annotation
from .image_sizes import noted_size, require_folder
from .lsp_joints import load_lsp_joints
from .report import SplitReport


def parse_split(text: str) -> tuple[str, Range]:
    """Parse ``name=first-last`` (image numbers from 1, both included).

    >>> parse_split('train=1-2700')
    ('train', (1, 2700))

    Args:
        text (str): E.g. ``'train=1-2700'``.

    Returns:
        tuple[str, tuple[int, int]]: The name and the range.

    Raises:
        UserError: If it has another form or an empty range.
    """
    match = re.fullmatch(r'([\w.-]+)=(\d+)-(\d+)', text)
    if not match or not 1 <= int(match[2]) <= int(match[3]):
        raise UserError(
            f'split {text!r} is not name=first-last', 'write e.g. train=1-2700'
        )
    return match[1], (int(match[2]), int(match[3]))


def convert_lsp(
    joints_file: str | os.PathLike,
    image_dir: str | os.PathLike,
    out_dir: str | os.PathLike,
    splits: Mapping[str, Range] | None = None,
    *,
    padding: float = 1.2,
    min_joints: int = 1,
    allow_missing: bool = False,
    verify: bool = False,
    progress: bool = True,
) -> dict[str, SplitReport]:
    """Convert LSP or LSP-extended to files that :class:`LspDataset` reads.

    Nothing is written unless every split could be converted.

    Args:
        joints_file (str | os.PathLike): The official ``joints.mat``.
        image_dir (str | os.PathLike): The folder with the images.
        out_dir (str | os.PathLike): Folder for ``<lsp|lspet>_<split>.json``.
        splits (Mapping, optional): Maps each split to its first and last image
            number, from 1, both included. Defaults to the official splits: LSP train
            1-1000 and test 1001-2000, LSP-extended train 1-10000.
        padding (float): See :func:`joints_to_bbox`.
        min_joints (int): Persons with fewer annotated joints are left out.
        allow_missing (bool): Whether to leave out images that are missing or unreadable
            instead of stopping.
        verify (bool): Whether to decode every image, which finds truncated files;
            otherwise only the headers are read.
        progress (bool): Whether to show a progress bar.

    Returns:
        dict[str, SplitReport]: Report of each split.

    Raises:
        UserError: If the input is missing or malformed, images are missing
            without ``allow_missing``, or the output cannot be written.

    Example:
        >>> from mmpose_ext.datasets.synthetic.layouts import write_lsp
        >>> from mmpose_ext.figures import SyntheticFigures
        >>> figures = SyntheticFigures(size=(64, 64), persons=(1, 1))
        >>> _ = write_lsp(figures, 'lsp', num_train=2, num_val=1)
        >>> reports = convert_lsp(
        ...     'lsp/joints.mat', 'lsp/images', 'lsp', {'train': (1, 2)}, progress=False
        ... )
        >>> reports['train'].path.as_posix(), reports['train'].num_images
        ('lsp/lsp_train.json', 2)
    """
    form, joints = load_lsp_joints(joints_file)
    image_dir = require_folder(image_dir, f'unpack the images of {form.title} there')
    if padding < 1:
        raise UserError(f'padding {padding} would cut joints off', 'give 1 or more')
    splits = dict(form.splits if splits is None else splits)
    for name, (first, last) in splits.items():
        if not 1 <= first <= last <= len(joints):
            raise UserError(
                f'split {name}={first}-{last} goes beyond the images 1-{len(joints)} '
                f'of {form.title}'
            )
    remove_temporaries(Path(out_dir), *(f'{form.name}_{name}.json' for name in splits))
    reports: dict[str, SplitReport] = {}
    documents = {}
    for name, (first, last) in splits.items():
        report = SplitReport(Path(out_dir) / f'{form.name}_{name}.json')
        numbers: Iterable[int] = range(first, last + 1)
        numbers = tqdm(numbers, desc=report.path.stem, disable=not progress)
        images, people = _convert_images(
            form, joints, numbers, image_dir, report, padding, min_joints, verify
        )
        report.require_images(last - first + 1, image_dir, allow_missing)
        reports[name] = report
        documents[name] = _document(form, images, people, (first, last), padding)
    for name, document in documents.items():
        write_json_atomic(reports[name].path, document)
    return reports


def _convert_images(
    form: LspForm,
    joints: np.ndarray,
    numbers: Iterable[int],
    image_dir: Path,
    report: SplitReport,
    padding: float,
    min_joints: int,
    verify: bool,
) -> tuple[list[dict], list[dict]]:
    images, people = [], []
    for number in numbers:
        file_name = form.image_name.format(number)
        size = noted_size(image_dir / file_name, report, verify)
        if size is None:
            continue
        person = joints[number - 1]
        num_joints = int((person[:, 2] > 0).sum())
        if num_joints < min_joints:
            report.dropped[f'with fewer than {min_joints} annotated joints'] += 1
            continue
        bbox = joints_to_bbox(person, size, padding)
        if bbox is None:
            report.dropped['whose joints span no area of the image'] += 1
            continue
        width, height = size
        images.append(dict(id=number, file_name=file_name, width=width, height=height))
        people.append(person_annotation(number, number, person.tolist(), bbox.tolist()))
    report.num_images = len(images)
    return images, people


def _document(
    form: LspForm, images: list[dict], people: list[dict], span: Range, padding: float
) -> dict:
    return dict(
        info=dict(
            description=f'{form.title}, images {span[0]}-{span[1]}',
            bbox=f'annotated joints, padding {padding:g}, clipped to the image',
        ),
        images=images,
        annotations=people,
        categories=[person_category(parse_pose_metainfo(LspDataset.METAINFO))],
    )
