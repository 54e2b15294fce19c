"""A small MPII release: six images, nine people, a ground truth of two."""

import json
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.io import loadmat, savemat

from mmpose_ext.datasets.converters import (
    convert_mpii,
)
from mmpose_ext.datasets.synthetic.layouts.mpii_mat import (
    ReleaseImage,
    ReleasePerson,
    save_mpii_gt_val,
    save_mpii_release,
)


def person(
    seed: int, annotated=True, hidden=(), occluded=(), **kwargs
) -> ReleasePerson:
    rng = np.random.default_rng(seed)
    joints = np.column_stack([rng.uniform(1, 200, (16, 2)).round(1), np.full(16, 2)])
    joints[list(hidden)] = 0
    joints[list(occluded), 2] = 1
    box = np.array([10, 20, 40, 60.0]) + seed if annotated else None
    center = kwargs.pop('center', (100.0 + seed, 90.0))
    return ReleasePerson(
        center, 1.5 + seed, joints if annotated else None, box, **kwargs
    )


VAL = person(1, hidden=[0, 5], occluded=[10])


IMAGES = [
    ReleaseImage('0000001.jpg', True, [person(2), VAL, person(3)]),
    ReleaseImage('0000002.jpg', True, []),
    ReleaseImage('0000003.jpg', True, [person(4, single=False), person(5, False)]),
    ReleaseImage('0000004.jpg', False, [person(6, False), person(7, False)]),
    ReleaseImage(
        '0000005.jpg',
        False,
        [person(8, False, single=False), person(9, False, center=None)],
    ),
    ReleaseImage('0000006.jpg', True, [person(10)]),
]


def write_release(root: Path) -> Path:
    """Write the images, the release and the ground truth of the validation set."""
    (root / 'images').mkdir()
    for image in IMAGES:
        Image.new('RGB', (220, 210)).save(root / 'images' / image.name)
    save_mpii_release(root / 'release.mat', IMAGES)
    save_mpii_gt_val(root / 'gt.mat', [IMAGES[5].people[0], VAL])
    return root


def convert(root, **kwargs):
    kwargs.setdefault('val_file', root / 'gt.mat')
    return convert_mpii(
        root / 'release.mat', root / 'images', root / 'out', progress=False, **kwargs
    )


def records(root, split):
    return json.loads((root / 'out' / f'mpii_{split}.json').read_text())


def edit(root, change):
    """Change the raw release on disk."""
    release = loadmat(root / 'release.mat')['RELEASE']
    savemat(root / 'release.mat', {'RELEASE': change(release)})
