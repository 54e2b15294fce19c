"""A small data set in LSP's form, and pipelines for it."""

import json

import cv2
import numpy as np

from mmpose_ext.datasets import LspDataset

SIZE = (64, 96)
CODEC = dict(type='MSRAHeatmap', input_size=SIZE, heatmap_size=(16, 24), sigma=1.5)
AUGMENTED = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='RandomFlip', direction='horizontal'),
    dict(type='RandomBBoxTransform', scale_factor=(0.7, 1.3), rotate_factor=60),
    dict(type='TopdownAffine', input_size=SIZE),
]
TRAIN = [
    *AUGMENTED,
    dict(type='GenerateTarget', encoder=CODEC),
    dict(type='PackPoseInputs'),
]
TEST = [
    dict(type='LoadCheckedImage'),
    dict(type='GetBBoxCenterScale'),
    dict(type='TopdownAffine', input_size=SIZE),
    dict(type='PackPoseInputs'),
]
# Image (w, h) and box (x, y, w, h): inside, at a corner, larger than what a network
# of this size sees, and nearly outside.
PEOPLE = [
    ((400, 300), (150, 80, 60, 120)),
    ((200, 160), (0, 0, 50, 90)),
    ((900, 900), (250, 150, 300, 500)),
    ((120, 120), (110, 100, 30, 40)),
]


def make_images(folder, blank=False):
    """Write smooth random images, or white ones, and their annotation."""
    rng = np.random.default_rng(0)
    images, notes = [], []
    (folder / 'images').mkdir(parents=True)
    for number, ((width, height), box) in enumerate(PEOPLE, start=1):
        name = f'im{number}.png'
        image = np.full((height, width, 3), 255, np.uint8)
        if not blank:
            coarse = rng.integers(0, 255, (12, 12 * width // height, 3), np.uint8)
            image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / 'images' / name), image)
        images.append(dict(id=number, file_name=name, width=width, height=height))
        points = rng.uniform(0, 1, (14, 2)) * box[2:] + box[:2]
        joints = np.column_stack([points, np.full(14, 2)]).ravel().tolist()
        notes.append(
            dict(
                id=number,
                image_id=number,
                category_id=1,
                bbox=list(box),
                area=box[2] * box[3],
                iscrowd=0,
                num_keypoints=14,
                keypoints=joints,
                segmentation=[[0, 0, 1, 1, 2, 0]],
            )
        )
    content = dict(
        images=images, annotations=notes, categories=[dict(id=1, name='person')]
    )
    (folder / 'people.json').write_text(json.dumps(content))
    return config_of(folder)


def config_of(folder):
    return dict(
        type='LspDataset',
        data_root=str(folder),
        ann_file='people.json',
        data_prefix=dict(img='images/'),
    )


def dataset_of(folder, pipeline=(), **kwargs):
    config = {k: v for k, v in config_of(folder).items() if k != 'type'}
    return LspDataset(**config, pipeline=list(pipeline), **kwargs)
