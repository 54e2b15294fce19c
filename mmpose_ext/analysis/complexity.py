"""Parameters and operations of a model, in the two conventions in use.

Papers of the HRNet family print "GFLOPs" as HRNet's code counts them: the
weights of every convolution, transposed convolution and linear layer times the
positions of its output, divided by 2^30. MMEngine counts the multiply-adds of a
traced graph, including normalization, pooling, upsampling and matrix products,
divided by 10^9. Neither is wrong; they differ by about 8 % for HRNet-W32.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from mmengine.analysis import FlopAnalyzer
from mmengine.config import Config
from torch import Tensor, nn

from ..apis import build_model
from ..utils.errors import UserError
from ..utils.evaluating import evaluating

PAPER_GIGA = 2**30
MAC_GIGA = 10**9


@dataclass(frozen=True)
class ModuleCost:
    """Cost of a module and its children for one image.

    Attributes:
        name (str): Dotted name; empty for the whole model.
        kind (str): Class name.
        params (int): Parameters; a shared one counts in each module that has it, and
            once in the whole model.
        operations (int): Weights times output positions, HRNet's convention.
        macs (int): MMEngine's multiply-adds.
    """

    name: str
    kind: str
    params: int
    operations: int
    macs: int

    @property
    def gflops(self) -> float:
        """``operations`` / 2^30, a paper's "GFLOPs"."""
        return self.operations / PAPER_GIGA

    @property
    def gmacs(self) -> float:
        """``macs`` / 10^9, as MMEngine prints."""
        return self.macs / MAC_GIGA


@dataclass(frozen=True)
class Complexity:
    """Costs of a model at one input size.

    Attributes:
        input_size (tuple[int, int]): Width and height of the image.
        modules (list[ModuleCost]): The whole model first, then every module in
            the order of ``named_modules``.
    """

    input_size: tuple[int, int]
    modules: list[ModuleCost]

    @property
    def total(self) -> ModuleCost:
        """The whole model's costs."""
        return self.modules[0]

    def down_to(self, depth: int) -> list[ModuleCost]:
        """Return the whole model and its modules down to ``depth`` names deep."""
        return [m for m in self.modules if not m.name or m.name.count('.') < depth]


def count_complexity(model: nn.Module, input_size: tuple[int, int]) -> Complexity:
    """Count a model for one image of ``input_size``.

    The forward pass is MMPose's "tensor" mode, without decoding; weights that
    are used outside a convolution or linear layer count as parameters only.

    Args:
        model (nn.Module): A pose estimator, or any module that maps images
            (N, 3, H, W).
        input_size (tuple[int, int]): Width and height of the image.

    Returns:
        Complexity: The counts.

    Example:
        >>> conv = nn.Conv2d(3, 8, 3, padding=1)
        >>> total = count_complexity(conv, input_size=(16, 12)).total
        >>> total.params, total.operations
        (224, 41472)
    """
    operations = count_operations(model, input_size)
    image = _image_for(model, input_size)
    with _tensor_mode(model):
        analyzer = FlopAnalyzer(model, (image,)).tracer_warnings('none')
        analyzer.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        macs = analyzer.by_module()
    modules = [
        ModuleCost(
            name,
            type(module).__name__,
            sum(parameter.numel() for parameter in module.parameters()),
            operations[name],
            int(macs[name]),
        )
        for name, module in model.named_modules()
    ]
    return Complexity(input_size, modules)


def count_operations(model: nn.Module, input_size: tuple[int, int]) -> Counter[str]:
    """Count one image's operations as HRNet's code does, without tracing.

    Args:
        model (nn.Module): See :func:`count_complexity`; a model on the device
            ``meta`` is counted without computing.
        input_size (tuple[int, int]): Width and height of the image.

    Returns:
        Counter[str]: Weights times output positions of every module, its children
        included, by dotted name; the whole model is ``''``.

    Example:
        >>> network = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 2, 1))
        >>> dict(count_operations(network, input_size=(16, 12)))
        {'': 44544, '0': 41472, '1': 3072}
    """
    counts: Counter[str] = Counter()
    # torch names the family of convolutions with an underscore.
    counted = (nn.modules.conv._ConvNd, nn.Linear)
    handles = [
        module.register_forward_hook(partial(_add_operations, counts, name))
        for name, module in model.named_modules()
        if isinstance(module, counted)
    ]
    try:
        with torch.no_grad(), _tensor_mode(model) as forward:
            forward(_image_for(model, input_size))
    finally:
        for handle in handles:
            handle.remove()
    return counts


def _add_operations(
    counts: Counter[str], name: str, module: nn.Module, inputs: Any, output: Tensor
) -> None:
    """Add a layer's operations to its own count and to those of all its parents."""
    # A convolution has a position per pixel; a linear layer one per row.
    linear = isinstance(module, nn.Linear)
    positions = math.prod(output.shape[:-1] if linear else output.shape[2:])
    parts = name.split('.') if name else []
    for depth in range(len(parts) + 1):
        counts['.'.join(parts[:depth])] += module.weight.numel() * positions


def _image_for(model: nn.Module, input_size: tuple[int, int]) -> Tensor:
    device = next(model.parameters()).device
    return torch.zeros(1, 3, *reversed(input_size), device=device)


def count_config(
    config: Config, input_size: tuple[int, int] | None = None
) -> Complexity:
    """Count the model of a config, built without pretrained weights.

    Args:
        config (Config): Any config of a model that takes images.
        input_size (tuple[int, int], optional): Width and height. Default: the
            config's own.

    Returns:
        Complexity: The counts.

    Raises:
        UserError: If the config has no model or no input size, or the model
            does not take images of that size.
    """
    if 'model' not in config:
        raise UserError(
            f'{config.filename or "the config"} has no model',
            'choose the config of a pose estimator',
        )
    size = input_size or find_input_size(config)
    model = build_model(config)
    try:
        return count_complexity(model, size)
    except (RuntimeError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(
            f'{type(model).__name__} cannot be run on one image of '
            f'{size[0]}x{size[1]}: {reason}',
            'choose the config of an image model, or its own input size',
        ) from error


def find_input_size(config: Config) -> tuple[int, int]:
    """Return a config's input size, width and height.

    It is taken from the codec, or from the last step of the test pipeline that has one.

    Args:
        config (Config): A config in MMPose's format.

    Raises:
        UserError: If neither gives an input size.
    """
    codecs = config.get('codec')
    steps: list = list(codecs) if isinstance(codecs, Sequence) else [codecs]
    for loader in ('test_dataloader', 'val_dataloader', 'train_dataloader'):
        part: Any = config
        for key in (loader, 'dataset', 'pipeline'):
            part = part.get(key) if isinstance(part, (dict, Config)) else None
        steps += part[::-1] if isinstance(part, list) else []
    for step in steps:
        size = step.get('input_size') if isinstance(step, dict) else None
        if size is not None:
            width, height = (size, size) if isinstance(size, int) else size
            return int(width), int(height)
    raise UserError(
        f'{config.filename or "the config"} names no input_size',
        'give one with --input-size WIDTH HEIGHT',
    )


@contextmanager
def _tensor_mode(model: nn.Module) -> Iterator[Callable[[Tensor], Any]]:
    """Put a model into evaluation mode, with a forward pass that takes only images."""
    tensor_mode = getattr(model, '_forward', None)
    if tensor_mode is not None:
        # As in MMPose's get_flops, since the tracer calls the model itself.
        model.forward = tensor_mode  # type: ignore[method-assign]
    try:
        with evaluating(model):
            yield model
    finally:
        if tensor_mode is not None:
            del model.forward
