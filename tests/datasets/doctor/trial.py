"""The real thing: train one epoch, validate and score, as small as it can be.

What MMEngine's runner does with the two data sets and the evaluator of a config, with
a network of one convolution, so that hundreds of files can be tried. Beyond the absence
of an error it is asked whether everybody was trained on, whether the weights of the
joints are 0 or 1, and whether the annotation itself scores as perfect.
"""

import contextlib
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.evaluator import Evaluator
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData
from mmpose.registry import DATASETS, MODELS
from torch import nn
from torch.utils.data import DataLoader

SIZE, MAPS = (48, 64), (12, 16)
CODEC = dict(type='MSRAHeatmap', input_size=SIZE, heatmap_size=MAPS, sigma=1.5)


@MODELS.register_module(force=True)
class OneConvolution(nn.Module):
    """A backbone of one convolution of stride 4."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 4, 4)

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor]:
        return (self.convolution(images),)


def network(num_keypoints: int) -> nn.Module:
    """A top-down network that runs in a millisecond."""
    init_default_scope('mmpose')
    torch.manual_seed(0)
    return MODELS.build(
        dict(
            type='TopdownPoseEstimator',
            data_preprocessor=dict(
                type='PoseDataPreprocessor',
                mean=[0, 0, 0],
                std=[255, 255, 255],
                bgr_to_rgb=True,
            ),
            backbone=dict(type='OneConvolution'),
            head=dict(
                type='HeatmapHead',
                in_channels=4,
                out_channels=num_keypoints,
                deconv_out_channels=None,
                decoder=CODEC,
                loss=dict(type='KeypointMSELoss', use_target_weight=True),
            ),
            test_cfg=dict(flip_test=True),
        )
    )


class Failure(AssertionError):
    """The run ends, but not with what the file says."""


def trial(config: Config, model: nn.Module, perfect: dict[str, float]) -> str:
    """Run it.

    Args:
        config (Config): With loaders and evaluator.
        model (nn.Module): Keeps its weights.
        perfect (dict[str, float]): Figures that the annotation itself must reach.

    Returns:
        str: What went wrong; empty if nothing did.
    """
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            _train(config.train_dataloader, model)
            _score(config, model, perfect)
    except Exception as error:
        return f'{type(error).__name__}: {str(error)[:100]}'
    return ''


def _loader(config: Any) -> DataLoader:
    dataset = DATASETS.build(config.dataset)
    return DataLoader(dataset, 2, collate_fn=pseudo_collate)


def _train(config: Any, model: nn.Module) -> None:
    loader = _loader(config)
    model.train()
    for batch in loader:
        batch = model.data_preprocessor(batch, True)
        for sample in batch['data_samples']:
            _check_labels(sample.gt_instance_labels)
        losses = model(**batch, mode='loss')
        total = sum(v.mean() for k, v in losses.items() if 'loss' in k)
        total.backward()
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        model.zero_grad()
        if not all(torch.isfinite(g).all() for g in [total, *gradients]):
            raise Failure('the loss is nan')
    if not len(loader):
        raise Failure('nothing to train on')
    _check_everybody(loader.dataset)


def _check_labels(labels: InstanceData) -> None:
    for key in ('keypoint_weights', 'keypoints_visible'):
        if key in labels:
            values = labels[key]
            if not ((values == 0) | (values == 1)).all():
                raise Failure(f'{key} other than 0 and 1')


def _check_everybody(dataset: Any) -> None:
    """Whether the samples are the annotated people, each once, on its image."""
    content = json.loads(Path(dataset.ann_file).read_text())
    if isinstance(content, list):
        wanted = _annotated_mpii(content)
    else:
        wanted = _annotated(content, crowds=dataset.data_mode == 'bottomup')
    got: Counter = Counter()
    for i in range(len(dataset)):
        info = dataset.get_data_info(i)
        if 'keypoints' not in info:
            continue
        name = Path(info['img_path']).name
        for joints, visible in zip(
            info['keypoints'], info['keypoints_visible'], strict=True
        ):
            if (visible > 0).any():
                got[name, np.asarray(joints, np.float32).tobytes()] += 1
    if missing := wanted - got:
        raise Failure(f'{sum(missing.values())} people are left out')
    if surplus := got - wanted:
        raise Failure(f'{sum(surplus.values())} people are there twice')


def _annotated(content: dict, crowds: bool) -> Counter:
    names = {image['id']: image['file_name'] for image in content['images']}
    found: Counter = Counter()
    for person in content['annotations']:
        # One-stage, MMPose takes crowds with joints for people.
        left_out = person.get('iscrowd', 0) in (1, True) and not crowds
        if 'keypoints' not in person or left_out:
            continue
        joints = np.array(person['keypoints'], np.float32).reshape(-1, 3)
        if (joints[:, 2] > 0).any():
            name = Path(names.get(person['image_id'], 'no image')).name
            found[name, joints[:, :2].tobytes()] += 1
    return found


def _annotated_mpii(content: list) -> Counter:
    found: Counter = Counter()
    for person in content:
        if np.any(np.array(person['joints_vis']) > 0):
            joints = np.array(person['joints'], np.float32)
            found[Path(person['image']).name, joints.tobytes()] += 1
    return found


def _score(config: Config, model: nn.Module, perfect: dict[str, float]) -> None:
    evaluators = [Evaluator(config.val_evaluator) for _ in range(2)]
    loader = _loader(config.val_dataloader)
    for evaluator in evaluators:
        evaluator.dataset_meta = loader.dataset.metainfo
    model.eval()
    with torch.no_grad():
        for batch in loader:
            predicted = model.test_step(batch)
            evaluators[0].process([s.to_dict() for s in predicted], None)
    evaluators[0].evaluate(len(loader.dataset))
    _check_everybody(loader.dataset)
    for i in range(len(loader.dataset)):
        sample, info = (
            loader.dataset[i]['data_samples'],
            loader.dataset.get_data_info(i),
        )
        if 'keypoints' not in info:  # one-stage, an image of nobody
            continue
        # No network predicts nan for a joint that is not annotated.
        joints, boxes = np.nan_to_num(info['keypoints']), info['bbox']
        sample.pred_instances = InstanceData(
            keypoints=joints,
            keypoint_scores=np.ones(joints.shape[:2], np.float32),
            bboxes=boxes,
            bbox_scores=np.ones(len(joints), np.float32),
        )
        evaluators[1].process([sample.to_dict()], None)
    figures = evaluators[1].evaluate(len(loader.dataset))
    for name, value in perfect.items():
        if not abs(figures[name] - value) < 1e-3:
            raise Failure(f'{name} of the annotation itself is {figures[name]:.3f}')
