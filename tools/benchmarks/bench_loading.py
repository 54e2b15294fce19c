"""Time LoadCheckedImage against MMPose's LoadImage.

Both load the same files alternately; the lowest processor time of the repeats counts.
Without a folder, smooth noise of 640x480 pixels stands in for photographs, as baseline
and as progressive JPEG files.

Example::

    OMP_NUM_THREADS=1 python tools/benchmarks/bench_loading.py
    OMP_NUM_THREADS=1 python tools/benchmarks/bench_loading.py data/coco/val2017
"""

import argparse
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from mmpose.datasets.transforms import LoadImage

from mmpose_ext.datasets.transforms.loading import LoadCheckedImage
from mmpose_ext.utils import UserError, run_cli


def imitate(folder: Path, progressive: bool, count: int = 20) -> list[Path]:
    """Write pictures about as detailed as photographs of COCO."""
    folder.mkdir()
    flags = [
        cv2.IMWRITE_JPEG_QUALITY,
        92,
        cv2.IMWRITE_JPEG_PROGRESSIVE,
        int(progressive),
    ]
    paths = []
    for seed in range(count):
        noise = np.random.default_rng(seed).integers(0, 255, (480, 640, 3), np.uint8)
        paths.append(folder / f'{seed}.jpg')
        cv2.imwrite(str(paths[-1]), cv2.GaussianBlur(noise, (0, 0), 1.5), flags)
    return paths


def measure(paths: list[Path], repeats: int) -> tuple[float, float, float]:
    """Measure ms per image: LoadImage, LoadCheckedImage's first and later loads."""
    plain, checked = LoadImage(), LoadCheckedImage()
    times: dict[str, list[float]] = {'plain': [], 'checked': []}
    for _ in range(repeats + 1):
        for name, load in (('plain', plain), ('checked', checked)):
            start = time.process_time()
            for path in paths:
                load(dict(img_path=str(path)))
            times[name].append(1000 * (time.process_time() - start) / len(paths))
    first, *later = times['checked']
    return min(times['plain']), first, min(later)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder', type=Path, nargs='?', help='folder of JPEG files')
    parser.add_argument('--repeats', type=int, default=5)
    args = parser.parse_args()
    if args.repeats < 1:
        raise UserError(f'--repeats {args.repeats} is too small', 'give 1 or more')
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as temporary:
        if args.folder:
            sets = {str(args.folder): sorted(args.folder.glob('*.jpg'))}
        else:
            sets = {
                'progressive' if progressive else 'baseline': imitate(
                    Path(temporary) / str(progressive), progressive
                )
                for progressive in (False, True)
            }
        for name, paths in sets.items():
            if not paths:
                raise UserError(f'no *.jpg in {name}', 'name a folder of JPEG files')
            plain, first, later = measure(paths, args.repeats)
            print(
                f'{name}: LoadImage {plain:.2f} ms, LoadCheckedImage {later:.2f} ms '
                f'({later / plain - 1:+.1%}), at the first load {first:.2f} ms'
            )


if __name__ == '__main__':
    run_cli(main)
