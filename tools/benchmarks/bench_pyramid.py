r"""Time the six-scale test against MMPose's plain and flip tests.

One batch of persons, in images of random pixels in memory, passes through the config's
test pipeline (cropping, in this process) and ``test_step`` (network, averaging,
decoding), with random weights. The tests alternate, and the shortest of the repeats
counts; see mmpose_ext/analysis/timing.py for the clock. Examples::

    OMP_NUM_THREADS=1 python tools/benchmarks/bench_pyramid.py
    OMP_NUM_THREADS=1 python tools/benchmarks/bench_pyramid.py --batch 32 \
        configs/sadinet/small/td-hm_sadinet-w16_1xb32-8e_lspet-128x128.py
"""

import argparse
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import Compose, pseudo_collate
from torch import nn

import mmpose_ext  # noqa: F401  (before anything of mmpose.models)
from mmpose_ext.analysis.timing import add_timing_arguments, clock, prepare_timing
from mmpose_ext.apis import build_model
from mmpose_ext.datasets.transforms.topdown_pyramid import SCALES
from mmpose_ext.models.tta import PyramidTTAModel
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import load_config, require

DEFAULT = (
    'mmpose::body_2d_keypoint/topdown_heatmap/coco/'
    'td-hm_hrnet-w32_8xb64-210e_coco-256x192.py'
)
Batch = dict[str, Any]


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        'config', nargs='?', default=DEFAULT, help='config with a plain test'
    )
    add_timing_arguments(parser, batch=4)
    return parser.parse_args()


def make_persons(number: int, joints: int) -> list[Batch]:
    """Make persons of more than half the height of a VGA image each."""
    rng = np.random.default_rng(0)
    return [
        dict(
            img=rng.integers(0, 256, (480, 640, 3), dtype=np.uint8),
            bbox=np.array([[200.0, 100, 330, 380]], np.float32),
            bbox_score=np.ones(1, np.float32),
            flip_indices=list(range(joints)),
        )
        for _ in range(number)
    ]


def make_pipelines(config: Config) -> dict[str, Compose]:
    """Build the config's test pipeline without loading, plain and with the pyramid."""
    steps = list(require(config, 'test_dataloader.dataset.pipeline'))
    names = [step.type for step in steps]
    if 'GetBBoxCenterScale' not in names:
        raise UserError(
            f'{config.filename} has no GetBBoxCenterScale in its test pipeline',
            'choose a top-down config with a plain test',
        )
    place = names.index('GetBBoxCenterScale')
    box, rest = steps[place], steps[place + 1 :]
    pyramid = dict(type='TopdownPyramid', transforms=rest)
    return {'plain': Compose([box, *rest]), 'pyramid': Compose([box, pyramid])}


def seconds(
    pipeline: Compose, model: nn.Module, persons: list[Batch], device: torch.device
) -> tuple[float, float]:
    """Measure the seconds of pipeline and test step for one batch."""
    start = clock(device)
    batch = pseudo_collate([pipeline(dict(person)) for person in persons])
    cropped = clock(device)
    with torch.no_grad():
        model.test_step(batch)
    return cropped - start, clock(device) - cropped


def main() -> None:
    """Time the four tests."""
    args = parse_args()
    device = prepare_timing(args.device, args.threads, args.repeats, args.batch)
    config = load_config(args.config)
    pipelines = make_pipelines(config)
    model: Any = build_model(config).to(device)
    model.eval()
    pyramid = PyramidTTAModel(model)
    joints = pyramid.pose_head.out_channels
    persons = make_persons(args.batch, joints)
    ways = [
        ('flip test', 'plain', model, True),
        ('plain test', 'plain', model, False),
        (f'{len(SCALES)} scales', 'pyramid', pyramid, False),
        (f'{len(SCALES)} scales and flip', 'pyramid', pyramid, True),
    ]
    best = {name: np.full(2, np.inf) for name, *_ in ways}
    for turn in range(args.repeats + 1):  # the first is not counted
        for name, pipeline, tested, flip in ways:
            model.test_cfg['flip_test'] = flip
            spent = np.array(seconds(pipelines[pipeline], tested, persons, device))
            if turn:
                best[name] = np.minimum(best[name], spent)
    first = best['flip test']
    for name, value in best.items():
        crop, step = value / args.batch * 1e3
        print(
            f'{name:<18} test step {step:8.1f} ms/person {value[1] / first[1]:6.2f}x'
            f'   cropping {crop:6.2f} ms/person {value[0] / first[0]:6.2f}x'
        )


if __name__ == '__main__':
    run_cli(main)
