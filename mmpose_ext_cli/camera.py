"""``mmpose-ext camera``: key points in live pictures."""

import argparse
import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from .model_options import add_model_options, make_predictor, positive

WINDOW = 'mmpose-ext camera (q to quit)'
_KEYS = (ord('q'), ord('Q'), 27)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Find key points in a live picture. Stale pictures of a camera are '
        'dropped, those of a file are not. Press q, Esc or Ctrl-C to quit.'
    )
    add = parser.add_argument
    add('source', help='index of a camera (0), rtsp://..., a video, a folder of images')
    add('--show', action='store_true', help='show the result in a window')
    add(
        '--video',
        type=Path,
        help='write the drawn pictures to a file (.mp4, .avi, .gif)',
    )
    add('--json', type=Path, help='write the people of each picture to a file')
    add(
        '--ids',
        action='store_true',
        help='track people: the same number for the same person',
    )
    add(
        '--smooth',
        nargs='*',
        type=float,
        metavar='X',
        help='One-Euro filter: minimum cutoff in Hz and beta (1 0.01); sets --ids',
    )
    add('--fps', type=positive, help='pictures per second of a folder (25)')
    add('--seconds', type=positive, help='end after this many seconds of the stream')
    add_model_options(parser)
    args = parser.parse_args()
    if args.smooth is not None and len(args.smooth) > 2:
        parser.error('--smooth takes at most two numbers')
    return args


def main() -> None:
    """Run the command."""
    args = parse_args()
    import mmpose_ext  # noqa: F401  (prepares the stack)
    from mmpose_ext.utils import run_cli

    run_cli(lambda: watch(args))


def watch(args: argparse.Namespace) -> None:
    """Open the source, and show and write what is found until it ends.

    Args:
        args (argparse.Namespace): The command line.

    Raises:
        UserError: If the source cannot be opened or an output cannot be written.
    """
    from mmpose_ext.utils.io import check_output
    from mmpose_ext.video import Stream, check_video, open_source

    if args.video:
        check_video(args.video)
    if args.json:
        check_output(args.json)
    if args.show:
        _open_window()
    source = open_source(args.source, args.fps, _say)
    processor = Processor(args)
    stream = Stream(source, processor, _say)
    results: list[Any] = []
    try:
        with ExitStack() as stack:
            output = Output(args, source, processor.predictor.meta, stack)
            for frame, result in stream:
                if args.json:
                    results.append(result)
                output.take(frame, result)
                late = args.seconds is not None and frame.seconds >= args.seconds
                if output.ended or late:
                    break
    except KeyboardInterrupt:  # the usual end without a window
        print()
    finally:
        stream.stop()
        if args.json:
            from mmpose_ext.apis import write_coco

            write_coco(args.json, results)
    print(stream.statistics.describe())


class Processor:
    """Predicts, tracks and smooths a picture, in the network's thread.

    Args:
        args (argparse.Namespace): The command line.
    """

    def __init__(self, args: argparse.Namespace) -> None:
        from mmpose_ext.video import PersonTracker, PoseSmoother

        smooth = dict(zip(('min_cutoff', 'beta'), args.smooth or (), strict=False))
        self.smoother = None if args.smooth is None else PoseSmoother(**smooth)
        self.tracker = PersonTracker() if args.ids or self.smoother else None
        self.min_score = args.min_score
        self.name = args.source
        self.predictor = make_predictor(args)

    def __call__(self, frame: Any) -> Any:
        """Return the people of a picture, tracked and smoothed if requested."""
        result = self.predictor(frame.image)
        if self.predictor.one_stage:
            result = result.above(self.min_score)
        result = replace(result, name=f'{self.name}#{frame.number:06d}')
        if self.tracker:
            result = self.tracker(result)
        return self.smoother(result, frame.seconds) if self.smoother else result


class Output:
    """Shows results in a window and writes them to a video, in the main thread.

    Args:
        args (argparse.Namespace): The command line.
        source (Source): The source of the pictures.
        meta (dict): MMPose's ``dataset_meta``.
        stack (ExitStack): Closes the video.
    """

    def __init__(
        self, args: argparse.Namespace, source: Any, meta: dict, stack: ExitStack
    ) -> None:
        from mmpose_ext.video import VideoFile
        from mmpose_ext.visualization.predictions import PosePainter

        self.show, self.live, self.ended = args.show, source.live, False
        self.video = None
        if args.video:
            self.video = stack.enter_context(VideoFile(args.video, source.fps))
        self.painter = PosePainter(meta, args.min_score, args.keypoint_score)

    def take(self, frame: Any, result: Any) -> None:
        """Draw a result; note whether the user has ended the stream."""
        if not self.show and self.video is None:
            return
        picture = self.painter.draw(frame.image, result)
        if self.video is not None and self.live:
            self.video.write_until(picture, frame.seconds)
        elif self.video is not None:
            self.video.write(picture)
        if self.show:
            import cv2

            cv2.imshow(WINDOW, picture)
            self.ended = cv2.waitKey(1) & 0xFF in _KEYS or _is_closed()


def _is_closed() -> bool:
    import cv2

    return cv2.getWindowProperty(WINDOW, cv2.WND_PROP_VISIBLE) < 1


def _open_window() -> None:
    """Open the window, or raise an error that says what is missing."""
    import cv2

    from mmpose_ext.utils import UserError

    # Without a display some builds of OpenCV end the process instead of raising.
    here = sys.platform != 'linux' or any(
        os.environ.get(name) for name in ('DISPLAY', 'WAYLAND_DISPLAY')
    )
    fix = 'leave --show out, and watch with --video FILE'
    if not here:
        raise UserError('--show needs a display, and there is none', fix)
    try:
        cv2.namedWindow(WINDOW, cv2.WINDOW_NORMAL)
    except cv2.error as error:
        raise UserError(
            '--show needs windows, which this OpenCV (the headless package) lacks',
            fix,
        ) from error


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
