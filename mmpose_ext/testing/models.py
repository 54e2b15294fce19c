"""Models and batches for tests, from the configs that users run."""

import os
from typing import Any

import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData, PixelData
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import Tensor, nn


def build_from_config(config: str | os.PathLike | Config, **options: Any) -> nn.Module:
    """Build the model of a config without its pretrained weights.

    Args:
        config (str | os.PathLike | Config): The config or its file.
        **options: Values that replace the config's, as with ``--cfg-options``, with
            ``__`` for the dots: ``model__backbone__with_cp=True``.

    Returns:
        nn.Module: The model, initialized, in training mode.
    """
    cfg = config if isinstance(config, Config) else Config.fromfile(str(config))
    cfg.merge_from_dict({key.replace('__', '.'): v for key, v in options.items()})
    init_default_scope('mmpose')
    if isinstance(cfg.model.get('backbone'), dict):
        cfg.model.backbone.pop('init_cfg', None)
    return MODELS.build(cfg.model)


def count_parameters(model: nn.Module) -> int:
    """Return the number of parameters, trainable or not.

    Example:
        >>> count_parameters(torch.nn.Linear(2, 3))
        9
    """
    return sum(parameter.numel() for parameter in model.parameters())


def fake_batch(
    size: int, codec: dict, num_keypoints: int
) -> tuple[Tensor, list[PoseDataSample]]:
    """Make a batch as the data preprocessor passes it to a heat-map head.

    Args:
        size (int): Number of samples N.
        codec (dict): Codec with ``input_size`` and ``heatmap_size``, each [w, h].
        num_keypoints (int): K.

    Returns:
        tuple: Images (N, 3, H, W) and N data samples with heat maps (K, h, w)
        in [0, 1] and key-point weights (1, K) of 1.
    """
    (width, height), (map_w, map_h) = codec['input_size'], codec['heatmap_size']
    samples = []
    for _ in range(size):
        sample = PoseDataSample(
            metainfo=dict(
                input_size=(width, height),
                input_center=torch.tensor([width / 2, height / 2]).numpy(),
                input_scale=torch.tensor([width, height]).numpy(),
                flip_indices=list(range(num_keypoints)),
            )
        )
        sample.gt_fields = PixelData(heatmaps=torch.rand(num_keypoints, map_h, map_w))
        sample.gt_instance_labels = InstanceData(
            keypoint_weights=torch.ones(1, num_keypoints)
        )
        samples.append(sample)
    return torch.randn(size, 3, height, width), samples
