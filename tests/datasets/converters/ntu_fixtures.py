"""A small NTU RGB+D: gray frames that say their number, bodies that move."""

import json
from pathlib import Path

import numpy as np

from mmpose_ext.datasets.converters import extract_ntu60
from mmpose_ext.datasets.synthetic.layouts.ntu_files import (
    NtuBody,
    save_avi,
    save_skeleton,
)

SIZE = (160, 120)
# Subjects 3, 6, 7 are of the X-Sub validation set, 1 is not.
NAMES = [f'S001C001P00{p}R001A00{a}' for a in (1, 2) for p in (3, 6, 7)]


def body(frame=0, name='72057594037931101', step=0.0, shift=0.0, **kwargs) -> NtuBody:
    """A body whose joints spread over 0.8 m and 80 pixels; 100 pixels a meter."""
    k = np.arange(25)
    xyz = np.column_stack([0.1 * (k % 5), 0.1 * (k // 5) * 2, np.full(25, 3.0)])
    xyz[3] = xyz[2] + [0, 0.12, 0.05]  # the head, 0.13 m from the neck
    xyz[:, 0] += step * frame + shift
    pixels = np.column_stack([20 + 100 * (xyz[:, 0]), 110 - 100 * xyz[:, 1]])
    states = np.where(k % 7 == 0, 1, 2)
    return NtuBody(name, xyz, pixels, states, **kwargs)


def frames(number=10, step=0.01, **kwargs) -> list[list[NtuBody]]:
    return [[body(i, step=step, **kwargs)] for i in range(number)]


def gray(number: int) -> list[np.ndarray]:
    """Frame i has the value 20 i."""
    return [np.full((SIZE[1], SIZE[0], 3), 20 * i, np.uint8) for i in range(number)]


def skeleton_file(root: Path, name: str) -> Path:
    return root / 'nturgb+d_skeletons' / f'{name}.skeleton'


def video_file(root: Path, name: str) -> Path:
    return root / 'nturgb+d_rgb' / f'{name}_rgb.avi'


def add_sample(root: Path, name: str, bodies=None, video=True) -> None:
    bodies = frames() if bodies is None else bodies
    save_skeleton(skeleton_file(root, name), bodies, SIZE)
    if video:
        save_avi(video_file(root, name), gray(len(bodies)))


def make_list(root: Path, *names: str) -> None:
    text = '2 of the samples have missing skeletons.\n\n' + '\n'.join(names)
    (root / 'NTU_RGBD_samples_with_missing_skeletons.txt').write_text(text)


def write_samples(root: Path) -> Path:
    """Write the samples NAMES, and a list of missing skeletons that has another."""
    for name in NAMES:
        add_sample(root, name)
    make_list(root, 'S001C002P005R002A008')
    return root


def extract(root: Path, number: int, **kwargs):
    out = kwargs.pop('out', root.parent / 'out')
    kwargs.setdefault('workers', 1)
    return extract_ntu60(root, out, num_frames=number, progress=False, **kwargs)


def document(report) -> dict:
    return json.loads(report.path.read_text())


def samples(report) -> list[tuple[str, int]]:
    return [(i['sample'], i['frame']) for i in document(report)['images']]
