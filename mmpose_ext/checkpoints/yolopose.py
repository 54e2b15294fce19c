"""Converts weights of the published YOLO-Pose (YOLOv5s6-pose) for this project.

The published network is a list of 34 numbered modules: ``model.0`` to ``model.11``
are the backbone, ``model.12`` to ``model.32`` the neck, and ``model.33`` is the head.
Three things differ besides the names: the order of the patches that ``Focus`` joins,
the anchors, which are stored in cells, and the layout of the head's channels, for which
the config needs ``head_module=dict(layout='joint')``.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from ..compat.checkpoint import CheckpointError, load_safely
from ..utils import UserError

# Module of the published list -> module here. Numbers 13, 14, 17, 18, 21, 22, 25,
# 28 and 31 are upsampling and concatenation, without weights.
CONVOLUTIONS = {
    0: 'backbone.stem',
    **{2 * i - 1: f'backbone.stage{i}.0' for i in range(1, 6)},
    **{12 + 4 * i: f'neck.reduce_layers.{i}' for i in range(3)},
    **{24 + 3 * i: f'neck.downsamples.{i}' for i in range(3)},
}
C3_LAYERS = {
    **{2 * i: f'backbone.stage{i}.1' for i in range(1, 5)},
    11: 'backbone.stage5.2',
    **{15 + 4 * i: f'neck.top_down_blocks.{i}' for i in range(3)},
    **{26 + 3 * i: f'neck.bottom_up_blocks.{i}' for i in range(3)},
}
SPP_LAYERS = {10: 'backbone.stage5.1'}
HEAD = 33
C3_NAMES = {'cv1': 'main_conv', 'cv2': 'short_conv', 'cv3': 'final_conv'}
POINT_BLOCKS = 5
# Prefixes of learned weights in a state dict; the rest are constants of the losses.
LEARNED = ('backbone.', 'neck.', 'head.head_module.')

EXPORT = (
    'where its code can be imported, write a plain state dict with '
    "torch.save(torch.load(FILE, map_location='cpu', weights_only=False)"
    "['model'].float().state_dict(), 'state.pth')"
)


@dataclass(frozen=True)
class ConvertedWeights:
    """Weights under this project's names.

    Attributes:
        state (dict[str, Tensor]): Parameters and buffers by name, float32.
        anchors (Tensor | None): Anchors of the published network in pixels,
            (levels, A, 2), if the state dict has them.
    """

    state: dict[str, Tensor]
    anchors: Tensor | None


def read_published_state(path: str | os.PathLike) -> dict[str, Tensor]:
    """Read a plain state dict without executing code in the file.

    Args:
        path (str | os.PathLike): A file of tensors by name, perhaps under
            ``state_dict``, ``model`` or ``ema``.

    Returns:
        dict[str, Tensor]: The tensors by their published names.

    Raises:
        CheckpointError: If the file is missing, damaged or a pickle of objects, as
            the published ones are; the message says how to write a plain one.
        UserError: If it holds no tensors by name.

    Example:
        >>> state = {'model.0.conv.conv.weight': torch.ones(1)}
        >>> torch.save({'state_dict': state}, 'w.pt')
        >>> read_published_state('w.pt')
        {'model.0.conv.conv.weight': tensor([1.])}
    """
    try:
        content = load_safely(path)
    except CheckpointError as error:
        if 'refers to' not in error.what:
            raise
        raise CheckpointError(error.what, EXPORT) from error
    for key in ('state_dict', 'ema', 'model'):
        if isinstance(content, Mapping) and isinstance(content.get(key), Mapping):
            content = content[key]
            break
    plain = isinstance(content, Mapping) and any(
        isinstance(value, Tensor) for value in content.values()
    )
    if not plain:
        raise UserError(
            f'{os.fspath(path)} holds no tensors by name',
            'give the state dict of a YOLO-Pose network',
        )
    return {str(k): v for k, v in content.items() if isinstance(v, Tensor)}


def convert_yolopose(
    published: Mapping[str, Tensor],
    target: Mapping[str, Tensor],
    strides: tuple[int, ...] = (8, 16, 32, 64),
) -> ConvertedWeights:
    """Rename the published network's tensors and put its channels in order.

    Args:
        published (Mapping[str, Tensor]): Result of :func:`read_published_state`.
        target (Mapping[str, Tensor]): The state dict of the network to convert for;
            only its names and shapes are used.
        strides (tuple[int, ...]): Strides of the head's maps, for the anchors.

    Returns:
        ConvertedWeights: A tensor for every name of backbone, neck and head layers.

    Raises:
        UserError: If a tensor is left over, missing or of another shape.

    Example:
        >>> name = 'backbone.stem.conv.conv.weight'
        >>> published = {'model.0.conv.conv.weight': torch.rand(32, 12, 3, 3).half()}
        >>> converted = convert_yolopose(published, {name: torch.empty(32, 12, 3, 3)})
        >>> converted.state[name].dtype, converted.anchors
        (torch.float32, None)
    """
    target = {n: t for n, t in target.items() if n.startswith(LEARNED)}
    state: dict[str, Tensor] = {}
    leftover = []
    anchors = None
    for name, tensor in published.items():
        number, rest = _number_of(name)
        if number == HEAD and rest in ('anchors', 'anchor_grid'):
            if rest == 'anchors':
                scale = torch.tensor(strides, dtype=torch.float32).view(-1, 1, 1)
                anchors = tensor.float() * scale
            continue
        ours = _rename(number, rest)
        if ours not in target:
            leftover.append(name)
        else:
            # The file holds half precision; batch counters stay integers.
            state[ours] = tensor.float() if tensor.is_floating_point() else tensor
    for name in target:
        # Old torch and some exports leave the batch counters out; nothing reads them.
        if name.endswith('num_batches_tracked'):
            state.setdefault(name, torch.tensor(0))
    _check(state, target, leftover)
    first = 'backbone.stem.conv.conv.weight'
    state[first] = reorder_focus(state[first])
    return ConvertedWeights(state, anchors)


def reorder_focus(weight: Tensor) -> Tensor:
    """Put the first convolution's input channels into MMPose's order.

    Both networks split an image into four patches of every second pixel. The
    published one joins them as top left, top right, bottom left, bottom right;
    MMPose's ``Focus`` as top left, bottom left, top right, bottom right.

    Args:
        weight (Tensor): The convolution's weight, (C, 12, k, k).

    Returns:
        Tensor: The weight with patches 1 and 2 exchanged.

    Example:
        >>> weight = torch.arange(12.0).reshape(1, 12, 1, 1)
        >>> reorder_focus(weight).flatten().int().tolist()
        [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11]
    """
    return weight.unflatten(1, (4, 3))[:, [0, 2, 1, 3]].flatten(1, 2)


def _number_of(name: str) -> tuple[int, str]:
    """Split ``model.7.conv.weight`` into 7 and ``conv.weight``; -1 without a number."""
    match = re.fullmatch(r'(?:module\.)?(?:model\.)+(\d+)\.(.+)', name)
    return (int(match[1]), match[2]) if match else (-1, name)


def _rename(number: int, rest: str) -> str:
    """Return this project's name of a tensor; one without a rule keeps its own."""
    if number in CONVOLUTIONS:
        return f'{CONVOLUTIONS[number]}.{rest}'
    if number in SPP_LAYERS:
        return f'{SPP_LAYERS[number]}.{rest.replace("cv", "conv", 1)}'
    if number in C3_LAYERS:
        part, _, tail = rest.partition('.')
        if part == 'm':
            index, _, tail = tail.partition('.')
            part, tail = f'blocks.{index}', tail.replace('cv', 'conv', 1)
        return f'{C3_LAYERS[number]}.{C3_NAMES.get(part, part)}.{tail}'
    if number == HEAD:
        return f'head.head_module.{_rename_head(rest)}'
    return rest


def _rename_head(rest: str) -> str:
    branch, _, tail = rest.partition('.')
    level, _, tail = tail.partition('.')
    if branch == 'm':
        return f'box_branches.{level}.layers.{tail}'
    # 0, 2, ... 10 are depthwise and 1, 3, ... 9 pointwise; 11 is the last, a plain one.
    index, _, tail = tail.partition('.')
    step = int(index) if index.isdigit() else -1
    block, pointwise = divmod(step, 2)
    layer = f'{block + pointwise if block == POINT_BLOCKS else block}'
    if block < POINT_BLOCKS:
        layer += '.pointwise_conv' if pointwise else '.depthwise_conv'
    return f'kpt_branches.{level}.layers.{layer}.{tail}'


def _check(
    state: Mapping[str, Tensor], target: Mapping[str, Tensor], leftover: list[str]
) -> None:
    """Raise unless every tensor has its place and its shape."""
    fix = 'give the state dict of YOLOv5s6-pose, not fused, and a config of its size'
    missing = [name for name in target if name not in state]
    for what, names in (('not known', leftover), ('missing', missing)):
        if names:
            raise UserError(f'{len(names)} tensors are {what}, such as {names[0]}', fix)
    for name, tensor in state.items():
        if tensor.shape != target[name].shape:
            raise UserError(
                f'{name} has the shape {tuple(tensor.shape)}, the network '
                f'{tuple(target[name].shape)}',
                fix,
            )
