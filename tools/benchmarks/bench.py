"""Time this project's parts beside MMPose's own, row by row.

Both sides of a row run in turn in one process; each row is printed as soon as it is
measured, beside the last recorded ratio. With --record, docs/performance.json and
docs/performance.md are written.

Example::

    python tools/benchmarks/bench.py --quick
    python tools/benchmarks/bench.py --only decoding
    python tools/benchmarks/bench.py --record docs/performance.json
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import torch

from mmpose_ext.analysis.bench.batches import (
    decoding_rows,
    other_batch_rows,
    target_rows,
)
from mmpose_ext.analysis.bench.end_to_end import end_to_end_rows
from mmpose_ext.analysis.bench.evaluation import evaluation_rows
from mmpose_ext.analysis.bench.loading import loading_rows
from mmpose_ext.analysis.bench.networks import network_rows
from mmpose_ext.analysis.bench.report import (
    entry_of,
    line_of,
    machine,
    read_record,
    write_record,
)
from mmpose_ext.analysis.bench.rows import Row, measure_row
from mmpose_ext.utils import UserError, run_cli

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / 'docs' / 'performance.json'
CONFIGS = ROOT / 'configs'


def all_rows(folder: Path, quick: bool) -> Iterator[Row]:
    """Yield every row, made when its turn comes."""
    yield from decoding_rows()
    yield from target_rows()
    yield from other_batch_rows()
    yield from evaluation_rows(folder, quick)
    yield from loading_rows(folder, quick)
    yield from end_to_end_rows(folder, quick)
    yield from network_rows(CONFIGS)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--quick', action='store_true', help='do a tenth of the work')
    parser.add_argument('--only', help='only rows whose name contains this text')
    parser.add_argument('--repeats', type=int, help='measured rounds of each row')
    parser.add_argument('--threads', type=int, default=1, help='threads (%(default)s)')
    parser.add_argument(
        '--minutes',
        type=float,
        default=13,
        help='start no row after this (%(default)s)',
    )
    parser.add_argument('--record', type=Path, help='write this .json, and its .md')
    args = parser.parse_args()
    for name in ('repeats', 'threads'):
        value = getattr(args, name)
        if value is not None and value < 1:
            raise UserError(f'--{name} {value} is too small', 'give 1 or more')
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(args.threads)
    last, place = read_record(args.record or RECORD), machine()
    end, rows, left_out = time.monotonic() + 60 * args.minutes, [], []
    with tempfile.TemporaryDirectory() as folder:
        for row in all_rows(Path(folder), args.quick):
            if args.only and args.only not in row.name:
                continue
            if time.monotonic() > end:
                left_out.append(row.name)
                continue
            entry = entry_of(row, measure_row(row, args.repeats))
            print(line_of(entry, last.get(row.name)), flush=True)
            rows.append(entry)
    if not rows:
        raise UserError(f'--only {args.only}: no row has this in its name')
    if left_out:
        print(f'not measured, out of time: {"; ".join(left_out)}')
    if args.record:
        write_record(args.record, dict(machine=place, quick=args.quick, rows=rows))


if __name__ == '__main__':
    run_cli(main)
