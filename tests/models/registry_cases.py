"""A small config and an input of every class that mmpose_ext registers in MODELS."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from mmengine.model import BaseDataPreprocessor
from mmpose.registry import MODELS
from torch import nn

from mmpose_ext.models.backbones.sdhrnet import make_extra


def maps(*shapes: tuple[int, ...]) -> Callable[[], tuple]:
    """Random tensors, each an argument of ``forward``."""
    return lambda: tuple(torch.randn(shape) for shape in shapes)


def pyramid(*widths: int, size: int = 16) -> Callable[[], tuple]:
    """One argument: a list of maps that halve from each to the next."""
    return lambda: (
        [torch.randn(2, c, size >> i, size >> i) for i, c in enumerate(widths)],
    )


def boxes() -> tuple:
    corner = torch.rand(4, 2) * 10
    return tuple(torch.cat([corner, corner + 5 + torch.rand(4, 2)], 1) for _ in '12')


def joints() -> tuple:
    points = torch.rand(3, 17, 2) * 50
    visible = torch.ones(3, 17)
    return points, points + torch.randn(3, 17, 2), visible, torch.full((3,), 2500.0)


def wake(module: nn.Module) -> None:
    """Let all parameters take part.

    Position attention starts as the identity, and a narrow gate may have no unit
    behind its ReLU that any input reaches.
    """
    for name, parameter in module.named_parameters():
        if name.endswith(('gamma.scale', 'fc1.bias')):
            nn.init.constant_(parameter, 0.5)


@dataclass
class Case:
    """How to build and call a class.

    Attributes:
        config (dict): Its arguments, without ``type``.
        inputs (Callable): Makes the arguments of ``forward``.
        prepare (Callable): Changes the new module so that all of it takes part.
        idle (tuple[str, ...]): Endings of parameters without a gradient, by design.
    """

    config: dict[str, Any]
    inputs: Callable[[], tuple]
    prepare: Callable[[nn.Module], None] = wake
    idle: tuple[str, ...] = ()


def image(size: int = 64) -> Callable[[], tuple]:
    return maps((2, 3, size, size))


SFM = dict(type='SpatialFusion', head_channels=(4, 4), final_channels=16)
TOPDOWN = dict(
    type='TopdownPoseEstimator',
    backbone=dict(
        type='FortifiedHourglass',
        stage_channels=(16, 16),
        stage_blocks=(1, 1),
        in_channels=16,
        stem_channels=8,
        num_outs=1,
    ),
    head=dict(
        type='HeatmapHead',
        in_channels=16,
        out_channels=3,
        deconv_out_channels=None,
        decoder=dict(
            type='MSRAHeatmap', input_size=(64, 64), heatmap_size=(16, 16), sigma=1
        ),
    ),
)

CASES: dict[str, Case] = {
    'CAHRNet': Case(
        dict(extra=make_extra(8, (1, 1, 1), 1, (1, 8), block='BASIC')), image()
    ),
    'CIoULoss': Case({}, boxes),
    'CRU': Case(dict(in_channels=16), maps((2, 16, 8, 8))),
    'ConstantWeighting': Case(dict(h1=0.5), lambda: (torch.rand(2, 3, 2),)),
    'CoordAttention': Case(dict(in_channels=16), maps((2, 16, 8, 6))),
    'CrossScaleFusion': Case(
        dict(in_channels=(8, 12), out_channels=(8, 16)), pyramid(8, 12)
    ),
    'DASP': Case(
        dict(in_channels=8, low_channels=12), maps((2, 8, 8, 8), (2, 12, 8, 8))
    ),
    'DASPHead': Case(
        dict(in_channels=(12, 8), out_channels=3),
        lambda: ([torch.randn(2, 12, 8, 8), torch.randn(2, 8, 8, 8)],),
    ),
    'DAUNetDecoder': Case(
        dict(in_channels=(16, 32), channels=(32,)), pyramid(16, 32, size=8)
    ),
    'DAUNetEncoder': Case(dict(depth=26, base_channels=8, stem_channels=8), image()),
    'DistributionLearning': Case(
        dict(points=33, moment_points=17),
        lambda: (torch.rand(2, 3, 2), 0.1 + 0.2 * torch.rand(2, 3, 2), (8, 8)),
    ),
    'FGCSPP': Case(dict(in_channels=8), maps((2, 8, 8, 8))),
    'Float32HeatmapHead': Case(
        dict(in_channels=8, out_channels=3, deconv_out_channels=None),
        lambda: ([torch.randn(2, 8, 8, 8)],),
    ),
    'FortifiedHourglass': Case(
        dict(
            stage_channels=(16, 16, 24),
            stage_blocks=(1, 1, 1),
            in_channels=16,
            stem_channels=8,
        ),
        image(),
    ),
    'GhostConv': Case(
        dict(in_channels=8, out_channels=16, kernel_size=3), maps((2, 8, 8, 8))
    ),
    'GlobalAttention': Case(dict(channels=(8, 12), embed_channels=16), pyramid(8, 12)),
    'Identity': Case({}, maps((2, 8, 8, 8))),
    'ImplicitAdd': Case(dict(in_channels=8), maps((2, 8, 8, 8))),
    'ImplicitMultiply': Case(dict(in_channels=8), maps((2, 8, 8, 8))),
    'LocalAttention': Case({}, maps((2, 8, 8, 8))),
    'MicroOKSLoss': Case({}, joints),
    'PartialConv': Case(dict(in_channels=8), maps((2, 8, 8, 8))),
    'PyramidTTAModel': Case(dict(module=TOPDOWN), image()),
    'RFM': Case(dict(in_channels=16, out_channels=16), maps((2, 16, 8, 8))),
    'ReversedSigmaWeighting': Case({}, lambda: (torch.rand(2, 3, 2),)),
    'SADIHead': Case(
        dict(in_channels=(8, 12), out_channels=3, sfm=SFM, test_output='fused'),
        pyramid(8, 12),
        # A shift of the density: H2 has its mean at mu whatever the flow's mean is.
        idle=('.4.bias',),
    ),
    'SCA': Case(dict(in_channels=16), maps((2, 16, 8, 8))),
    'SCADKNet': Case(dict(deepen_factor=0.33, widen_factor=0.0625), image(128)),
    'SCRU': Case(dict(in_channels=32), maps((2, 32, 8, 8))),
    'SDHRNet': Case(dict(arch='w8-small'), image()),
    'SGE': Case(dict(in_channels=16, groups=4), maps((2, 16, 8, 8))),
    'SPP': Case(dict(in_channels=8), maps((2, 8, 8, 8))),
    'SRU': Case(dict(in_channels=32), maps((2, 32, 8, 8))),
    'SemanticEnhancement': Case(dict(in_channels=16), maps((2, 16, 6, 6))),
    'SigmaWeighting': Case(dict(detach=False), lambda: (torch.rand(2, 3, 2),)),
    'SpatialFusion': Case(
        dict(
            in_channels=(8, 12), num_joints=3, head_channels=(4, 4), final_channels=16
        ),
        pyramid(8, 12),
    ),
    'StripPooling': Case(dict(in_channels=8), maps((2, 8, 8, 8))),
    'YOLOPoseHead': Case(
        dict(
            head_module=dict(
                type='YOLOPoseHeadModule',
                in_channels=(8, 8, 8, 8),
                num_kpt_blocks=1,
                implicit=True,
            )
        ),
        pyramid(8, 8, 8, 8),
    ),
    'YOLOPoseHeadModule': Case(
        dict(in_channels=(8, 12), strides=(8, 16), num_kpt_blocks=1, implicit=True),
        pyramid(8, 12),
    ),
    'YOLOPosePAFPN': Case(
        dict(in_channels=(8, 16), conv=dict(type='GhostConv')), pyramid(8, 16)
    ),
}


def registered() -> list[str]:
    """Names of the classes of this package in MMPose's registry.

    Data preprocessors are left out: they have no weights, and tests of their own.
    """
    return sorted(
        name
        for name, kind in MODELS.module_dict.items()
        if kind.__module__.startswith('mmpose_ext.')
        and not issubclass(kind, BaseDataPreprocessor)
    )


def build(name: str, **changes: Any) -> nn.Module:
    """The class of a case, from its registry, with changed arguments."""
    return MODELS.build({'type': name, **CASES[name].config, **changes})


def tensors(output: Any) -> list[torch.Tensor]:
    """All tensors in nested lists, tuples and dicts."""
    if isinstance(output, torch.Tensor):
        return [output]
    parts = output.values() if isinstance(output, dict) else output
    return [tensor for part in parts for tensor in tensors(part)]


def call(name: str, module: nn.Module, inputs: tuple) -> list[torch.Tensor]:
    """The tensors that a module's forward returns."""
    if name == 'PyramidTTAModel':  # its own forward is `test_step`, on samples
        return tensors(module.module(*inputs, None, mode='tensor'))
    return tensors(module(*inputs))
