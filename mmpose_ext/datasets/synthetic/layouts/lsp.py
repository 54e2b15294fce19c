"""Write the figures in the layouts of Leeds Sports Pose and its extension."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
from scipy.io import savemat
from tqdm import tqdm

from ....figures import SyntheticFigures
from ....figures.scene import Person
from ....utils import UserError, atomic_write
from ....utils.folders import claim_folder, remove_temporaries
from ....utils.processes import process_map
from ...conventions import CONVENTIONS
from ...formats.lsp import LSP, LSPET, NUM_JOINTS, LspForm
from ..files import GENERATOR_VERSION, VAL_START, render_file

# LSP annotates all joints, so all must lie in the image. Otherwise the image this many
# numbers later is tried instead.
_NEXT_TRY = 10_000_000
_TRIES = 200


def _main_person(persons: list[Person]) -> Person:
    """Choose the most visible person, since LSP annotates one person per image."""
    return max(persons, key=lambda person: person.area)


def _whole_index(figures: SyntheticFigures, index: int) -> int:
    for _ in range(_TRIES):
        person = _main_person(figures.render(index, image=False).persons)
        if (person.keypoints(CONVENTIONS['lsp'])[:, 2] > 0).all():
            return index
        index += _NEXT_TRY
    raise UserError(
        f'nobody in {_TRIES} images has all joints inside', 'give a larger --size'
    )


def _make(
    job: int,
    figures: SyntheticFigures,
    folder: Path,
    form: LspForm,
    numbers: tuple[int, int],
    quality: int,
) -> tuple[int, np.ndarray]:
    """Write image ``job``, training images first; return its number and joints."""
    num_train, first_val = numbers
    if job < num_train:
        number, index = job + 1, job
    else:
        number, index = first_val + job - num_train, VAL_START + job - num_train
    if form is LSP:
        index = _whole_index(figures, index)
    path = folder / form.image_name.format(number)
    scene = render_file(figures, index, path, quality)
    joints = _main_person(scene.persons).keypoints(CONVENTIONS['lsp']).round(3)
    joints[joints[:, 2] == 0] = 0
    return number, joints


def _matrix(form: LspForm, found: Iterable[tuple[int, np.ndarray]]) -> np.ndarray:
    """Make the official ``joints``; entries of images that are not made stay 0."""
    table = np.zeros((max(form.shape), NUM_JOINTS, 3))
    for number, joints in found:
        flags = joints[:, 2] < 2 if form is LSP else joints[:, 2] > 0
        table[number - 1] = np.column_stack([joints[:, :2], flags])
    return table.transpose(2, 1, 0) if form is LSP else table.transpose(1, 2, 0)


def _write(
    form: LspForm,
    figures: SyntheticFigures,
    out_dir: str | Path,
    num_train: int,
    num_val: int,
    workers: int,
    quality: int,
) -> list[Path]:
    out, total = Path(out_dir), max(form.shape)
    first_val = form.splits['test'][0] if 'test' in form.splits else num_train + 1
    if num_train >= first_val or first_val + num_val - 1 > total:
        sizes = ', '.join(f'{a}-{b} ({name})' for name, (a, b) in form.splits.items())
        raise UserError(
            f'{num_train} training and {num_val} validation images do not fit into '
            f"{form.title}'s images {sizes}",
            'give smaller --num-train and --num-val',
        )
    config = {**figures.config, 'quality': quality, 'version': GENERATOR_VERSION}
    # The number of the first validation image decides which figure a file shows.
    config['layout'], config['first_val'] = form.name, first_val
    claim_folder(out / 'images', out / f'synthetic_{form.name}.json', config)
    remove_temporaries(out, 'joints.mat')
    job = partial(
        _make,
        figures=figures,
        folder=out / 'images',
        form=form,
        numbers=(num_train, first_val),
        quality=quality,
    )
    count = num_train + num_val
    found = process_map(job, range(count), workers)
    matrix = _matrix(form, tqdm(found, form.name, count, unit='img'))
    with atomic_write(out / 'joints.mat') as temporary:
        savemat(temporary, {'joints': matrix}, do_compression=True)
    return [out / 'joints.mat']


def write_lsp(
    figures: SyntheticFigures,
    out_dir: str | Path,
    num_train: int,
    num_val: int,
    workers: int = 0,
    quality: int = 95,
) -> list[Path]:
    """Write LSP's ``joints.mat`` and ``images/im0001.jpg`` onwards.

    The matrix has the official shape (3, 14, 2000); a 1 in its third row marks an
    occluded joint. Training images count from 1, test images from 1001. Images that
    are not made have entries of 0 and no file; tell the converter so with ``--split``
    or ``--allow-missing``. Each image annotates the person with the most visible
    pixels, whose joints all lie inside.

    Args:
        figures (SyntheticFigures): The generator.
        out_dir (str | Path): Folder of the data set, created if necessary.
        num_train (int): Number of training images, at most 1000.
        num_val (int): Number of test images, at most 1000.
        workers (int): Number of additional processes; 0 for none.
        quality (int): Quality of the JPEG files.

    Returns:
        list[Path]: The annotation file.

    Raises:
        UserError: If there are too many images, or the folder cannot be written to
            or contains other data.
    """
    return _write(LSP, figures, out_dir, num_train, num_val, workers, quality)


def write_lspet(
    figures: SyntheticFigures,
    out_dir: str | Path,
    num_train: int,
    num_val: int,
    workers: int = 0,
    quality: int = 95,
) -> list[Path]:
    """Write LSP-extended's ``joints.mat`` and ``images/im00001.jpg`` onwards.

    The matrix has the official shape (14, 3, 10000); a 1 in its third row marks an
    annotated joint, one inside the image. Officially, all images are training images;
    here, validation images follow the training images.

    Args:
        figures (SyntheticFigures): The generator.
        out_dir (str | Path): Folder of the data set, created if necessary.
        num_train (int): Number of training images.
        num_val (int): Number of validation images; at most 10,000 images in total.
        workers (int): Number of additional processes; 0 for none.
        quality (int): Quality of the JPEG files.

    Returns:
        list[Path]: The annotation file.

    Raises:
        UserError: For the same reasons as in :func:`write_lsp`.
    """
    return _write(LSPET, figures, out_dir, num_train, num_val, workers, quality)
