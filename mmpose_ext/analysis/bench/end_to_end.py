"""Row: a whole test run of HRNet-W32 on COCO's layout, all but the network.

The network is replaced by one that returns the same maps for each batch, so that what
remains is reading, cropping, packing, normalizing, decoding and evaluating.
"""

import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.evaluator import Evaluator
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
from mmpose.models.heads import HeatmapHead
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...apis.fast_config import make_fast
from ...utils.config import load_config
from .batches import network_like_maps
from .loading import write_images
from .rows import Row

HRNET = (
    'mmpose::body_2d_keypoint/topdown_heatmap/coco/'
    'td-hm_hrnet-w32_8xb64-210e_coco-256x192.py'
)
PER_IMAGE = 20


class FixedMaps(nn.Module):
    """A backbone that returns heat maps which do not depend on the images.

    Args:
        batch (int): Largest batch.
    """

    def __init__(self, batch: int) -> None:
        super().__init__()
        maps = torch.from_numpy(network_like_maps())
        self.maps = maps.repeat(-(-batch // len(maps)), 1, 1, 1)

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Return maps (N, 17, 64, 48) for (N, 3, 256, 192)."""
        return (self.maps[: len(images)],)


class PassingHead(HeatmapHead):
    """A head whose input is its output."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(17, 17, deconv_out_channels=None, final_layer=None, **kwargs)


def run_of(config: Config, folder: Path) -> Callable[[], dict]:
    """Return a function that tests once and returns the scores.

    Args:
        config (Config): A config of HRNet-W32 on COCO.
        folder (Path): Holds ``people.json`` and its images.
    """
    loader, head = config.test_dataloader, config.model.head
    data = loader.dataset
    while 'dataset' in data:  # a wrapper's
        data = data.dataset
    data.update(
        data_root=str(folder),
        ann_file='people.json',
        bbox_file=None,
        data_prefix=dict(img=''),
    )
    loader.persistent_workers = False  # the start of the workers is part of a test
    config.model.pop('backbone')
    config.model.backbone = dict(type=FixedMaps, batch=loader.batch_size)
    config.model.head = dict(type=PassingHead, loss=head.loss, decoder=head.decoder)
    metrics = [dict(config.test_evaluator, ann_file=str(folder / 'people.json'))]
    model = MODELS.build(config.model).eval()

    def run() -> dict:
        with contextlib.redirect_stdout(io.StringIO()), torch.no_grad():
            batches = Runner.build_dataloader(loader, seed=0)
            evaluator = Evaluator(metrics)
            evaluator.dataset_meta = batches.dataset.metainfo
            for batch in batches:
                found = model.test_step(batch)
                evaluator.process(data_samples=found, data_batch=batch)
            return evaluator.evaluate(len(batches.dataset))

    return run


def end_to_end_rows(folder: Path, quick: bool = False) -> Iterator[Row]:
    """The row of ``mim test``.

    Args:
        folder (Path): Folder for temporary files.
        quick (bool): Whether to test 500 boxes instead of 5000.

    Yields:
        Row: MMPose's config as it is, and as ``make_fast`` returns it.
    """
    init_default_scope('mmpose')
    boxes = 500 if quick else 5000
    place = folder / 'whole'
    write_images(place, boxes // PER_IMAGE, (640, 480), PER_IMAGE)
    plain = load_config(HRNET)
    yield Row(
        f'test of HRNet-W32 on {boxes} boxes, all but the network',
        theirs=run_of(load_config(HRNET), place),
        ours=run_of(make_fast(plain), place),
        repeats=2,
        note='config of MMPose against make_fast of it; flip test; 2 workers',
    )
