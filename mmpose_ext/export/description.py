"""Describes a network, from its config and model, for storage in its file."""

import hashlib
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmpose.codecs import MegviiHeatmap, MSRAHeatmap, UDPHeatmap
from mmpose.models.heads import CPMHead, HeatmapHead, MSPNHead, VisPredictHead
from mmpose.models.heads.hybrid_heads.yoloxpose_head import YOLOXPoseHead
from torch import nn

from mmpose_ext_runtime import Manifest

from ..codecs import SecondMaxHeatmap
from ..models.heads import YOLOPoseHead
from ..utils import UserError
from ..utils.config import require
from .dense import YOLOPoseDense, YOLOXPoseDense
from .options import ExportOptions

HEATMAP_HEADS = (HeatmapHead, CPMHead, MSPNHead)
DENSE = {YOLOPoseHead: YOLOPoseDense, YOLOXPoseHead: YOLOXPoseDense}
# Steps of a test pipeline that the runtime repeats.
STEPS = {
    'topdown': ('GetBBoxCenterScale', 'TopdownAffine'),
    'onestage': ('BottomupResize',),
}
_ANYWHERE = (
    *('LoadImage', 'LoadCheckedImage', 'LoadCachedImage'),
    *('PackPoseInputs', 'FastPackPoseInputs'),
)
_LIBRARIES = ('mmpose_ext', 'mmpose', 'torch', 'onnx')


def find_heatmap_head(model: nn.Module) -> nn.Module | None:
    """Return the head whose heat maps give the key points, or None.

    Args:
        model (nn.Module): An estimator.
    """
    head = getattr(model, 'head', None)
    if isinstance(head, VisPredictHead):  # its visibilities are left out
        head = head.pose_head
    for kind in HEATMAP_HEADS:
        # A subclass with its own predict() is excluded.
        if isinstance(head, kind) and type(head).predict is kind.predict:
            return head
    return None


def find_dense(model: nn.Module) -> nn.Module | None:
    """Return the dense decoding of a one-stage head, or None if it has none.

    Args:
        model (nn.Module): An estimator.
    """
    head = getattr(model, 'head', None)
    for kind, dense in DENSE.items():
        if isinstance(head, kind) and type(head).predict is kind.predict:
            return dense(head)
    return None


def describe_codec(codec: Any) -> dict[str, Any]:
    """Describe how heat maps are decoded.

    Args:
        codec (Any): The head's decoder.

    Returns:
        dict[str, Any]: The ``codec`` entry of :class:`mmpose_ext_runtime.Manifest`.

    Raises:
        UserError: If the codec is not supported.

    Example:
        >>> codec = MSRAHeatmap(input_size=(96, 128), heatmap_size=(24, 32), sigma=2)
        >>> describe_codec(codec)
        {'name': 'quarter', 'heatmap_size': [24, 32]}
    """

    def decodes_as(kind: Any) -> bool:
        return isinstance(codec, kind) and codec.decode.__func__ is kind.decode

    size = {'heatmap_size': list(getattr(codec, 'heatmap_size', ()))}
    if decodes_as(SecondMaxHeatmap):
        return {'name': 'second_max', **size}
    if decodes_as(MSRAHeatmap) and not codec.unbiased:
        return {'name': 'quarter', **size}
    if decodes_as(MSRAHeatmap):
        return {'name': 'dark', 'kernel': codec.blur_kernel_size, **size}
    if decodes_as(UDPHeatmap) and codec.heatmap_type == 'gaussian':
        return {'name': 'udp', 'kernel': codec.blur_kernel_size, **size}
    if decodes_as(UDPHeatmap):
        more = {'kernel': codec.blur_kernel_size, 'radius_factor': codec.radius_factor}
        return {'name': 'udp_offset', **more, **size}
    if decodes_as(MegviiHeatmap):
        return {'name': 'megvii', 'kernel': codec.kernel_size, **size}
    raise UserError(
        f'the codec {type(codec).__name__} has no decoding outside of PyTorch',
        'choose MSRAHeatmap, UDPHeatmap, MegviiHeatmap or SecondMaxHeatmap',
    )


def _plain_name(kind: Any) -> str:
    name = kind if isinstance(kind, str) else getattr(kind, '__name__', str(kind))
    return name.rpartition('.')[2]


def find_step(config: Config, kind: str) -> dict[str, dict]:
    """Return the steps of the test pipeline that the runtime has to repeat.

    Args:
        config (Config): The config.
        kind (str): ``'topdown'`` or ``'onestage'``.

    Returns:
        dict[str, dict]: Their settings by name.

    Raises:
        UserError: If the pipeline lacks one, or has another step.
    """
    steps = {
        _plain_name(step['type']): dict(step)
        for step in require(config, 'test_dataloader.dataset.pipeline')
    }
    wanted = STEPS[kind]
    missing = [name for name in wanted if name not in steps]
    other = [name for name in steps if name not in (*wanted, *_ANYWHERE)]
    if missing or other:
        what = f'lacks {missing[0]}' if missing else f'has the step {other[0]}'
        raise UserError(
            f'the test pipeline of {config.filename or "the config"} {what}, which a '
            'file cannot repeat',
            f'choose a config with {", ".join(wanted)} alone',
        )
    return {name: steps[name] for name in wanted}


def _topdown(config: Config, model: nn.Module, head: nn.Module) -> dict[str, Any]:
    steps = find_step(config, 'topdown')
    affine = steps['TopdownAffine']
    return dict(
        kind='topdown',
        input_size=tuple(affine['input_size']),
        udp=bool(affine.get('use_udp', False)),
        padding=float(steps['GetBBoxCenterScale'].get('padding', 1.25)),
        codec=describe_codec(head.decoder),
        select=tuple(model.test_cfg.get('output_keypoint_indices') or ()),
    )


def _onestage(config: Config, model: nn.Module) -> dict[str, Any]:
    step = find_step(config, 'onestage')['BottomupResize']
    for name, wanted in (
        ('resize_mode', 'fit'),
        ('use_udp', False),
        ('aug_scales', None),
    ):
        if step.get(name, wanted) != wanted:
            raise UserError(
                f'BottomupResize({name}={step[name]!r}) cannot be exported',
                f'set {name}={wanted!r}',
            )
    size = tuple(step['input_size'])
    divisor = model.data_preprocessor.pad_size_divisor
    if any(side % divisor for side in size):
        raise UserError(
            f'the input of {size} pixels is not a multiple of '
            f'pad_size_divisor={divisor}',
            'choose another input_size of BottomupResize',
        )
    cfg = model.test_cfg
    if cfg.get('vote_thr', 1) < 1:
        raise UserError(
            f'vote_thr={cfg["vote_thr"]} cannot be exported',
            'export without votes: --cfg-options model.test_cfg.vote_thr=1',
        )
    # The defaults are those of each head's predict().
    yolox = isinstance(model.head, YOLOXPoseHead)
    return dict(
        kind='onestage',
        input_size=size,
        pad_value=tuple(float(v) for v in step.get('pad_val', (0, 0, 0))),
        score_thr=float(cfg.get('score_thr', 0.01 if yolox else 0.001)),
        nms_thr=float(cfg.get('nms_thr', 1.0 if yolox else 0.65)),
        max_people=int(cfg.get('max_per_img', 0 if yolox else 300)),
    )


def _keypoints(meta: dict[str, Any], select: tuple[int, ...]) -> dict[str, Any]:
    """Return the names, lines and colors of the key points that the file returns."""
    number = meta['num_keypoints']
    chosen = select if select and max(select) < number else range(number)
    place = {old: new for new, old in enumerate(chosen)}

    def pairs(of: Any) -> tuple:
        return tuple((place[a], place[b]) for a, b in of if a in place and b in place)

    lines = zip(meta['skeleton_links'], meta['skeleton_link_colors'], strict=True)
    drawn = [(link, color) for link, color in lines if {*link} <= place.keys()]
    return dict(
        keypoint_names=tuple(meta['keypoint_id2name'][i] for i in chosen),
        skeleton=pairs(link for link, _ in drawn),
        skeleton_colors=tuple(tuple(map(int, color)) for _, color in drawn),
        flip_pairs=pairs(meta['flip_pairs']),
        sigmas=tuple(round(float(meta['sigmas'][i]), 6) for i in chosen),
        keypoint_colors=tuple(
            tuple(map(int, meta['keypoint_colors'][i])) for i in chosen
        ),
    )


def _normalization(model: nn.Module, options: ExportOptions) -> dict[str, Any]:
    preprocessor = model.data_preprocessor
    swapped = bool(getattr(preprocessor, '_channel_conversion', False))
    enabled = bool(getattr(preprocessor, '_enable_normalize', False))
    mean = preprocessor.mean.flatten().tolist() if enabled else [0.0] * 3
    std = preprocessor.std.flatten().tolist() if enabled else [1.0] * 3
    order = 'rgb' if swapped else 'bgr'
    return dict(
        mean=_shortest(mean),
        std=_shortest(std),
        network_order=order,
        input_order=options.input_order if options.normalize else order,
        normalize=options.normalize,
    )


def _shortest(values: list[float]) -> tuple[float, ...]:
    """Return the numbers as a config gave them, without digits that float32 added."""
    return tuple(float(f'{value:.7g}') for value in values)


def versions() -> dict[str, str]:
    """Return the versions of the libraries that write a file."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = 'unknown'
    return found


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def describe(
    config: Config,
    model: nn.Module,
    weights: str | os.PathLike | None,
    options: ExportOptions,
) -> Manifest:
    """Return the description that a network's file will have.

    Args:
        config (Config): Its config.
        model (nn.Module): The estimator, with ``dataset_meta``.
        weights (str | os.PathLike, optional): Its checkpoint.
        options (ExportOptions): What goes into the graph.

    Returns:
        Manifest: The description.

    Raises:
        UserError: If the network is of a kind that cannot be exported, or is tested in
            a way that a file cannot repeat.
    """
    head = find_heatmap_head(model)
    if head is not None:
        own = _topdown(config, model, head)
    elif find_dense(model) is not None:
        own = _onestage(config, model)
    else:
        kind = type(getattr(model, 'head', model)).__name__
        raise UserError(
            f'{kind} cannot be exported',
            'choose a top-down network with heat maps, YOLO-Pose or YOLOX-Pose',
        )
    file = Path(weights) if weights is not None else None
    return Manifest(
        **own,
        **_normalization(model, options),
        **_keypoints(model.dataset_meta, own.get('select', ())),
        decode=options.decode,
        flip_test=options.flip_test,
        nms=options.nms,
        model=Path(config.filename or 'config').stem,
        weights=file.name if file else '',
        weights_sha256=_checksum(file) if file and file.is_file() else '',
        versions=versions(),
    )
