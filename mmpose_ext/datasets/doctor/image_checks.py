"""Checks of the image files."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from ...utils import parallel_map
from ..image_decoding import ImageDataError, decode_image, read_header
from .findings import Diagnosis
from .records import PoseFile

_THUMB = 32
# In gray levels. Two thumbnails closer than this show the same picture; thumbnails of
# lower contrast are not compared, since they resemble too many. Among 380 photographs
# of COCO and LSP the closest two were 19 apart, while 95 % of the shrunken,
# recompressed copies were within 5 of their original.
_SAME, _FLAT = 6.0, 8.0
_SUFFIXES = {
    '.jpg': 'JPEG',
    '.jpeg': 'JPEG',
    '.png': 'PNG',
    '.bmp': 'BMP',
    '.webp': 'WEBP',
}


@dataclass
class Look:
    """Properties of an image file.

    Attributes:
        path (Path): The file.
        problem (str): Why it cannot be used; empty if it can.
        missing (bool): Whether the file does not exist.
        format (str): Format, judged by the content.
        size (tuple[int, int]): Width and height as decoded by OpenCV, with the Exif
            orientation applied.
        orientation (int): Exif orientation; 1 if it is upright.
        digest (bytes): Digest of the file's content.
        thumb (np.ndarray | None): Gray thumbnail, (32, 32) uint8.
    """

    path: Path
    problem: str = ''
    missing: bool = False
    format: str = ''
    size: tuple[int, int] = (0, 0)
    orientation: int = 1
    digest: bytes = b''
    thumb: np.ndarray | None = None

    @property
    def turned(self) -> bool:
        """Whether the Exif orientation exchanges width and height."""
        return self.orientation >= 5


def look_at(path: Path, deep: bool = True) -> Look:
    """Inspect an image file as the loader does.

    Args:
        path (Path): The file.
        deep (bool): Decode it and compute its fingerprints; otherwise only the header
            is read.

    Returns:
        Look: Its properties.
    """
    look = Look(path)
    try:
        # Before `is_file`, which does not report a folder without read permission.
        data = path.read_bytes()
        header = read_header(data)
        look.format, look.size, look.orientation = header
        if look.turned:
            look.size = look.size[::-1]
        if deep:
            image = decode_image(data)
            look.size = image.shape[1], image.shape[0]
            gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
            look.thumb = cv2.resize(
                gray, (_THUMB, _THUMB), interpolation=cv2.INTER_AREA
            )
            look.digest = hashlib.blake2b(data, digest_size=16).digest()
    except FileNotFoundError:
        look.missing = True
    except OSError as error:
        look.problem = error.strerror or str(error)
    except (ImageDataError, ValueError) as error:
        look.problem = str(error).split('\n')[0]
    except MemoryError:
        look.problem = 'it does not fit into memory'
    return look


def look_at_all(
    files: Sequence[PoseFile], deep: bool, workers: int | None, progress: bool
) -> dict[Path, Look]:
    """Inspect the images of several annotation files, each image once.

    Args:
        files (Sequence[PoseFile]): The annotation files.
        deep (bool): See :func:`look_at`.
        workers (int, optional): Number of threads. Defaults to one per core.
        progress (bool): Show a progress bar.

    Returns:
        dict[Path, Look]: Properties of the images by path.
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
        diagnosis (Diagnosis): Receives the findings.
    """
    found: dict[str, list[str]] = {}
    usable: dict[Path, Look] = {}
    for image in file.images:
        look, name = looks[image.path], image.path.name
        if look.missing:
            found.setdefault('missing_images', []).append(name)
        elif look.problem:
            place = f'{name}: {look.problem}'
            found.setdefault('unreadable_images', []).append(place)
        else:
            usable[image.path] = look
            for check, reason in _odd_files(look, image.size):
                found.setdefault(check, []).append(f'{name}{reason}')
    for check, places in found.items():
        folder = str(file.image_dir) if check == 'missing_images' else ''
        diagnosis.add(check, places, detail=folder)
    same, alike = duplicates(usable.values())
    diagnosis.add('duplicate_images', [_pair(a, b) for a, b in same])
    diagnosis.add('similar_images', [_pair(a, b) for a, b in alike])


def _odd_files(
    look: Look, stated: tuple[float, float] | None
) -> Iterator[tuple[str, str]]:
    """Yield the checks that a readable image fails, and a detail of each."""
    has = f' has {look.size[0]} x {look.size[1]}'
    other = stated is not None and stated != look.size
    says = f', the file says {stated[0]:g} x {stated[1]:g}' if stated and other else ''
    if look.orientation != 1:
        how = 'turned' if look.turned else 'mirrored or upside down'
        yield 'exif_turned', f'{has} ({how} by Exif){says}'
    if says and not (look.turned and stated == look.size[::-1]):
        yield 'size_mismatch', f'{has}{says}'
    suffix = look.path.suffix.lower()
    if suffix in _SUFFIXES and _SUFFIXES[suffix] != look.format:
        yield 'wrong_suffix', f' is {look.format}'


def check_overlap(
    first: tuple[str, PoseFile],
    second: tuple[str, PoseFile],
    looks: dict[Path, Look],
    diagnosis: Diagnosis,
) -> None:
    """Find images of one set in another by their content.

    Args:
        first (tuple[str, PoseFile]): Name and annotation file of the training set.
        second (tuple[str, PoseFile]): Those of the other set.
        looks (dict[Path, Look]): See :func:`look_at_all`.
        diagnosis (Diagnosis): Receives the findings.
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
    diagnosis.add('overlap', found, detail=sets)
    diagnosis.add('similar_overlap', between[1], detail=sets)


def duplicates(
    looks: Iterable[Look],
) -> tuple[list[tuple[Look, Look]], list[tuple[Look, Look]]]:
    """Find files with the same content, and pictures that are nearly the same.

    Args:
        looks (Iterable[Look]): Images with fingerprints; others are skipped.

    Returns:
        tuple[list, list]: Pairs of identical files, and pairs of files that show the
        same picture but differ, e.g. in size or compression.
    """
    by_digest: dict[bytes, list[Look]] = defaultdict(list)
    for look in looks:
        if look.digest and look.thumb is not None:
            by_digest[look.digest].append(look)
    same = [(group[0], other) for group in by_digest.values() for other in group[1:]]
    distinct = [group[0] for group in by_digest.values()]
    return same, _alike(distinct)


def _alike(looks: list[Look]) -> list[tuple[Look, Look]]:
    """Find pairs whose thumbnails agree."""
    thumbs = [np.asarray(look.thumb, dtype=np.float32) for look in looks]
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, thumb in enumerate(thumbs):
        if thumb.std() >= _FLAT:
            for part, bits in enumerate(_gradient_bits(thumb)):
                buckets[part, bits].append(i)
    pairs: dict[tuple[int, int], None] = {}
    for members in buckets.values():
        if len(members) <= 64:  # larger groups share just a plain background
            for i, j in combinations(members, 2):
                if (i, j) not in pairs and abs(thumbs[i] - thumbs[j]).mean() < _SAME:
                    pairs[i, j] = None
    return [(looks[i], looks[j]) for i, j in pairs]


def _gradient_bits(thumb: np.ndarray) -> list[int]:
    """Return four 16-bit parts of a difference hash; near copies share at least one."""
    rows = thumb.reshape(8, _THUMB // 8, _THUMB).mean(axis=1)
    columns = [part.mean(axis=1) for part in np.array_split(rows, 9, axis=1)]
    bits = np.diff(np.stack(columns, axis=1), axis=1).ravel() > 0
    return [int(np.packbits(part).view('>u2')[0]) for part in bits.reshape(4, 16)]


def _pair(a: Look, b: Look) -> str:
    return f'{a.path.name} = {b.path.name}'
