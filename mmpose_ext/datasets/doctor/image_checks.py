"""Checks that look into the image files."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from ...utils import parallel_map
from .findings import Diagnosis
from .records import PoseFile

_THUMB = 32
# Grey levels: two thumbnails closer than this are one picture, and one with less
# contrast than this resembles too many. Among 380 photographs of COCO and LSP the
# closest two were 19 apart, and 95 % of smaller, recompressed copies below 5.
_SAME, _FLAT = 6.0, 8.0
_EXIF_ORIENTATION = 0x0112


@dataclass
class Look:
    """What was seen of an image file.

    Attributes:
        path (Path): The file.
        problem (str): Why it cannot be used; empty if it can.
        missing (bool): Whether there is no file.
        size (tuple[int, int]): Width and height as OpenCV decodes it, with the
            Exif orientation applied.
        turned (bool): Whether the Exif orientation exchanges width and height.
        digest (bytes): Of the file's content.
        thumb (np.ndarray | None): Grey, (32, 32) uint8.
    """

    path: Path
    problem: str = ''
    missing: bool = False
    size: tuple[int, int] = (0, 0)
    turned: bool = False
    digest: bytes = b''
    thumb: np.ndarray | None = None


def look_at(path: Path, deep: bool = True) -> Look:
    """Look at an image file.

    Args:
        path (Path): The file.
        deep (bool): Decode it and take its fingerprints; otherwise only the header
            is read.

    Returns:
        Look: What was seen.
    """
    look = Look(path)
    if not path.is_file():
        look.missing = True
        return look
    try:
        with Image.open(path) as image:
            look.turned = image.getexif().get(_EXIF_ORIENTATION, 1) >= 5
            look.size = image.size[::-1] if look.turned else image.size
            if deep:
                # A JPEG is decoded at a fraction of its size, which is enough.
                image.draft('L', (4 * _THUMB, 4 * _THUMB))
                grey = image.convert('L').resize((_THUMB, _THUMB), Image.Resampling.BOX)
                look.thumb = np.asarray(grey)
        if deep:
            look.digest = hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        unknown = 'cannot identify' in str(error)
        look.problem = 'no image' if unknown else str(error).split('\n')[0]
    return look


def look_at_all(
    files: Sequence[PoseFile], deep: bool, workers: int | None, progress: bool
) -> dict[Path, Look]:
    """Look at the images of some annotation files, each once.

    Args:
        files (Sequence[PoseFile]): The annotation files.
        deep (bool): See :func:`look_at`.
        workers (int, optional): Threads. Defaults to all cores.
        progress (bool): Show a progress bar.

    Returns:
        dict[Path, Look]: What was seen, by path.
    """
    paths = list(dict.fromkeys(i.path for file in files for i in file.images))
    looks = parallel_map(lambda path: look_at(path, deep), paths, workers)
    bar = tqdm(looks, desc='images', total=len(paths), disable=not progress)
    return {look.path: look for look in bar}


def check_images(file: PoseFile, looks: dict[Path, Look], diagnosis: Diagnosis) -> None:
    """Compare an annotation file with its images.

    Args:
        file (PoseFile): The annotation file.
        looks (dict[Path, Look]): See :func:`look_at_all`.
        diagnosis (Diagnosis): Where findings go.
    """
    missing, unreadable, mismatched = [], [], []
    usable: dict[Path, Look] = {}
    for image in file.images:
        look = looks[image.path]
        if look.missing:
            missing.append(image.path.name)
        elif look.problem:
            unreadable.append(f'{image.path.name}: {look.problem}')
        else:
            usable[image.path] = look
            if image.size and image.size != look.size:
                why = ' (turned by Exif)' if look.turned else ''
                stated = f'the file says {image.size}'
                mismatched.append(f'{image.path.name} has {look.size}{why}, {stated}')
    add = diagnosis.add
    add('fatal', 'missing_images', f'images missing from {file.image_dir}', missing)
    add('fatal', 'unreadable_images', 'images that cannot be read', unreadable)
    add('fatal', 'size_mismatch', 'images of another size than stated', mismatched)
    same, alike = duplicates(usable.values())
    add('warning', 'duplicate_images', 'pairs of images with the same content',
        [_pair(a, b) for a, b in same])  # fmt: skip
    add('note', 'similar_images', 'pairs of images that are nearly the same',
        [_pair(a, b) for a, b in alike])  # fmt: skip


def check_overlap(
    first: tuple[str, PoseFile],
    second: tuple[str, PoseFile],
    looks: dict[Path, Look],
    diagnosis: Diagnosis,
) -> None:
    """Look for images of one set in another, by content.

    Args:
        first (tuple[str, PoseFile]): Name and annotation file of the training set.
        second (tuple[str, PoseFile]): Those of the other set.
        looks (dict[Path, Look]): See :func:`look_at_all`.
        diagnosis (Diagnosis): Where findings go.
    """
    (name, a), (other, b) = first, second
    trained = {image.path for image in a.images}
    paths = dict.fromkeys([*trained, *(image.path for image in b.images)])
    usable = [looks[p] for p in paths if looks[p].digest]
    shared = trained & {image.path for image in b.images}
    same, alike = duplicates(usable)
    between = [
        [_pair(x, y) for x, y in pairs if (x.path in trained) != (y.path in trained)]
        for pairs in (same, alike)
    ]
    sets = f'{name} and {other}'
    found = [path.name for path in sorted(shared)] + between[0]
    diagnosis.add('fatal', 'overlap', f'images that {sets} share', found)
    diagnosis.add(
        'warning', 'similar_overlap', f'images nearly the same in {sets}', between[1]
    )


def duplicates(
    looks: Iterable[Look],
) -> tuple[list[tuple[Look, Look]], list[tuple[Look, Look]]]:
    """Find files with the same content, and pictures that are nearly the same.

    Args:
        looks (Iterable[Look]): Images with fingerprints; others are skipped.

    Returns:
        tuple[list, list]: Pairs of the same bytes, and pairs that differ in bytes
        but not in the picture, e.g. in size or quality of compression.
    """
    by_digest: dict[bytes, list[Look]] = defaultdict(list)
    for look in looks:
        if look.digest and look.thumb is not None:
            by_digest[look.digest].append(look)
    same = [(group[0], other) for group in by_digest.values() for other in group[1:]]
    distinct = [group[0] for group in by_digest.values()]
    return same, _alike(distinct)


def _alike(looks: list[Look]) -> list[tuple[Look, Look]]:
    """Pairs whose thumbnails agree."""
    thumbs = [np.asarray(look.thumb, dtype=np.float32) for look in looks]
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, thumb in enumerate(thumbs):
        if thumb.std() >= _FLAT:
            for part, bits in enumerate(_gradient_bits(thumb)):
                buckets[part, bits].append(i)
    pairs: dict[tuple[int, int], None] = {}
    for members in buckets.values():
        if len(members) <= 64:  # more share no more than a plain background
            for i, j in combinations(members, 2):
                if (i, j) not in pairs and abs(thumbs[i] - thumbs[j]).mean() < _SAME:
                    pairs[i, j] = None
    return [(looks[i], looks[j]) for i, j in pairs]


def _gradient_bits(thumb: np.ndarray) -> list[int]:
    """Four 16-bit parts of a difference hash; near copies share at least one."""
    rows = thumb.reshape(8, _THUMB // 8, _THUMB).mean(axis=1)
    columns = [part.mean(axis=1) for part in np.array_split(rows, 9, axis=1)]
    bits = np.diff(np.stack(columns, axis=1), axis=1).ravel() > 0
    return [int(np.packbits(part).view('>u2')[0]) for part in bits.reshape(4, 16)]


def _pair(a: Look, b: Look) -> str:
    return f'{a.path.name} = {b.path.name}'
