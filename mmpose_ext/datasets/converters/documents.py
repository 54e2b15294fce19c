"""Annotations in COCO's layout for data sets that do not annotate boxes."""

from .boxes import AREA_OF_BOX


def person_annotation(
    number: int, image_id: int, joints: list[list[float]], bbox: list[float]
) -> dict:
    """Make COCO's annotation of one person.

    Args:
        number (int): The annotation's id.
        image_id (int): The image's id.
        joints (list[list[float]]): x, y, visibility for each joint.
        bbox (list[float]): x, y, width, height.

    Returns:
        dict: An entry of ``annotations``; coordinates are rounded to 1/1000
        pixel, and the area is MMPose's estimate from the box.
    """
    keypoints: list[float] = []
    for x, y, visibility in joints:
        keypoints += [round(x, 3), round(y, 3), int(visibility)]
    return dict(
        id=number,
        image_id=image_id,
        category_id=1,
        iscrowd=0,
        keypoints=keypoints,
        num_keypoints=sum(v > 0 for v in keypoints[2::3]),
        bbox=[round(value, 3) for value in bbox],
        area=round(float(bbox[2] * bbox[3]) * AREA_OF_BOX, 3),
    )
