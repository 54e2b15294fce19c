"""Annotations of synthetic figures in COCO's format."""

from typing import Any

import cv2
import numpy as np

from ...figures.scene import Person, Scene
from ..conventions import CONVENTIONS


def image_id(index: int) -> int:
    """Return COCO's id of an image; ids start at 1, indices at 0."""
    return index + 1


def file_name(index: int) -> str:
    """Return COCO's file name of an image, its id in twelve digits."""
    return f'{image_id(index):012d}.jpg'


def image_info(scene: Scene) -> dict[str, Any]:
    """Make an entry of COCO's ``images``."""
    width, height = scene.size
    return {
        'id': image_id(scene.index),
        'file_name': file_name(scene.index),
        'width': width,
        'height': height,
    }


def polygons(mask: np.ndarray) -> list[list[float]]:
    """Outline a mask as COCO's segmentation.

    Args:
        mask (np.ndarray): Booleans, (H, W).

    Returns:
        list[list[float]]: Polygons x0, y0, x1, y1, ... a quarter of a pixel inside
        the mask's border, where pixel i extends from i to i + 1; holes are filled.
    """
    # OpenCV's outlines run through pixel centers: halve the pixels first.
    double = mask.view(np.uint8).repeat(2, axis=0).repeat(2, axis=1)
    found = cv2.findContours(double, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outlines = [((contour + 0.5) / 2).ravel().tolist() for contour in found[-2]]
    return [outline for outline in outlines if len(outline) >= 6]


def annotation(
    person: Person, convention: str, image: int, number: int
) -> dict[str, Any]:
    """Make an entry of COCO's ``annotations``.

    Args:
        person (Person): The person.
        convention (str): The joint convention.
        image (int): The image's id.
        number (int): The annotation's own id; from 1, since COCO's evaluation
            reads 0 as "no match".

    Returns:
        dict: The entry; key points are rounded to 1/100 pixel, and those outside the
        image are 0, 0, 0.
    """
    points = person.keypoints(CONVENTIONS[convention]).round(2)
    points[points[:, 2] == 0] = 0
    return {
        'id': number,
        'image_id': image,
        'category_id': 1,
        'iscrowd': 0,
        'bbox': person.bbox.tolist(),
        'area': person.area,
        'num_keypoints': int((points[:, 2] > 0).sum()),
        'keypoints': points.ravel().tolist(),
        'segmentation': polygons(person.mask),
    }
