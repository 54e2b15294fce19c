"""Write the figures in COCO's official layout."""

import json
from functools import partial
from pathlib import Path

import cv2
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from tqdm import tqdm

from mmpose_ext.utils import UserError, atomic_write, write_json_atomic

from .annotations import annotation, category, file_name, image_id, image_info
from .figures import SyntheticFigures
from .metainfo import metainfo_file
from .parallel import ordered_map

#: Grows when the same arguments would give other images.
GENERATOR_VERSION = 1


def _write_one(
    index: int, figures: SyntheticFigures, folder: Path, quality: int
) -> tuple[dict, list[dict]]:
    path = folder / file_name(index)
    missing = not path.exists()
    scene = figures.render(index, image=missing)
    if missing:
        with atomic_write(path) as temporary:
            options = [cv2.IMWRITE_JPEG_QUALITY, quality]
            code = cv2.imencode('.jpg', scene.image, options)[1]
            temporary.write_bytes(code.tobytes())
    notes = [annotation(p, 'coco', image_id(index), 0) for p in scene.persons]
    return image_info(scene), notes


def _claim(folder: Path, marker: Path, config: dict) -> None:
    """Check that what a folder holds was made with the same arguments."""
    if marker.exists():
        try:
            found = json.loads(marker.read_text(encoding='utf-8'))
        except (OSError, ValueError) as error:
            raise UserError(f'cannot read {marker}: {error}', 'delete it') from error
        if found != config:
            raise UserError(
                f'{folder} holds figures made with other arguments (see {marker})',
                'choose another folder, the same arguments, or delete it',
            )
        return
    if folder.is_dir() and any(folder.iterdir()):
        raise UserError(
            f'{folder} holds files that were not made by this tool',
            'choose another folder',
        )
    write_json_atomic(marker, config, indent=1)


def write_coco(
    figures: SyntheticFigures,
    out_dir: str | Path,
    num_images: int,
    split: str = 'train',
    start: int = 0,
    workers: int = 0,
    quality: int = 95,
) -> Path:
    """Write ``{split}2017/*.jpg`` and ``annotations/person_keypoints_*.json``.

    Files appear whole or not at all, the json last. A second call with the
    same arguments keeps the images that are there and makes the others; the
    arguments are kept in ``annotations/synthetic_{split}2017.json``.

    Args:
        figures (SyntheticFigures): The generator.
        out_dir (str | Path): Folder of the data set; it is made.
        num_images (int): Number of images.
        split (str): ``train`` or ``val``.
        start (int): Number of the first image. The id of image ``i`` is
            ``i + 1``, its file name that id in twelve digits.
        workers (int): Processes besides this one; 0 for none.
        quality (int): Of the JPEG files.

    Returns:
        Path: The annotation file.

    Raises:
        UserError: If the folder cannot be written to, or holds something else.
    """
    out, folder = Path(out_dir), Path(out_dir) / f'{split}2017'
    target = out / 'annotations' / f'person_keypoints_{split}2017.json'
    config = {
        **figures.config,
        'start': start,
        'quality': quality,
        'version': GENERATOR_VERSION,
    }
    _claim(folder, out / 'annotations' / f'synthetic_{split}2017.json', config)
    job = partial(_write_one, figures=figures, folder=folder, quality=quality)
    images: list[dict] = []
    notes: list[dict] = []
    numbers = range(start, start + num_images)
    for info, found in tqdm(
        ordered_map(job, numbers, workers), f'{split}2017', num_images, unit='img'
    ):
        images.append(info)
        for note in found:
            note['id'] = len(notes) + 1
            notes.append(note)
    write_json_atomic(target, _document(config, images, notes))
    return target


def _document(config: dict, images: list[dict], notes: list[dict]) -> dict:
    meta = parse_pose_metainfo({'from_file': metainfo_file('coco')})
    return {
        'info': {'description': 'Synthetic figures of mmpose_ext', **config},
        'licenses': [],
        'images': images,
        'annotations': notes,
        'categories': [category(meta)],
    }
