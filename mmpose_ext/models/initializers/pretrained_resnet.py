"""ImageNet ResNet weights for encoders that differ from a ResNet in places.

MMEngine's ``Pretrained`` loads only tensors of the same name and shape. But MMPose's
``avg_down`` puts a pooling layer before the shortcut's convolution, so that
``downsample.0`` of every published file is ``downsample.1`` there, and those weights
would stay random, with only one warning among others.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from mmengine.logging import print_log
from mmengine.model import PretrainedInit, update_init_info
from mmengine.registry import WEIGHT_INITIALIZERS
from mmengine.runner.checkpoint import CheckpointLoader
from torch import Tensor, nn

from ...utils.errors import UserError

BLOCK = re.compile(r'^layer(\d+)\.(\d+)\.')
SHIFTED = re.compile(r'^(.*\.downsample)\.(\d+)\.(.+)$')


@dataclass
class LoadReport:
    """Names of a model's tensors, sorted by how they were loaded.

    Attributes:
        loaded (list[str]): Loaded in full.
        sliced (list[str]): Loaded in part, the first channels of each axis.
        fresh (list[str]): Not loaded, left as they were initialized.
        unused (list[str]): Names in the file that no tensor of the model uses.
    """

    loaded: list[str] = field(default_factory=list)
    sliced: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """Return the counts, and the names of all tensors not loaded in full."""
        lines = [
            f'{len(self.loaded)} tensors loaded, {len(self.sliced)} sliced, '
            f'{len(self.fresh)} fresh; {len(self.unused)} of the file unused'
        ]
        for kind in ('sliced', 'fresh', 'unused'):
            # layer1.0.x, layer1.1.x, ... in one entry.
            names = Counter(
                re.sub(r'\blayer\d+\.\d+\.', 'layer*.*.', n)
                for n in getattr(self, kind)
            )
            if names:
                text = ', '.join(f'{n} (x{c})' for n, c in names.items())
                lines.append(f'  {kind}: {text}')
        return '\n'.join(lines)


def source_name(target: str, module: nn.Module, source: dict[str, Tensor]) -> str:
    """Return the name under which a ResNet file holds a tensor of ``module``.

    Args:
        target (str): The name in ``module``.
        module (nn.Module): The encoder.
        source (dict): The file's state dict.

    Returns:
        str: The name; it need not be in ``source``.
    """
    match = SHIFTED.match(target)
    if match:
        path, index, rest = match.groups()
        layers = module.get_submodule(path)
        pooled = isinstance(layers[0], nn.AvgPool2d)
        # The file of an `avg_down` network already has the shifted index.
        if pooled and f'{path}.0.weight' in source:
            return f'{path}.{int(index) - 1}.{rest}'
        return target
    # The partial convolution holds its weight one level deeper.
    plain = target.replace('.conv2.conv.', '.conv2.')
    return plain if target not in source and plain in source else target


def fit_resnet_weights(module: nn.Module, source: dict[str, Tensor]) -> LoadReport:
    """Copy the tensors of a ResNet's state dict that fit ``module``.

    Tensors of the same shape are copied; a convolution none of whose axes is longer
    than the file's takes the first channels; the rest is left as it is.

    Args:
        module (nn.Module): An encoder with ResNet's names.
        source (dict): The file's state dict.

    Returns:
        LoadReport: Each tensor of the module in exactly one list, apart from the step
        counters of the batch norms, which are neither copied nor counted.
    """
    report = LoadReport()
    used = set()
    source = _without_counters(source)
    for name, tensor in _without_counters(module.state_dict()).items():
        origin = source_name(name, module, source)
        value = source.get(origin)
        if value is None:
            report.fresh.append(name)
        elif value.shape == tensor.shape:
            report.loaded.append(name)
            used.add(origin)
            tensor.copy_(value)
        elif value.dim() == tensor.dim() == 4 and all(
            have >= need for have, need in zip(value.shape, tensor.shape, strict=True)
        ):
            report.sliced.append(name)
            used.add(origin)
            tensor.copy_(value[tuple(slice(n) for n in tensor.shape)])
        else:
            report.fresh.append(name)
    report.unused = [name for name in source if name not in used]
    return report


def count_blocks(names: Iterable[str]) -> tuple[int, ...]:
    """Return the number of blocks in each stage of a ResNet.

    >>> count_blocks(['conv1.weight', 'layer1.0.bn1.bias', 'layer1.1.bn1.bias'])
    (2,)

    Args:
        names (Iterable[str]): Names of its tensors.
    """
    blocks = {match.groups() for name in names if (match := BLOCK.match(name))}
    stages = sorted({stage for stage, _ in blocks})
    return tuple(sum(own == stage for own, _ in blocks) for stage in stages)


def _without_counters(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k: v for k, v in state.items() if not k.endswith('num_batches_tracked')}


@WEIGHT_INITIALIZERS.register_module(name='PretrainedResNet')
class PretrainedResNetInit(PretrainedInit):
    """Initialize an encoder from a ResNet's file and log which tensors fitted.

    ``init_cfg=dict(type='PretrainedResNet', checkpoint='torchvision://resnet50')``.
    The report goes to the log.

    Args:
        checkpoint (str): Path, URL, ``torchvision://`` or ``open-mmlab://`` name.
        prefix (str, optional): Load only names with this prefix, which is removed.
        map_location (str): Default: ``'cpu'``.
    """

    @staticmethod
    def is_config(init_cfg: Any) -> bool:
        """Return whether ``init_cfg`` asks for this initializer."""
        return isinstance(init_cfg, dict) and init_cfg.get('type') in (
            'PretrainedResNet',
            PretrainedResNetInit,
        )

    @torch.no_grad()
    def __call__(self, module: nn.Module) -> None:
        """Load the checkpoint into ``module``.

        Args:
            module (nn.Module): An encoder with ResNet's names.

        Raises:
            UserError: If the file is not that of a ResNet with the encoder's blocks, or
                fewer than half of its convolutions fit.
        """
        checkpoint = CheckpointLoader.load_checkpoint(
            self.checkpoint, map_location=self.map_location, logger='current'
        )
        source = self._tensors(checkpoint)
        self._check_blocks(module, source)
        report = fit_resnet_weights(module, source)
        # Norms fit any kind of block, so only the convolutions are counted.
        state = module.state_dict()
        loaded = sum(state[name].dim() == 4 for name in report.loaded)
        wanted = sum(value.dim() == 4 for value in source.values())
        if 2 * loaded < max(1, wanted):
            raise UserError(
                f'{self.checkpoint} fits {type(module).__name__} in {loaded} of its '
                f'{wanted} convolutions',
                'give the weights of a ResNet of the same depth and width, or '
                'the prefix its names begin with',
            )
        print_log(f'{self.checkpoint}: {report.summary()}', logger='current')
        if hasattr(module, '_params_init_info'):
            update_init_info(module, init_info=self._get_init_info())

    def _tensors(self, checkpoint: Any) -> dict[str, Tensor]:
        """Return the tensors of a checkpoint by name, without the prefix."""
        state = checkpoint
        if isinstance(checkpoint, Mapping):
            state = checkpoint.get('state_dict', checkpoint)
        if not isinstance(state, Mapping):
            raise UserError(
                f'{self.checkpoint} holds a {type(state).__name__}',
                'give a file with tensors by name',
            )
        start = f'{self.prefix.rstrip(".")}.' if self.prefix else ''
        return {
            name[len(start) :]: value
            for name, value in state.items()
            if isinstance(value, Tensor) and name.startswith(start)
        }

    def _check_blocks(self, module: nn.Module, source: dict[str, Tensor]) -> None:
        found, wanted = count_blocks(source), count_blocks(module.state_dict())
        if found[: len(wanted)] != wanted:
            raise UserError(
                f'{self.checkpoint} holds {found} blocks, {type(module).__name__} '
                f'has {wanted}',
                'give the weights of a ResNet of the same depth, or '
                'the prefix its names begin with',
            )
