"""Rows: each paper's network against its baseline, and the two memory formats.

Random images, networks without pretrained weights. A row's note has the ratio of the
operations, HRNet's count, to compare the ratio of the times with.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from ...apis import build_model
from ...utils.config import load_config
from ..complexity import count_operations
from .rows import Row

_ZOO = 'mmpose::body_2d_keypoint/topdown_heatmap/coco/td-hm_'
_HRNET = f'{_ZOO}hrnet-w32_8xb64-210e_coco-256x192.py'
# Network, its config below configs/, the baseline and its config, (width, height).
PAIRS = (
    ('CA-HRNet-W32', 'ca_hrnet/td-hm_ca-hrnet-w32_1xb16-210e_coco-256x192.py',
     'HRNet-W32', _HRNET, (192, 256)),
    ('SDHRNet', 'sdhrnet/td-hm_sdhrnet_4xb32-210e_coco-256x192.py',
     'HRNet-W32', _HRNET, (192, 256)),
    ('DAUNet', 'daunet/td-hm_daunet_1xb128-200e_coco-256x192.py',
     'SimpleBaseline-ResNet50', f'{_ZOO}res50_8xb64-210e_coco-256x192.py', (192, 256)),
    ('SADI-Net', 'sadinet/td-hm_sadinet_2xb32-210e_mpii-256x256.py',
     'the hourglass',
     'sadinet/ablations/td-hm_sadinet-hourglass_2xb32-210e_mpii-256x256.py',
     (256, 256)),
    ('LRFG-YOLOPose', 'lrfg_yolopose/lrfg-yolopose_2xb32-80e_coco-640.py',
     'YOLO-Pose', 'lrfg_yolopose/yolopose_2xb32-80e_coco-640.py', (640, 640)),
)  # fmt: skip


def tensors_of(output: object) -> Iterator[Tensor]:
    """Yield every tensor of a nested output.

    >>> [t.item() for t in tensors_of((torch.tensor(1), [torch.tensor(2)]))]
    [1, 2]

    Args:
        output (object): A tensor, or sequences of outputs.
    """
    if isinstance(output, Tensor):
        yield output
    elif isinstance(output, (list, tuple)):
        for part in output:
            yield from tensors_of(part)


def train_step(model: nn.Module, images: Tensor) -> None:
    """Run a network forward and backward; the loss is the sum of its output.

    Args:
        model (nn.Module): An estimator in training mode.
        images (Tensor): (N, 3, H, W).
    """
    model.zero_grad()
    sum(t.float().sum() for t in tensors_of(model(images, None))).backward()


def infer(model: nn.Module, images: Tensor) -> None:
    """Run a network forward, without gradients.

    Args:
        model (nn.Module): An estimator.
        images (Tensor): (N, 3, H, W).
    """
    with torch.no_grad():
        model(images, None)


def _run(model: nn.Module, images: Tensor, training: bool) -> None:
    model.train(training)
    (train_step if training else infer)(model, images)


def network_rows(configs: Path) -> Iterator[Row]:
    """Rows of each network.

    Args:
        configs (Path): The folder of all papers' configs.

    Yields:
        Row: Inference and training step against the baseline, and the training step in
        the channels-last format against the usual one.
    """
    for name, own, base_name, base, (width, height) in PAIRS:
        ours = build_model(load_config(configs / own))
        theirs = build_model(load_config(base if '::' in base else configs / base))
        counts = [count_operations(m, (width, height))[''] for m in (theirs, ours)]
        note = f'{counts[1] / counts[0]:.2f} times the operations'
        for training in (False, True):
            images = torch.rand(2 if training else 1, 3, height, width)
            work: Callable = partial(_run, images=images, training=training)
            yield Row(
                f'{"training step" if training else "inference"}, {name} against '
                f'{base_name}',
                theirs=partial(work, theirs),
                ours=partial(work, ours),
                goal=round(counts[0] / counts[1] / 1.1, 2),
                units=len(images),
                unit='image',
                repeats=3,
                wall=False,
                note=note,
            )
        last = build_model(load_config(configs / own))
        last = last.to(memory_format=torch.channels_last)
        yield Row(
            f'training step of {name}, channels-last',
            theirs=partial(work, ours),
            ours=partial(work, last),
            units=len(images),
            unit='image',
            repeats=3,
            wall=False,
            note='against the usual memory format; ChannelsLastHook',
        )
