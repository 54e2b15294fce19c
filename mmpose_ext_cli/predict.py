"""``mmpose-ext predict``: key points of people in images, folders and videos."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .model_options import add_model_options, make_predictor

KINDS = ('pictures', 'json', 'csv')
MADE_BY = {'made by': 'mmpose-ext predict'}


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Find the key points of people; draw them, and write them as COCO '
        'JSON and CSV.'
    )
    add = parser.add_argument
    add('inputs', nargs='+', help='images, videos, folders, quoted patterns')
    add(
        '--out',
        type=Path,
        default=Path('predictions'),
        help='folder for the results (%(default)s)',
    )
    add(
        '--write',
        nargs='+',
        choices=KINDS,
        default=KINDS,
        help='files to write (default: all)',
    )
    add(
        '--boxes',
        help='JSON file of boxes: {"a.jpg": [[left, top, right, bottom]]}, or COCO',
    )
    add('--heatmaps', action='store_true', help='draw heat maps below each picture')
    add_model_options(parser)
    return parser.parse_args()


def main() -> None:
    """Run the command."""
    args = parse_args()
    import mmpose_ext  # noqa: F401  (prepares the stack)
    from mmpose_ext.utils import run_cli

    run_cli(lambda: Prediction(args).run())


class Prediction:
    """A run of the command, with its results and failures.

    Args:
        args (argparse.Namespace): The command line.

    Raises:
        UserError: If an input is missing or an output cannot be written.
    """

    def __init__(self, args: argparse.Namespace) -> None:
        from mmpose_ext.apis.inputs import (
            RESULTS_MARK,
            BoxFile,
            expand_inputs,
            is_video,
        )
        from mmpose_ext.utils import UserError
        from mmpose_ext.utils.folders import claim_folder
        from mmpose_ext.utils.io import check_output

        self.args = args
        self.files = expand_inputs(args.inputs)
        self.boxes = BoxFile(args.boxes) if args.boxes else None
        if self.boxes and (videos := [f for f in self.files if is_video(f)]):
            raise UserError(
                f'--boxes are for images, but {videos[0]} is a video', 'leave one out'
            )
        if self.boxes and all(self.boxes.of(f) is None for f in self.files):
            raise UserError(
                f'{args.boxes} names none of the images, such as {self.files[0]}',
                'write them as on the command line, or the end of their path',
            )
        claim = (args.out, args.out / RESULTS_MARK, MADE_BY)
        check_output(claim[1])
        if args.out.is_dir() and any(args.out.iterdir()):
            claim_folder(*claim)  # now, since loading a network takes a while
        self.predictor = make_predictor(args, args.heatmaps)
        claim_folder(*claim)
        self.results: list[Any] = []
        self.bad: list[str] = []
        self.painter: Any = None

    def run(self) -> int:
        """Process the inputs; return 1 if one could not be used, else 0."""
        from tqdm import tqdm

        from mmpose_ext.apis.inputs import is_video, output_names

        if 'pictures' in self.args.write:
            self.painter = self._painter()
        targets = zip(self.files, output_names(self.files), strict=True)
        bar = tqdm(total=len(self.files), unit='file', disable=len(self.files) < 2)
        try:
            with bar:
                for group in _grouped(targets, self.args.batch_size, is_video):
                    if is_video(group[0][0]):
                        self._video(*group[0])
                    else:
                        self._images(group)
                    bar.update(len(group))
        finally:  # keep the results before an interruption
            self._write()
        return self._report()

    def _painter(self) -> Any:
        from mmpose_ext.visualization.predictions import PosePainter

        return PosePainter(
            self.predictor.meta, self.args.min_score, self.args.keypoint_score
        )

    def _images(self, group: list[tuple[Path, Path]]) -> None:
        """Predict those images that can be used, in one batch."""
        from mmpose_ext.apis import load_image
        from mmpose_ext.apis.images import check_boxes

        good = []
        for file, target in group:
            with self._noting(file):
                image = load_image(file)
                boxes: Any = self.boxes.of(file) if self.boxes else None
                if boxes is not None:
                    size = (image.shape[1], image.shape[0])
                    boxes = check_boxes(boxes, size, str(file))
                good.append((file, target, image, boxes))
        if not good:
            return
        images = [image for _, _, image, _ in good]
        given = [boxes for *_, boxes in good] if self.boxes else None
        found = self.predictor(images, given)
        for (file, target, image, _), result in zip(good, found, strict=True):
            with self._noting(file):
                self._keep(replace(result, name=str(file)), image, target)

    def _keep(self, result: Any, image: Any, target: Path) -> None:
        from mmpose_ext.utils.pictures import IMAGE_SUFFIXES, write_picture

        if self.painter:
            if target.suffix.lower() not in IMAGE_SUFFIXES:
                target = target.with_name(f'{target.name}.png')
            write_picture(self.args.out / target, self.painter.draw(image, result))
        # Maps of many images would fill the memory.
        self.results.append(replace(result, heatmaps=None))

    def _video(self, file: Path, target: Path) -> None:
        """Predict the frames of a video, and draw them into another."""
        from contextlib import nullcontext

        from mmpose_ext.video import VideoFile, read_video

        with self._noting(file):
            fps, frames = read_video(file)
            out = self.args.out / target.with_name(f'{target.name}.mp4')
            with VideoFile(out, fps) if self.painter else nullcontext() as video:
                for start, batch in _batches(frames, self.args.batch_size):
                    found = self.predictor(batch)
                    for number, (image, result) in enumerate(
                        zip(batch, found, strict=True), start
                    ):
                        if video:
                            video.write(self.painter.draw(image, result))
                        named = replace(result, name=f'{file}#{number:06d}')
                        self.results.append(replace(named, heatmaps=None))

    def _noting(self, file: Path) -> '_Noting':
        return _Noting(file, self.bad)

    def _write(self) -> None:
        from mmpose_ext.apis import write_coco, write_csv

        if 'json' in self.args.write:
            write_coco(self.args.out / 'poses.json', self.results)
        if 'csv' in self.args.write:
            write_csv(self.args.out / 'poses.csv', self.results)

    def _report(self) -> int:
        score = self.args.min_score
        if len(self.results) == 1:
            print(f'{self.results[0].name}: {self.results[0].describe(score)}')
        elif self.results:
            people = [result.count(score) for result in self.results]
            sources = sorted({result.box_source for result in self.results})
            print(
                f'{len(people)} images: {sum(people)} people with a score of {score:g} '
                f'or more, nobody in {people.count(0)}; boxes: {"; ".join(sources)}'
            )
        print(f'written to {self.args.out}: {", ".join(self.args.write)}')
        for line in self.bad:
            print(f'error: {line}', file=sys.stderr)
        if self.bad:
            print(
                f'{len(self.bad)} of {len(self.files)} files could not be used',
                file=sys.stderr,
            )
        return int(bool(self.bad))


class _Noting:
    """Records a file that cannot be used, so that the others are still processed."""

    def __init__(self, file: Path, bad: list[str]) -> None:
        self.file, self.bad = file, bad

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        from mmpose_ext.utils import UserError

        if not isinstance(error, UserError):
            return False
        text = ' '.join(str(error).split())
        self.bad.append(text if str(self.file) in text else f'{self.file}: {text}')
        return True


def _grouped(items: Any, size: int, alone: Any) -> Iterator[list]:
    """Yield groups of at most ``size`` images, and each video by itself."""
    group: list = []
    for item in items:
        if alone(item[0]):
            if group:
                yield group
            yield [item]
            group = []
            continue
        group.append(item)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _batches(frames: Iterator, size: int) -> Iterator[tuple[int, list]]:
    """Yield the number of the first frame, and up to ``size`` frames."""
    batch: list = []
    start = 0
    for frame in frames:
        batch.append(frame)
        if len(batch) == size:
            yield start, batch
            start, batch = start + size, []
    if batch:
        yield start, batch
