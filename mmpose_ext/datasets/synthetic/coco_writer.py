"""Write the figures in COCO's official layout."""

from functools import partial
from pathlib import Path

from mmpose.datasets.datasets.utils import parse_pose_metainfo
from tqdm import tqdm

from ...figures import SyntheticFigures
from ...utils import write_json_atomic
from ...utils.folders import claim_folder, remove_temporaries
from ...utils.processes import process_map
from ..conventions import metainfo_file
from ..formats.coco import ANNOTATIONS, DETECTIONS, person_category
from .coco_annotations import annotation, file_name, image_id, image_info
from .detections import detections
from .files import GENERATOR_VERSION, render_file


def _write_one(
    index: int, figures: SyntheticFigures, folder: Path, quality: int
) -> tuple[dict, list[dict]]:
    scene = render_file(figures, index, folder / file_name(index), quality)
    notes = [annotation(p, 'coco', image_id(index), 0) for p in scene.persons]
    return image_info(scene), notes


def write_coco_dataset(
    figures: SyntheticFigures,
    out_dir: str | Path,
    num_images: int,
    split: str = 'train',
    start: int = 0,
    workers: int = 0,
    quality: int = 95,
) -> Path:
    """Write ``{split}2017/*.jpg`` and ``annotations/person_keypoints_*.json``.

    The val split also gets a file of detected boxes (:mod:`.detections`), so that
    configs with detector boxes run unchanged.
    Files are written atomically, the JSON file last. A second call with the same
    arguments keeps the existing images and makes the missing ones; the arguments are
    stored in ``annotations/synthetic_{split}2017.json``.

    Args:
        figures (SyntheticFigures): The generator.
        out_dir (str | Path): Folder of the data set, created if necessary.
        num_images (int): Number of images.
        split (str): ``train`` or ``val``.
        start (int): Number of the first image. The id of image ``i`` is
            ``i + 1``, its file name that id in twelve digits.
        workers (int): Number of additional processes; 0 for none.
        quality (int): Quality of the JPEG files.

    Returns:
        Path: The annotation file.

    Raises:
        UserError: If the folder cannot be written to, or contains other data.
    """
    out, folder = Path(out_dir), Path(out_dir) / f'{split}2017'
    target = out / ANNOTATIONS.format(f'{split}2017')
    config = {
        **figures.config,
        'start': start,
        'quality': quality,
        'version': GENERATOR_VERSION,
    }
    claim_folder(folder, out / 'annotations' / f'synthetic_{split}2017.json', config)
    for file in (target, out / DETECTIONS.format(f'{split}2017')):
        remove_temporaries(file.parent, file.name)
    job = partial(_write_one, figures=figures, folder=folder, quality=quality)
    images: list[dict] = []
    notes: list[dict] = []
    numbers = range(start, start + num_images)
    for info, found in tqdm(
        process_map(job, numbers, workers), f'{split}2017', num_images, unit='img'
    ):
        images.append(info)
        for note in found:
            note['id'] = len(notes) + 1
            notes.append(note)
    if split == 'val':
        seed = figures.config['seed']
        write_json_atomic(out / DETECTIONS.format('val2017'), detections(notes, seed))
    write_json_atomic(target, _document(config, images, notes))
    return target


def _document(config: dict, images: list[dict], notes: list[dict]) -> dict:
    meta = parse_pose_metainfo({'from_file': metainfo_file('coco')})
    return {
        'info': {'description': 'Synthetic figures of mmpose_ext', **config},
        'licenses': [],
        'images': images,
        'annotations': notes,
        'categories': [person_category(meta)],
    }
