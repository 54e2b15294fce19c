"""Converter of MPII's official annotation file to the JSON files of MMPose."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tqdm import tqdm

from ...utils import UserError, write_json_atomic
from ...utils.folders import remove_temporaries
from ..formats.mpii import VAL_FILE
from .image_sizes import image_size, require_folder
from .mpii_release import MpiiPerson, MpiiRelease, load_mpii_release
from .mpii_val import (
    MpiiValidation,
    load_mpii_validation,
    match_validation,
    save_mpii_validation,
)
from .report import SplitReport


def mpii_record(person: MpiiPerson, image: str) -> dict:
    """Make one entry of MMPose's ``mpii_*.json``.

    Args:
        person (MpiiPerson): The person.
        image (str): The image's file name.

    Returns:
        dict: ``image``, ``center``, ``scale``, ``joints``, ``joints_vis`` as in
        the published files (1-based pixels, -1 for joints that are not annotated),
        and ``release_index``, the 1-based numbers of image and person in the
        release.
    """
    annotated = person.joints[:, 2] > 0
    if annotated.any():
        joints = [
            [round(x, 4), round(y, 4)] if known else [-1.0, -1.0]
            for (x, y, _), known in zip(
                person.joints.tolist(), annotated.tolist(), strict=True
            )
        ]
    else:
        # MMPose drops people whose largest coordinate is not positive.
        joints = [[max(value, 1.0) for value in person.center]] * len(annotated)
    return dict(
        joints_vis=annotated.astype(int).tolist(),
        joints=joints,
        image=image,
        scale=person.scale,
        center=list(person.center),
        release_index=[person.image + 1, person.rect + 1],
    )


def split_mpii(
    release: MpiiRelease, validation: Sequence[int] | None
) -> dict[str, list[int]]:
    """Assign the people of a release to splits.

    Args:
        release (MpiiRelease): The official annotation.
        validation (Sequence[int] | None): Indices of the validation people, in
            order; see :func:`~.mpii_val.match_validation`.

    Returns:
        dict[str, list[int]]: Indices into ``release.people``: ``trainval`` (all
        annotated people of the training images), ``test`` (single people of the
        test images) and, with a validation split, ``val`` in its order and
        ``train``, annotated people of images without any validation person.
    """
    people = release.people
    trainval = [
        i
        for i, p in enumerate(people)
        if release.is_train[p.image] and p.joints[:, 2].any()
    ]
    test = [
        i for i, p in enumerate(people) if not release.is_train[p.image] and p.single
    ]
    splits = dict(trainval=trainval, test=test)
    if validation is not None:
        shown = {people[i].image for i in validation}
        splits['train'] = [i for i in trainval if people[i].image not in shown]
        splits['val'] = list(validation)
    return splits


def convert_mpii(
    release_file: str | os.PathLike,
    image_dir: str | os.PathLike,
    out_dir: str | os.PathLike,
    val_file: str | os.PathLike | None,
    *,
    splits: Sequence[str] | None = None,
    allow_missing: bool = False,
    verify: bool = False,
    overwrite: bool = False,
    progress: bool = True,
) -> dict[str, SplitReport]:
    """Convert MPII's official annotation to files that ``MpiiDataset`` reads.

    Nothing is written unless every split could be converted.

    Args:
        release_file (str | os.PathLike): ``mpii_human_pose_v1_u12_1.mat``.
        image_dir (str | os.PathLike): The folder with the images.
        out_dir (str | os.PathLike): Folder for ``mpii_<split>.json``, and for
            ``mpii_gt_val.mat`` with the rows of ``mpii_val.json``.
        val_file (str | os.PathLike | None): ``mpii_gt_val.mat``, which the splits
            ``train`` and ``val`` need.
        splits (Sequence[str], optional): Splits to write. Defaults to all that are
            not empty; see :func:`split_mpii`.
        allow_missing (bool): Whether to leave out images that are missing or unreadable
            instead of stopping.
        verify (bool): Whether to decode every image, which finds truncated files.
        overwrite (bool): Whether to replace existing files of these names, such as the
            published ones.
        progress (bool): Whether to show progress bars.

    Returns:
        dict[str, SplitReport]: Report of each split.

    Raises:
        UserError: If the input is missing or malformed, images are missing
            without ``allow_missing``, or the output cannot be written or would
            replace an existing file.

    Example:
        >>> from mmpose_ext.datasets.synthetic.layouts import write_mpii
        >>> from mmpose_ext.figures import SyntheticFigures
        >>> figures = SyntheticFigures(size=(64, 64), persons=(1, 1))
        >>> _ = write_mpii(figures, 'mpii', num_train=1, num_val=1)
        >>> release = 'mpii/mpii_human_pose_v1_u12_1.mat'
        >>> reports = convert_mpii(release, 'mpii/images', 'out', None, progress=False)
        >>> reports['trainval'].num_images
        2
    """
    image_dir = require_folder(image_dir, 'unpack the images of MPII there')
    validation = load_mpii_validation(val_file) if val_file is not None else None
    release = load_mpii_release(release_file, progress)
    members = _choose(split_mpii(release, _match(release, validation)), splits)
    targets = {name: Path(out_dir) / f'mpii_{name}.json' for name in members}
    _refuse_to_replace(targets.values(), overwrite)
    names = [path.name for path in targets.values()]
    remove_temporaries(Path(out_dir), *names, VAL_FILE)

    images = _Images(release, image_dir, verify)
    reports, kept = {}, {}
    for name, indices in members.items():
        report = SplitReport(targets[name], notes=list(release.notes))
        report.dropped = Counter(release.skipped)
        kept[name] = images.keep(indices, report, progress)
        asked = len({release.people[i].image for i in indices})
        report.require_images(asked, image_dir, allow_missing)
        reports[name] = report
    if validation is not None and 'val' in members:
        _save_validation(
            Path(out_dir), validation, members['val'], kept['val'], overwrite
        )
    for name, indices in kept.items():
        people = (release.people[i] for i in indices)
        records = [mpii_record(p, release.images[p.image]) for p in people]
        write_json_atomic(targets[name], records)
    return reports


def _match(release: MpiiRelease, validation: MpiiValidation | None) -> list[int] | None:
    if validation is None:
        return None
    train = [i for i, p in enumerate(release.people) if release.is_train[p.image]]
    rows = match_validation([release.people[i] for i in train], validation)
    return [train[row] for row in rows]


def _choose(
    members: dict[str, list[int]], splits: Sequence[str] | None
) -> dict[str, list[int]]:
    found = {name: indices for name, indices in members.items() if indices}
    if splits is None:
        return found
    for name in splits:
        if name not in found:
            raise UserError(
                f'unknown split {name!r}; available: {", ".join(found)}',
                'train and val need mpii_gt_val.mat',
            )
    return {name: found[name] for name in splits}


def _refuse_to_replace(paths: Iterable[Path], overwrite: bool) -> None:
    if not overwrite and (there := [path for path in paths if path.exists()]):
        raise UserError(
            f'{there[0]} exists already',
            'give another folder, or overwrite/--overwrite to replace it',
        )


class _Images:
    """The images of a release, each checked once."""

    def __init__(self, release: MpiiRelease, folder: Path, verify: bool) -> None:
        self.release = release
        self.folder = folder
        self.verify = verify
        self.problems: dict[int, OSError | None] = {}

    def keep(
        self, indices: list[int], report: SplitReport, progress: bool
    ) -> list[int]:
        """Return the people whose image can be used, and report the others."""
        images = sorted({self.release.people[i].image for i in indices})
        for image in tqdm(images, desc=report.path.stem, disable=not progress):
            problem = self._problem(image)
            name = self.release.images[image]
            if isinstance(problem, FileNotFoundError):
                report.missing.append(name)
            elif problem is not None:
                report.unreadable.append(f'{name} ({problem})')
        report.num_images = sum(self.problems[image] is None for image in images)
        kept = [i for i in indices if not self.problems[self.release.people[i].image]]
        report.num_people = len(kept)
        return kept

    def _problem(self, image: int) -> OSError | None:
        if image not in self.problems:
            self.problems[image] = None
            try:
                image_size(self.folder / self.release.images[image], self.verify)
            except OSError as error:
                self.problems[image] = error
        return self.problems[image]


def _save_validation(
    out_dir: Path,
    validation: MpiiValidation,
    asked: list[int],
    kept: list[int],
    overwrite: bool,
) -> None:
    """Write the ground truth of exactly the people in ``mpii_val.json``."""
    target = out_dir / VAL_FILE
    if len(kept) < len(asked):
        _refuse_to_replace([target], overwrite)
    elif target.exists():
        return  # the input file, which already holds the whole split
    known = set(kept)
    rows = [row for row, index in enumerate(asked) if index in known]
    save_mpii_validation(target, validation, rows)
