"""Two steps of SADI-Net under DDP, as one of two processes."""

import os

import torch
from mmengine.config import Config
from torch.nn.parallel import DistributedDataParallel

import mmpose_ext  # noqa: F401
from mmpose_ext.testing import build_from_config, fake_batch


def train_two_steps(work_dir, config_file):
    """Train, and save the sums of a weight of stem, SFM and flow.

    DDP refuses the second step if a parameter had no gradient in the first.
    """
    rank = torch.distributed.get_rank()
    torch.manual_seed(rank)  # weights and images of its own
    config = Config.fromfile(config_file)
    config.codec.update(input_size=(64, 64), heatmap_size=(16, 16))
    config.model.head.dlm.update(points=17, moment_points=17)
    model = build_from_config(config)
    ddp = DistributedDataParallel(model)
    optimizer = torch.optim.SGD(ddp.parameters(), 0.1)
    images, samples = fake_batch(2, config.codec, 14)
    for sample in samples:
        sample.gt_instance_labels.keypoint_labels = torch.rand(1, 14, 2)
    for _ in range(2):
        losses = ddp(images, samples, mode='loss')
        optimizer.zero_grad()
        sum(v for k, v in losses.items() if 'loss' in k).backward()
        optimizer.step()
    parts = model.backbone.stem[0].conv, model.head.sfm.fc, model.head.dlm.flow.t[0][0]
    os.makedirs(work_dir, exist_ok=True)
    sums = [part.weight.sum().item() for part in parts]
    torch.save(sums, os.path.join(work_dir, f'sums{rank}.pt'))
