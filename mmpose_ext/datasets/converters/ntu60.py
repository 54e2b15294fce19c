"""Extraction of annotated frames from NTU RGB+D 60 (DAUNet, Section 4.5)."""

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from tqdm import tqdm

from ...utils import UserError, parallel_map, write_json_atomic
from ...utils.folders import claim_folder, remove_temporaries
from ..body.ntu60 import Ntu60Dataset
from ..formats.coco import person_category
from ..formats.ntu60 import MISSING_LIST, SUBJECTS, NtuName
from .boxes import joints_to_bbox
from .documents import person_annotation
from .ntu_frames import JOURNAL, Extraction, extract_sample
from .ntu_quota import ActionQueue, spread
from .ntu_report import NtuReport
from .ntu_samples import find_samples, load_missing_list

_VERSION = 1


def extract_ntu60(
    root: str | os.PathLike,
    out_dir: str | os.PathLike,
    *,
    num_frames: int = 5000,
    seed: int = 0,
    subjects: str = 'xsub-val',
    missing_list: str | os.PathLike | None = MISSING_LIST,
    padding: float = 1.2,
    quality: int = 95,
    workers: int | None = None,
    progress: bool = True,
) -> NtuReport:
    """Extract annotated frames from the official videos and skeletons.

    The frames are spread evenly over the classes and, within a class, over as many
    videos as possible. From each video the body that moves most is taken, in frames
    in which it is tracked and all its joints lie in the image. A sample that cannot
    be used is replaced by the next one of its class. The result depends only on the
    files, the seed and the settings, not on the number of workers. The same call
    resumes an interrupted run.

    Args:
        root (str | os.PathLike): Folder with ``nturgb+d_rgb/*.avi`` and
            ``nturgb+d_skeletons/*.skeleton``.
        out_dir (str | os.PathLike): Folder for ``images/`` and
            ``annotations/ntu60_<subjects>.json``.
        num_frames (int): Number of frames.
        seed (int): Seed of the choice of videos and frames, not negative.
        subjects (str): ``xsub-val``, ``xsub-train`` or ``all``.
        missing_list (str | os.PathLike, optional): The official list of samples
            with missing skeletons; a relative path starts at ``root``. None for no
            list.
        padding (float): Padding of the boxes; see :func:`joints_to_bbox`.
        quality (int): Quality of the JPEGs, 1 to 100.
        workers (int, optional): Number of processes. Defaults to one per core.
        progress (bool): Whether to show a progress bar.

    Returns:
        NtuReport: Summary of the frames written and the samples left out.

    Raises:
        UserError: If an argument is out of range, the input is missing, no sample can
            be used, ``out_dir`` holds an extraction with other settings, or the
            output cannot be written.

    Example:
        >>> from mmpose_ext.datasets.synthetic.layouts import write_ntu
        >>> from mmpose_ext.figures import SyntheticFigures
        >>> figures = SyntheticFigures(size=(96, 64), persons=(1, 1))
        >>> _ = write_ntu(figures, 'raw', num_train=0, num_val=1)
        >>> report = extract_ntu60(
        ...     'raw', 'ntu60', num_frames=1, workers=1, progress=False
        ... )
        >>> report.path.as_posix(), report.num_images
        ('ntu60/annotations/ntu60_xsub-val.json', 1)
    """
    _check_arguments(num_frames, seed, subjects, padding, quality)
    root, out_dir = Path(root), Path(out_dir)
    missing = load_missing_list(root / missing_list) if missing_list else frozenset()
    samples = find_samples(root, SUBJECTS[subjects], missing)
    settings = dict(version=_VERSION, seed=seed, quality=quality)
    path = out_dir / 'annotations' / f'ntu60_{subjects}.json'
    claim_folder(out_dir / 'images', out_dir / JOURNAL / 'settings.json', settings)
    remove_temporaries(out_dir / JOURNAL)
    remove_temporaries(path.parent, path.name)
    extraction = Extraction(str(root), str(out_dir), seed, quality)
    queues = _queues(samples.names, seed)
    _run(queues, num_frames, extraction, workers, progress)

    report = NtuReport.of(path, num_frames, samples, queues)
    if report.num_images == 0:
        raise UserError(
            f'none of {len(samples.names)} samples can be used, e.g.: '
            f'{report.problems[0]}',
            'check the folders of videos and skeletons',
        )
    info = dict(
        description=f'NTU RGB+D 60, {report.num_images} frames, subjects {subjects}',
        bbox=f'joints, padding {padding:g}, clipped to the image',
        seed=seed,
        frames_per_action={str(k): n for k, n in report.per_action.items()},
        samples_with_ties=report.ties,
    )
    write_json_atomic(path, _document(queues, extraction, info, padding))
    return report


def _check_arguments(
    num_frames: int, seed: int, subjects: str, padding: float, quality: int
) -> None:
    for good, what in (
        (num_frames >= 1, f'num_frames {num_frames} is not positive'),
        (seed >= 0, f'seed {seed} is negative'),
        (subjects in SUBJECTS, f'subjects {subjects!r} is not one of {[*SUBJECTS]}'),
        (padding >= 1, f'padding {padding} would cut joints off'),
        (1 <= quality <= 100, f'quality {quality} is not from 1 to 100'),
    ):
        if not good:
            raise UserError(what)


def _queues(names: Iterable[NtuName], seed: int) -> dict[int, ActionQueue]:
    by_action: dict[int, list[NtuName]] = {}
    for name in sorted(names):
        by_action.setdefault(name.action, []).append(name)
    queues = {}
    for action, members in sorted(by_action.items()):
        order = np.random.default_rng([seed, action]).permutation(len(members))
        queues[action] = ActionQueue([members[i] for i in order])
    return queues


def _run(
    queues: dict[int, ActionQueue],
    num_frames: int,
    extraction: Extraction,
    workers: int | None,
    progress: bool,
) -> None:
    """Extract until there are enough frames or all samples are exhausted."""
    function = partial(extract_sample, extraction=extraction)
    everyone = queues.values()
    spread(everyone, num_frames)
    with tqdm(total=num_frames, desc='NTU-60', unit='fr', disable=not progress) as bar:
        while wave := [(queue, job) for queue in everyone for job in queue.jobs()]:
            results = parallel_map(function, [job for _, job in wave], workers)
            for (queue, (name, _)), result in zip(wave, results, strict=True):
                queue.record(name, result)
                bar.n = sum(queue.found for queue in everyone)
                bar.refresh()
            if not any(queue.jobs() for queue in everyone):
                spread(everyone, num_frames)


def _document(
    queues: dict[int, ActionQueue],
    extraction: Extraction,
    info: dict,
    padding: float,
) -> dict:
    images: list[dict] = []
    people: list[dict] = []
    results = {n: r for q in queues.values() for n, r in q.results.items()}
    for name, result in sorted(results.items()):
        for entry in result.frames:
            number = len(images) + 1
            joints = np.array(entry['keypoints'], dtype=float)
            joints[joints[:, 2] == 0] = 0
            box = joints_to_bbox(joints, result.size, padding)
            if box is None:
                raise UserError(f'the skeleton of {name.name} spans no area')
            person = person_annotation(number, number, joints.tolist(), box.tolist())
            if entry['head_size'] is not None:
                person['head_size'] = entry['head_size']
            people.append(person)
            images.append(
                dict(
                    id=number,
                    file_name=extraction.image(name.name, entry['frame']).name,
                    width=result.size[0],
                    height=result.size[1],
                    frame=entry['frame'],
                    sample=name.name,
                    action=name.action,
                    subject=name.subject,
                )
            )
    return dict(
        info=info,
        images=images,
        annotations=people,
        categories=[person_category(parse_pose_metainfo(Ntu60Dataset.METAINFO))],
    )
