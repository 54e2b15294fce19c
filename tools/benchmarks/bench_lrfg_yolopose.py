"""Time LRFG-YOLOPose against MMPose's YOLOX-Pose-s and RTMO-s.

All run alternately in one process on the same random image, with random weights. The
shortest of the repeats counts; see mmpose_ext/analysis/timing.py for the clock.
Network and post-processing are timed separately, the latter for given numbers of
candidates, since confidences are meaningless with random weights. Finally, three
suppressions are timed on one set of boxes, as many as a 960 px image has predictions:
this project's, torchvision's over all boxes, and MMPose's ``nms_torch``. Example::

    OMP_NUM_THREADS=1 python tools/benchmarks/bench_lrfg_yolopose.py --size 640 960
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from mmpose.evaluation.functional import nms_torch
from mmpose.structures import PoseDataSample
from torch import Tensor, nn
from torchvision.ops import nms

import mmpose_ext  # noqa: F401  (registers the models)
from mmpose_ext.analysis import count_operations
from mmpose_ext.analysis.timing import (
    Timing,
    add_timing_arguments,
    clock,
    measure,
    prepare_timing,
)
from mmpose_ext.models.heads.yolopose.postprocess import first_kept
from mmpose_ext.testing import build_from_config, count_parameters
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import load_config

CONFIGS = Path(__file__).resolve().parents[2] / 'configs' / 'lrfg_yolopose'
MODELS = {
    'LRFG-YOLOPose': str(CONFIGS / 'lrfg-yolopose_2xb32-80e_coco-960.py'),
    'YOLO-Pose': str(CONFIGS / 'yolopose_2xb32-80e_coco-960.py'),
    'YOLOX-Pose-s': 'mmpose::body_2d_keypoint/yoloxpose/coco/'
    'yoloxpose_s_8xb32-300e_coco-640.py',
    'RTMO-s': 'mmpose::body_2d_keypoint/rtmo/coco/rtmo-s_8xb32-600e_coco-640x640.py',
}
# Number of predictions at 960 px: 3 anchors in 120^2 + 60^2 + 30^2 + 15^2 cells.
ALL_PREDICTIONS = 57_375


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--size', type=int, nargs='+', default=[640])
    parser.add_argument(
        '--candidates',
        type=int,
        nargs='+',
        default=[100, 1000],
        help='boxes that enter the suppression',
    )
    parser.add_argument(
        '--predictions',
        type=int,
        default=ALL_PREDICTIONS,
        help='boxes of the last comparison',
    )
    parser.add_argument(
        '--people', type=int, default=30, help='people in the last comparison'
    )
    add_timing_arguments(parser)
    return parser.parse_args()


def check(args: argparse.Namespace) -> None:
    """Raise for arguments that cannot be measured.

    Raises:
        UserError: If an argument is out of range.
    """
    for size in args.size:
        if size < 64 or size % 64:
            raise UserError(
                f'--size {size} is not a multiple of 64', 'choose 640 or 960'
            )
    if min([*args.candidates, args.predictions, args.people]) < 1:
        raise UserError(
            '--candidates, --predictions and --people must be 1 or more',
            'give for example 100, 1000 and 30',
        )


def network(model: Any, image: Tensor) -> Any:
    """Run backbone, neck and head without decoding."""
    return model._forward(image)


def post_processing(
    model: Any, image: Tensor, candidates: int
) -> tuple[Callable[[], Any], int]:
    """Return a function that decodes and suppresses, and the number of people found.

    Args:
        model (BottomupPoseEstimator): A model.
        image (Tensor): (1, 3, S, S).
        candidates (int): Number of boxes that enter the suppression, the best ones.

    Returns:
        tuple: The function and the number of people that it finds.
    """
    with torch.inference_mode():
        raw = network(model, image)
    sample = PoseDataSample(metainfo=dict(input_size=(image.shape[-1],) * 2))
    config = dict(model.test_cfg)
    if type(model.head).__name__ == 'YOLOPoseHead':
        config['score_thr'] = threshold_of(raw[0], candidates)
    else:
        # MMPose's heads select the best candidates themselves.
        config |= dict(score_thr=0.0, nms_pre=candidates)

    def run() -> Any:
        # The network's output replaces its forward pass.
        model.head.forward = lambda feats: raw
        try:
            return model.head.predict(None, [sample], test_cfg=config)
        finally:
            del model.head.forward

    with torch.inference_mode():
        return run, len(run()[0].scores)


def threshold_of(boxes: list[Tensor], candidates: int) -> float:
    """Find the score that ``candidates`` of YOLO-Pose's predictions exceed."""
    logits = [box.unflatten(1, (-1, 6))[:, :, 4:] for box in boxes]
    scores = torch.cat([logit.sigmoid().prod(2).flatten() for logit in logits])
    ordered = scores.sort(descending=True).values
    return ordered[min(candidates, len(ordered) - 1)].item()


def report_models(
    models: dict[str, nn.Module], size: int, args: argparse.Namespace
) -> float:
    """Time network and post-processing at one size; return our network's seconds."""
    device = torch.device(args.device)
    torch.manual_seed(0)
    image = torch.rand(1, 3, size, size, device=device)
    forward: dict[str, Callable[[], Any]] = {
        name: partial(network, model, image) for name, model in models.items()
    }
    with torch.inference_mode():
        timings = measure(forward, args.repeats, device)
    seconds = {name: timing.least for name, timing in timings.items()}
    print(f'{size}x{size}, one image')
    for name, model in models.items():
        operations = count_operations(model, (size, size))['']
        print(
            f'  network {name:<14} {seconds[name] * 1e3:8.1f} ms '
            f'{1 / seconds[name]:7.2f} images/s, '
            f'{count_parameters(model) / 1e6:5.2f} M, '
            f'{operations / 1e9:5.2f} x 10^9 multiply-adds of convolutions'
        )
    for candidates in args.candidates:
        works, people = {}, {}
        for name, model in models.items():
            works[name], people[name] = post_processing(model, image, candidates)
        with torch.inference_mode():
            times = measure(works, args.repeats, device)
        for name, timing in times.items():
            print(
                f'  post-processing, {candidates} candidates, {name:<14} '
                f'{timing.least * 1e3:8.1f} ms, {people[name]} people'
            )
    return seconds['LRFG-YOLOPose']


def crowd(predictions: int, people: int) -> tuple[Tensor, Tensor]:
    """Make boxes and scores like those of a trained network at confidence 0.001.

    Half of the boxes lie around the people, with higher scores for nearer boxes; the
    others lie anywhere, with scores just above the confidence.

    Args:
        predictions (int): Number N of boxes.
        people (int): Number of people in a 960 px image.

    Returns:
        tuple[Tensor, Tensor]: (N, 4) corners and (N,) scores above 0.001.
    """
    generator = torch.Generator().manual_seed(0)
    draw = partial(torch.rand, generator=generator)
    true = torch.cat((draw(people, 2) * 960, draw(people, 2) * 250 + 30), 1)
    near = true[torch.randint(people, (predictions // 2,), generator=generator)]
    blur = draw(len(near), 1) * 0.5
    noise = torch.randn(len(near), 4, generator=generator) * blur
    near = near + noise * near[:, 2:].repeat(1, 2).clamp(min=1)
    far = predictions - len(near)
    far_boxes = torch.cat((draw(far, 2) * 960, draw(far, 2) * 200 + 10), 1)
    boxes = torch.cat((near, far_boxes))
    size = boxes[:, 2:].clamp(min=2)
    scores = torch.cat((0.9 * (1 - 1.9 * blur[:, 0]).clamp(min=0), draw(far) * 0.02))
    corners = torch.cat((boxes[:, :2] - size / 2, boxes[:, :2] + size / 2), 1)
    return corners, scores + 0.001


def report_suppression(args: argparse.Namespace, network_seconds: float) -> None:
    """Print the three suppressions on the same boxes."""
    device = torch.device(args.device)
    boxes, scores = (part.to(device) for part in crowd(args.predictions, args.people))
    works: dict[str, Callable[[], Tensor]] = {
        'the best 300 (ours)': partial(first_kept, boxes, scores, 0.65, 300),
        "torchvision's, all": partial(nms, boxes, scores, 0.65),
    }
    slow = {"MMPose's nms_torch": partial(nms_torch, boxes, scores, 0.65)}
    kept = {name: work() for name, work in works.items()}
    same = torch.equal(*(k[:300] for k in kept.values()))
    times = measure(works, args.repeats, device)
    # Only one run, since it takes minutes.
    start = clock(device)
    kept |= {name: work() for name, work in slow.items()}
    seconds = clock(device) - start
    times |= {name: Timing(seconds, seconds) for name in slow}
    print(
        f'suppression of {len(boxes)} boxes of {args.people} people above 0.001, '
        f'IoU 0.65; the first two agree: {same}'
    )
    for name, timing in times.items():
        print(
            f'  {name:<20} {timing.least * 1e3:10.1f} ms, {len(kept[name])} kept, '
            f"{timing.least / network_seconds:8.3f} of the network's time"
        )


def main() -> None:
    """Time the models at every size, then the suppression."""
    args = parse_args()
    check(args)
    device = prepare_timing(args.device, args.threads, args.repeats)
    models = {
        name: build_from_config(load_config(config)) for name, config in MODELS.items()
    }
    for model in models.values():
        model.to(device)
        model.eval()
    print(f'{args.device}, {args.threads} threads, torch {torch.__version__}')
    for size in args.size:
        seconds = report_models(models, size, args)
    report_suppression(args, seconds)


if __name__ == '__main__':
    run_cli(main)
