"""All checks of the doctor, run on annotation files."""

from collections.abc import Mapping

from .annotations import check_annotations
from .findings import Diagnosis
from .image_checks import check_images, check_overlap, look_at_all
from .records import PoseFile


def examine(
    files: Mapping[str, PoseFile],
    *,
    deep: bool = True,
    workers: int | None = None,
    progress: bool = True,
) -> list[Diagnosis]:
    """Check annotation files, their images, and whether they share images.

    Args:
        files (Mapping[str, PoseFile]): Annotation files by name; those named
            ``train...`` are compared with the others.
        deep (bool): Decode the images, which finds incomplete, duplicate and shared
            ones; otherwise only their headers are read.
        workers (int, optional): Number of threads. Defaults to one per core.
        progress (bool): Show a progress bar.

    Returns:
        list[Diagnosis]: One for each file, and one for each comparison.

    Example:
        >>> import json
        >>> from pathlib import Path
        >>> from mmpose_ext.datasets.doctor import load_pose_file
        >>> person = dict(id=1, image_id=1, category_id=1, bbox=[0, 0, 20, 20])
        >>> person.update(keypoints=[5, 5, 2], num_keypoints=1, iscrowd=0, area=400)
        >>> image = dict(id=1, file_name='missing.jpg', width=32, height=32)
        >>> kinds = [dict(id=1, name='person', keypoints=['nose'], skeleton=[])]
        >>> truth = dict(images=[image], annotations=[person], categories=kinds)
        >>> _ = Path('train.json').write_text(json.dumps(truth))
        >>> files = {'train': load_pose_file('train.json', '.')}
        >>> [diagnosis] = examine(files, progress=False)
        >>> [finding.check for finding in diagnosis.findings]
        ['missing_images']
    """
    looks = look_at_all(list(files.values()), deep, workers, progress)
    diagnoses = []
    for name, file in files.items():
        diagnosis = Diagnosis(f'{name}: {file.path}', file.path.name)
        sizes: dict = {}
        for image in file.images:
            size = looks[image.path].size
            # The size of the loaded image counts; the stated one is the fallback.
            if known := (size if size != (0, 0) else image.size):
                sizes[image.id] = known
        check_annotations(file, sizes, diagnosis)
        check_images(file, looks, diagnosis)
        diagnoses.append(diagnosis)
    train = [item for item in files.items() if item[0].startswith('train')]
    others = [item for item in files.items() if not item[0].startswith('train')]
    for first in train:
        for second in others:
            diagnosis = Diagnosis(f'{first[0]} against {second[0]}')
            check_overlap(first, second, looks, diagnosis)
            diagnoses.append(diagnosis)
    return diagnoses
