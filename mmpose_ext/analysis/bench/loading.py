"""Rows: the loaders of training and testing, with two workers."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmengine.registry import DATA_SAMPLERS, FUNCTIONS, init_default_scope
from mmpose.registry import DATASETS
from torch.utils.data import DataLoader

from .rows import Row

WORKERS, BATCH = 2, 32


def write_images(
    folder: Path, count: int, size: tuple[int, int], per_image: int
) -> None:
    """Write JPEG files about as detailed as photographs, and people in them.

    Args:
        folder (Path): Where to write; ``people.json`` is the annotation.
        count (int): Images.
        size (tuple[int, int]): Width and height.
        per_image (int): People in each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    width, height = size
    people: list[dict] = []
    for number in range(count):
        noise = rng.integers(0, 255, (height, width, 3), np.uint8)
        picture = cv2.GaussianBlur(noise, (0, 0), 1.5)
        flags = [cv2.IMWRITE_JPEG_QUALITY, 92]
        cv2.imwrite(str(folder / f'{number}.jpg'), picture, flags)
        for _ in range(per_image):
            side = rng.uniform(0.2, 0.5) * height
            corner = rng.uniform(0, 0.5, 2) * size
            joints = np.c_[corner + rng.uniform(0, 1, (17, 2)) * side, np.full(17, 2)]
            people.append(
                dict(
                    id=len(people) + 1,
                    image_id=number,
                    category_id=1,
                    iscrowd=0,
                    area=side**2,
                    bbox=[*corner.tolist(), side, side],
                    num_keypoints=17,
                    keypoints=joints.ravel().tolist(),
                )
            )
    images = [
        dict(id=i, file_name=f'{i}.jpg', width=width, height=height)
        for i in range(count)
    ]
    content = dict(
        images=images, annotations=people, categories=[dict(id=1, name='person')]
    )
    (folder / 'people.json').write_text(json.dumps(content))


def train_steps(size: tuple[int, int], fast: bool, exact: bool) -> list[dict]:
    """Return a training pipeline.

    Args:
        size (tuple[int, int]): Width and height of the input.
        fast (bool): Whether of this project's parts; else MMPose's.
        exact (bool): See :class:`.FlipTopdownAffine`.
    """
    codec = dict(
        type='MSRAHeatmap', input_size=size,
        heatmap_size=(size[0] // 4, size[1] // 4), sigma=2,
    )  # fmt: skip
    first = [dict(type='LoadImage'), dict(type='GetBBoxCenterScale')]
    if not fast:
        return [
            *first,
            dict(type='RandomFlip', direction='horizontal'),
            dict(type='RandomHalfBody'),
            dict(type='RandomBBoxTransform'),
            dict(type='TopdownAffine', input_size=size),
            dict(type='GenerateTarget', encoder=codec),
            dict(type='PackPoseInputs'),
        ]
    return [
        *first,
        dict(type='DeferredRandomFlip', direction='horizontal'),
        dict(type='RandomHalfBody'),
        dict(type='FastRandomBBoxTransform'),
        dict(type='FlipTopdownAffine', input_size=size, exact=exact),
        dict(type='PackLeanInputs'),
    ]


def _test_steps(size: tuple[int, int], fast: bool) -> list[dict]:
    return [
        dict(type='LoadCachedImage' if fast else 'LoadImage'),
        dict(type='GetBBoxCenterScale'),
        dict(type='TopdownAffine', input_size=size),
        dict(type='FastPackPoseInputs' if fast else 'PackPoseInputs'),
    ]


def _passes(
    folder: Path, steps: list[dict], lean: bool, collate: str, sampler: dict
) -> Callable[[], int]:
    """A function that loads all samples once, with workers that stay."""
    config = dict(
        type='CocoDataset', data_root=str(folder), ann_file='people.json',
        data_prefix=dict(img=''), pipeline=steps, test_mode=sampler['type'] != 'random',
    )  # fmt: skip
    wrapped = dict(type='LeanDataset', dataset=config) if lean else config
    dataset = DATASETS.build(wrapped)
    order: Any = dict(type='DefaultSampler', shuffle=True)
    if sampler['type'] != 'random':
        order = sampler
    loader = DataLoader(
        dataset,
        batch_size=BATCH,
        sampler=DATA_SAMPLERS.build(dict(order, dataset=dataset)),
        num_workers=WORKERS,
        persistent_workers=True,
        collate_fn=FUNCTIONS.get(collate),
    )
    return lambda: sum(len(batch['inputs']) for batch in loader)


def _training_rows(
    place: Path, name: str, size: tuple[int, int], count: int
) -> Iterator[Row]:
    """Rows of one size of input: ours, ours with exact pixels, and the limit."""
    random = dict(type='random')

    def ours(exact: bool) -> Callable[[], int]:
        steps = train_steps(size, True, exact)
        return _passes(place, steps, True, 'default_collate', random)

    plain = _passes(
        place, train_steps(size, False, True), False, 'pseudo_collate', random
    )
    decoding = [dict(type='LoadImage'), dict(type='DropImage')]
    units: Any = dict(units=count, unit='sample', repeats=3)
    label = f'training loader, {name}'
    yield Row(label, theirs=plain, ours=ours(exact=False), goal=2.2, **units)
    yield Row(f'{label}, exact pixels', theirs=plain, ours=ours(exact=True), **units)
    yield Row(
        f'{label}, against decoding alone',
        theirs=_passes(place, decoding, True, 'default_collate', random),
        ours=ours(exact=False),
        note='1 is the limit: as fast as reading and decoding the files',
        **units,
    )


def _testing_row(place: Path, size: tuple[int, int], count: int) -> Row:
    return Row(
        'test loader, 20 boxes an image',
        theirs=_passes(
            place, _test_steps(size, False), False, 'pseudo_collate',
            dict(type='DefaultSampler', shuffle=False),
        ),
        ours=_passes(
            place, _test_steps(size, True), True, 'stacked_collate',
            dict(type='ImageGroupedSampler'),
        ),
        goal=6,
        units=count,
        unit='sample',
        repeats=3,
    )  # fmt: skip


def loading_rows(folder: Path, quick: bool = False) -> Iterator[Row]:
    """Rows of samples a second.

    Args:
        folder (Path): Folder for temporary files.
        quick (bool): Whether to load half of the samples.

    Yields:
        Row: Training at 256x192 from 640x480 and at 256x256 from 1280x720, and testing
        with 20 boxes an image.
    """
    init_default_scope('mmpose')
    count = 128 if quick else 256
    for name, size, picture in (
        ('COCO 256x192', (192, 256), (640, 480)),
        ('MPII 256x256', (256, 256), (1280, 720)),
    ):
        place = folder / name.split()[0]
        write_images(place, count, picture, 1)
        yield from _training_rows(place, name, size, count)
    place = folder / 'crowded'
    write_images(place, count // 8, (640, 480), 20)
    yield _testing_row(place, (192, 256), count // 8 * 20)
