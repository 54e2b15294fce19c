"""Writers of videos and skeletons in NTU RGB+D's file formats."""

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from ....utils import UserError, atomic_write
from ...formats.ntu60 import FRAME_RATE


class NtuBody(NamedTuple):
    """One body in one frame.

    Attributes:
        body (str): Kinect's id of the body.
        xyz (np.ndarray): Joints in meters; x right, y up, z away from the camera,
            (25, 3).
        pixels (np.ndarray): Joints in the color image, (25, 2).
        states (np.ndarray): 2 tracked, 1 inferred, 0 neither, (25,).
        tracking (int): Tracking state of the body.
    """

    body: str
    xyz: np.ndarray
    pixels: np.ndarray
    states: np.ndarray
    tracking: int = 2


def _number(value: float) -> str:
    return 'NaN' if np.isnan(value) else f'{value:.7g}'


def save_skeleton(
    path: str | os.PathLike,
    frames: Sequence[Sequence[NtuBody]],
    image_size: tuple[int, int] = (1920, 1080),
) -> None:
    """Write a ``.skeleton`` file.

    Args:
        path (str | os.PathLike): The file to write.
        frames (Sequence[Sequence[NtuBody]]): The bodies of each frame.
        image_size (tuple[int, int]): Width and height of the color image; the depth
            image of 512 x 424 pixels is assumed to show the same view.

    Raises:
        UserError: If it cannot be written.
    """
    to_depth = np.array([512, 424]) / image_size
    lines = [str(len(frames))]
    for bodies in frames:
        lines.append(str(len(bodies)))
        for body in bodies:
            lines.append(f'{body.body} 0 1 1 1 1 0 0 0 {body.tracking}')
            lines.append(str(len(body.xyz)))
            depth = body.pixels * to_depth
            table = np.hstack([body.xyz, depth, body.pixels])
            for row, state in zip(table.tolist(), body.states.tolist(), strict=True):
                lines.append(' '.join([*map(_number, row), '0 0 0 0', str(int(state))]))
    with atomic_write(path) as temporary:
        temporary.write_bytes(('\r\n'.join(lines) + '\r\n').encode('ascii'))


def save_avi(path: str | os.PathLike, images: Iterable[np.ndarray]) -> int:
    """Write a video as Motion JPEG.

    Args:
        path (str | os.PathLike): The file to write.
        images (Iterable[np.ndarray]): BGR, all of one shape (H, W, 3).

    Returns:
        int: Number of frames written.

    Raises:
        UserError: If it cannot be written.
    """
    number = 0
    with atomic_write(path) as temporary:
        writer = None
        for image in images:
            if writer is None:
                height, width = image.shape[:2]
                code = cv2.VideoWriter.fourcc(*'MJPG')
                writer = cv2.VideoWriter(
                    str(temporary),
                    cv2.CAP_OPENCV_MJPEG,
                    code,
                    FRAME_RATE,
                    (width, height),
                )
                if not writer.isOpened():
                    raise UserError(f'OpenCV cannot write the video {path}')
            writer.write(image)
            number += 1
        if writer is not None:
            writer.release()
    return number
