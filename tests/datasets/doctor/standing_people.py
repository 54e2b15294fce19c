"""A healthy COCO file of three standing people, and ways to spoil it."""

import json

import cv2
import numpy as np

from mmpose_ext.datasets.doctor import examine, load_pose_file

NAMES = [
    f'{side}_{part}'
    for part in ('shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle')
    for side in ('left', 'right')
]


SIZE = (120, 160)


def standing() -> np.ndarray:
    """A person who faces us: the left side is on the right of the image."""
    joints = np.full((12, 3), 2.0)
    for k, (half, y) in enumerate(
        [(16, 40), (22, 60), (24, 80), (10, 80), (11, 110), (12, 140)]
    ):
        joints[2 * k, :2] = 60 + half, y
        joints[2 * k + 1, :2] = 60 - half, y
    return joints


def photo(seed: int) -> np.ndarray:
    """Something no other picture resembles."""
    rng = np.random.default_rng(seed)
    rough = rng.integers(0, 255, (8, 6, 3), dtype=np.uint8)
    return cv2.resize(rough, SIZE, interpolation=cv2.INTER_CUBIC)


def make(root, name='train', seeds=(0, 1, 2)):
    """A healthy annotation of one person an image."""
    folder = root / name
    folder.mkdir(parents=True)
    (root / 'annotations').mkdir(exist_ok=True)
    images, people = [], []
    for i, seed in enumerate(seeds):
        file = f'{i}.jpg'
        cv2.imwrite(str(folder / file), photo(seed))
        images.append(dict(id=i, file_name=file, width=SIZE[0], height=SIZE[1]))
        people.append(
            dict(
                id=10 + i,
                image_id=i,
                category_id=1,
                iscrowd=0,
                bbox=[30, 30, 60, 120],
                area=3816,
                keypoints=standing().ravel().tolist(),
                num_keypoints=12,
            )
        )
    category = dict(id=1, name='person', keypoints=NAMES, skeleton=[[1, 3]])
    return dict(images=images, annotations=people, categories=[category])


def save(root, content, name='train'):
    path = root / 'annotations' / f'people_{name}.json'
    path.write_text(json.dumps(content))
    return path


def diagnose(root, content, **kwargs):
    file = load_pose_file(save(root, content))
    [diagnosis] = examine({'data': file}, progress=False, workers=1, **kwargs)
    return diagnosis


def found(diagnosis):
    return {f.check: (f.level, f.count) for f in diagnosis.findings}


def first(key, value):
    return lambda content: content['annotations'][0].__setitem__(key, value)


def joint(index, *values):
    def change(content):
        keypoints = content['annotations'][0]['keypoints']
        keypoints[3 * index : 3 * index + len(values)] = values

    return change
