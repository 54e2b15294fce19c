"""Measure the memory of a loader's workers on annotations of COCO's size.

MMPose's training loader and this project's run one after another, each with its own
workers. A worker's own memory is what it does not share with the main process; only
Linux counts it.

Example::

    python tools/benchmarks/bench_memory.py --iterations 20000
"""

import argparse
import json
import multiprocessing
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmengine.registry import FUNCTIONS, init_default_scope
from mmpose.registry import DATASETS
from torch.utils.data import DataLoader, RandomSampler
from tqdm import tqdm

import mmpose_ext  # noqa: F401  (registers the data set)
from mmpose_ext.analysis.bench.loading import train_steps
from mmpose_ext.utils import UserError, run_cli

BATCH = 8
PER_IMAGE = 3  # people; COCO has 2.3
SIDES = ('MMPose', 'here')


def memory(process: int | str | None, kind: str) -> float:
    """Return a process's memory in MB: ``Rss``, or ``Private`` to it."""
    lines = Path(f'/proc/{process}/smaps_rollup').read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024


def write_people(folder: Path, count: int) -> None:
    """Write annotations of many people, and the one image that they all share.

    Args:
        folder (Path): The folder to write to.
        count (int): Number of people.
    """
    cv2.imwrite(str(folder / '0.jpg'), np.full((64, 64, 3), 90, np.uint8))
    rng = np.random.default_rng(0)
    joints = np.concatenate(
        (rng.integers(0, 64, (count, 17, 2)), np.full((count, 17, 1), 2)), axis=2
    )
    people = [
        dict(id=number + 1, image_id=number // PER_IMAGE, category_id=1, iscrowd=0,
             area=900.0, bbox=[5.0, 5.0, 30.0, 30.0], num_keypoints=17,
             keypoints=joints[number].ravel().tolist())
        for number in range(count)
    ]  # fmt: skip
    images = [
        dict(id=number, file_name='0.jpg', width=64, height=64)
        for number in range(-(-count // PER_IMAGE))
    ]
    content = dict(
        images=images, annotations=people, categories=[dict(id=1, name='person')]
    )
    (folder / 'people.json').write_text(json.dumps(content))


def run(folder: Path, side: str, workers: int, marks: list[int]) -> Iterator[dict]:
    """Load batches and measure memory on the way.

    Args:
        folder (Path): The folder that :func:`write_people` filled.
        side (str): One of :data:`SIDES`.
        workers (int): Number of workers.
        marks (list[int]): Iterations after which to measure.

    Yields:
        dict: MB of the main process and, on average, of a worker.
    """
    fast = side == 'here'
    config: dict[str, Any] = dict(
        type='CocoDataset', data_root=str(folder), ann_file='people.json',
        data_prefix=dict(img=''), pipeline=train_steps((48, 64), fast, True),
    )  # fmt: skip
    if fast:
        config = dict(type='LeanDataset', dataset=config)
    dataset = DATASETS.build(config)
    loader = DataLoader(
        dataset,
        batch_size=BATCH,
        sampler=RandomSampler(dataset, True, marks[-1] * BATCH),
        num_workers=workers,
        collate_fn=FUNCTIONS.get('default_collate' if fast else 'pseudo_collate'),
        multiprocessing_context=multiprocessing.get_context('fork'),
    )
    for number, _ in enumerate(tqdm(loader, desc=side, total=marks[-1]), start=1):
        if number in marks:
            children = multiprocessing.active_children()
            own = [memory(child.pid, 'Private') for child in children]
            main = memory('self', 'Rss')
            yield dict(
                side=side, iterations=number, main=main, worker=sum(own) / len(own)
            )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__.partition('\n')[0],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=__doc__.partition('\n\n')[2],
    )
    add = parser.add_argument
    add('--people', type=int, default=150_000, help='annotated people (%(default)s)')
    add('--workers', type=int, default=2, help='worker processes (%(default)s)')
    add('--iterations', type=int, default=2000, help='batches to load (%(default)s)')
    add('--only', choices=SIDES, help='measure one loader (both)')
    args = parser.parse_args()
    for name in ('people', 'workers', 'iterations'):
        if getattr(args, name) < 1:
            raise UserError(f'--{name} is below 1', 'give 1 or more')
    if not Path('/proc/self/smaps_rollup').exists():
        raise UserError('this system does not count memory', 'run it on Linux')
    init_default_scope('mmpose')
    marks = sorted({max(1, args.iterations * tenths // 10) for tenths in (1, 5, 10)})
    rows: list[dict] = []
    with tempfile.TemporaryDirectory() as folder:
        write_people(Path(folder), args.people)
        for side in (args.only,) if args.only else SIDES:
            rows += run(Path(folder), side, args.workers, marks)
    print('| loader | iterations | main process, MB | own memory of a worker, MB |')
    print('|---|---|---|---|')
    for row in rows:
        print('| {side} | {iterations} | {main:.0f} | {worker:.0f} |'.format(**row))


if __name__ == '__main__':
    run_cli(main)
