"""Measure how many synthetic images one core makes per second.

Example::

    OMP_NUM_THREADS=1 python tools/benchmarks/bench_synthetic.py
"""

import argparse
import time

import cv2

from mmpose_ext.datasets.conventions import CONVENTIONS
from mmpose_ext.figures import SyntheticFigures
from mmpose_ext.utils import UserError, run_cli


def measure(figures: SyntheticFigures, count: int, image: bool) -> tuple[float, float]:
    """Measure images per second of processor time and of wall time."""
    figures.render(0, image=image)  # fills the banks of patterns and noise
    wall, cpu = time.perf_counter(), time.process_time()
    for index in range(count):
        for person in figures.render(index, image=image).persons:
            for convention in CONVENTIONS:
                person.keypoints(CONVENTIONS[convention])
    return (
        count / (time.process_time() - cpu),
        count / (time.perf_counter() - wall),
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--count', type=int, default=300)
    parser.add_argument(
        '--size', type=int, nargs=2, default=(256, 256), metavar=('W', 'H')
    )
    args = parser.parse_args()
    if args.count < 1:
        raise UserError(f'--count {args.count} is too small', 'give 1 or more')
    cv2.setNumThreads(1)
    print(f'{args.count} images of {args.size[0]}x{args.size[1]}, one core')
    print('persons  what                    img/s (processor)  img/s (wall)')
    for persons in ((1, 4), (1, 1)):
        for image in (True, False):
            figures = SyntheticFigures(size=args.size, persons=persons)
            cpu, wall = measure(figures, args.count, image)
            what = 'image and annotations' if image else 'annotations only'
            print(
                f'{persons[0]} to {persons[1]}   {what:22s}  {cpu:17.1f}  {wall:12.1f}'
            )


if __name__ == '__main__':
    run_cli(main)
