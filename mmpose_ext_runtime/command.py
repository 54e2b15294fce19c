"""Predict the people of images with an exported network, without PyTorch.

Examples::

    mmpose-ext-runtime pose.onnx photo.jpg --box 10 20 110 220 --out found
    mmpose-ext-runtime pose.onnx photos/ --boxes boxes.json --out found
    mmpose-ext-runtime crowd.onnx photos/ --out found --engine openvino
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from .box_files import find_boxes, read_boxes
from .drawing import draw_people
from .engines import ENGINES, PRECISIONS
from .errors import InputError
from .images import SUFFIXES, load_image
from .output import PREDICTIONS, Output
from .pose_model import People, PoseModel


def parse_args(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog='mmpose-ext-runtime',
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('model', type=Path, help='file that mmpose-ext export wrote')
    parser.add_argument('images', type=_path, nargs='+', help='images and folders')
    parser.add_argument(
        '--out',
        type=Path,
        help=f'new folder for {PREDICTIONS} and the drawn pictures (default: only '
        'print a summary)',
    )
    parser.add_argument(
        '--boxes', type=Path, metavar='FILE', help='JSON with the boxes of each image'
    )
    parser.add_argument(
        '--box',
        type=float,
        nargs=4,
        action='append',
        metavar=('LEFT', 'TOP', 'RIGHT', 'BOTTOM'),
        help='a person in the only image; repeat for more',
    )
    parser.add_argument(
        '--score-thr', type=float, default=0.3, help='minimum score (%(default)s)'
    )
    parser.add_argument(
        '--engine',
        choices=ENGINES,
        default='onnxruntime',
        help='library that runs the network (%(default)s)',
    )
    parser.add_argument(
        '--precision',
        choices=PRECISIONS,
        help='precision that OpenVINO computes with (default: float32)',
    )
    parser.add_argument(
        '--threads', type=int, help="number of threads (default: the engine's)"
    )
    parser.add_argument(
        '--batch', type=int, default=16, help='maximum batch size (%(default)s)'
    )
    return parser.parse_args(arguments)


def _path(text: str) -> Path:
    """Parse a path; an empty one would mean the current folder."""
    if not text:
        raise argparse.ArgumentTypeError('the path is empty')
    return Path(text)


def find_images(places: list[Path]) -> list[Path]:
    """List the images at the given places.

    Args:
        places (list[Path]): Files, which are taken as they are, and folders, whose
            images are found by their suffixes.

    Raises:
        InputError: If a folder has none.
    """
    found = []
    for place in places:
        if not place.is_dir():
            found.append(place)
            continue
        inside = sorted(p for p in place.iterdir() if p.suffix.lower() in SUFFIXES)
        if not inside:
            raise InputError(
                f'the folder {place} has no image',
                f'images end in {", ".join(SUFFIXES)}',
            )
        found += inside
    return found


def boxes_of(image: Path, args: argparse.Namespace, listed: dict) -> Any | None:
    """Return the boxes that the command line gives for an image, or None."""
    if args.box:
        return args.box
    if args.boxes is None:
        return None
    boxes = find_boxes(listed, image)
    if boxes is None:
        raise InputError(f'{args.boxes} has no boxes for {image}', 'add them')
    return [box[:4] for box in boxes]


def describe(image: Path, people: People, score: float) -> str:
    """Return one line that says what was found."""
    above = people.above(score)
    noun = 'person' if above == 1 else 'people'
    return f'{image}: {above} {noun} above {score:g} (boxes: {people.boxes_from})'


def run(args: argparse.Namespace) -> int:
    """Predict every image; return 1 if an image could not be used, else 0.

    Raises:
        InputError: If the model, an argument or the output cannot be used.
    """
    if not 0 <= args.score_thr <= 1:
        raise InputError(f'--score-thr {args.score_thr} is not from 0 to 1')
    images = find_images(args.images)
    if args.box and len(images) != 1:
        raise InputError(
            f'--box is for one image, not {len(images)}', 'give --boxes FILE'
        )
    listed = read_boxes(args.boxes) if args.boxes else {}
    output = Output(args.out, images) if args.out else None
    model = PoseModel(args.model, args.engine, args.threads, args.precision, args.batch)
    failed = []
    for path in images:
        try:
            image = load_image(path)
            boxes = boxes_of(path, args, listed)
            people = model.predict([image], None if boxes is None else [boxes])[0]
        except InputError as error:
            failed.append(f'{path}: {error}')
            print(f'skipped {path}: {error}', file=sys.stderr)
            continue
        print(describe(path, people, args.score_thr))
        if output:
            picture = draw_people(image, people, model.manifest, args.score_thr)
            output.add(path, image.shape, people, picture)
    if output:
        output.finish(model.manifest, str(args.model))
    if failed:
        print(f'{len(failed)} of {len(images)} images failed', file=sys.stderr)
    return 1 if failed else 0


def main(arguments: list[str] | None = None) -> None:
    """Run the command.

    Args:
        arguments (list[str], optional): The command line. Default: ``sys.argv``.

    Raises:
        SystemExit: Always: 0; 1 if an image failed; 2 for wrong input, explained in
            one line; 130 when interrupted.
    """
    try:
        sys.exit(run(parse_args(arguments)))
    except InputError as error:
        print(f'error: {error}', file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader of the output (head, less) has exited
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        print('interrupted', file=sys.stderr)
        sys.exit(130)
