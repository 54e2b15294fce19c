r"""Write a video of a synthetic figure that walks on the spot and turns.

The figure fills the picture, like a person in front of a camera, so that a top-down
network can take the whole picture as its box. The video repeats without a jump.
Example, as docs/images/camera.gif was made::

    python tools/misc/walking_figure.py walk.avi
    mmpose-ext camera walk.avi --boxes-from whole-image --smooth 4 0.1 \
        --video camera.gif
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from mmpose_ext.figures import SyntheticFigures
from mmpose_ext.figures.motion import walk_on_the_spot
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.argument_types import seed_number
from mmpose_ext.video import VideoFile, check_video


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition('\n')[0])
    add = parser.add_argument
    add('out', type=Path, help='the video (.avi, .mp4)')
    add('--seed', type=seed_number, default=2, help='random seed (%(default)s)')
    add('--frames', type=int, default=48, help='number of frames (%(default)s)')
    add('--fps', type=float, default=12, help='frames per second (%(default)s)')
    add('--size', type=int, nargs=2, default=(224, 288), metavar=('W', 'H'))
    add('--turn', type=float, default=40, help='largest angle in degrees (%(default)s)')
    return parser.parse_args()


def frames(figures: SyntheticFigures, number: int, turn: float) -> Iterator[np.ndarray]:
    """Draw the walk in one place and one light.

    Args:
        figures (SyntheticFigures): The generator, with size, clutter and seed.
        number (int): Number of frames.
        turn (float): Largest angle away from the camera, in degrees.

    Yields:
        np.ndarray: (H, W, 3) uint8, BGR.
    """
    streams = np.random.SeedSequence([figures.seed, 2]).spawn(3)
    layout, around = (np.random.default_rng(s) for s in streams[:2])
    people, camera = walk_on_the_spot(layout, figures.size, number, turn)
    clutter = figures.surround(around, people[:1], camera, 0.0)
    for person in people:
        look = np.random.default_rng(streams[2])
        image = figures.compose(0, [person], camera, clutter, look).image
        if image is not None:
            yield image


def main() -> None:
    """Write the video."""
    args = parse_args()
    out = check_video(args.out)
    if args.frames < 1:
        raise UserError(f'--frames {args.frames} is too small', 'give 1 or more')
    figures = SyntheticFigures(args.seed, args.size, (1, 1), clutter=0.5)
    with VideoFile(out, args.fps) as video:
        for image in frames(figures, args.frames, args.turn):
            video.write(image)
    print(f'{out}: {video.written} frames')


if __name__ == '__main__':
    run_cli(main)
