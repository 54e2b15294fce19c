"""DAUNet's encoder: a ResNet of improved bottlenecks (IBN).

Paper: "DAUNet: Detail-Aware U-Shaped Network for 2D Human Pose Estimation",
section 3.1.1 (Li et al., CMC 2024). The paper's "IBN" is this block; it has
nothing to do with the instance-batch normalization of IBN-Net.
"""

import math
from typing import Any

from mmengine.model import BaseModule
from mmpose.models.backbones.resnet import Bottleneck, ResNet
from mmpose.registry import MODELS
from torch import Tensor, nn

from ...utils import ConfigError, check_choice
from ...utils.checks import check_indices, check_positive_int_lists
from ..initializers import PretrainedResNetInit
from ..layers import PartialConv, StripPooling
from ..utils.image_size import check_image_size
from ..utils.inherited import check_inherited
from ..utils.layer_configs import check_layer_configs, explain_norm_groups
from ..utils.residual import ResidualForward
from ..utils.train_mode import ChainableTrain

FRESH_INIT = (
    dict(type='Kaiming', layer=['Conv2d']),
    dict(type='Constant', val=1, layer=['_BatchNorm', 'GroupNorm']),
)


class IBNBottleneck(ResidualForward, Bottleneck):
    """Bottleneck with a partial convolution and strip pooling.

    ``1x1-BN-ReLU -> partial 3x3-BN-ReLU -> strip pooling -> 2x2 mean (stride 2
    only) -> 1x1-BN -> + shortcut -> ReLU``. The weights have the names of
    :class:`Bottleneck`; ``conv2.conv`` and ``strip_pool`` differ.

    Args:
        *args: Arguments of :class:`~mmpose.models.backbones.resnet.Bottleneck`.
        **kwargs: Keyword arguments of the same class.

    Raises:
        ConfigError: If the width is not a multiple of 4.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conv2 = PartialConv(self.mid_channels, conv_cfg=self.conv_cfg)
        self.strip_pool = StripPooling(
            self.mid_channels, conv_cfg=self.conv_cfg, norm_cfg=self.norm_cfg
        )
        # As in the shortcut of `avg_down`.
        self.pool = (
            nn.AvgPool2d(self.stride, ceil_mode=True, count_include_pad=False)
            if self.stride > 1
            else nn.Identity()
        )

    def _residual(self, x: Tensor) -> Tensor:
        out = self.relu(self.norm1(self.conv1(x)))
        out = self.relu(self.norm2(self.conv2(out)))
        out = self.pool(self.strip_pool(out))
        return self.norm3(self.conv3(out))


BLOCKS = {'IBNBottleneck': IBNBottleneck, 'Bottleneck': Bottleneck}
# A style says which convolution has a stage's stride; IBN always pools after its gate.
STYLES = {'IBNBottleneck': ('pytorch',), 'Bottleneck': ('pytorch', 'caffe')}


@MODELS.register_module()
class DAUNetEncoder(ChainableTrain, ResNet):
    """ResNet with the blocks of DAUNet and mean-pooling shortcuts.

    The stem, the stages' layout and the widths are ResNet's. With
    ``block='Bottleneck'`` it is MMPose's ``ResNet(depth, avg_down=True)``, weight
    for weight.

    Args:
        depth (int): 50, 101 or 152, or 26 for small presets (two blocks a stage).
        block (str): ``'IBNBottleneck'`` or ``'Bottleneck'``. Default: the first.
        out_indices (Sequence[int]): Stages that are returned. Default: all four,
            for a U-shaped decoder.
        init_cfg (dict | list, optional): MMEngine's initialization config. With
            ``dict(type='PretrainedResNet', ...)``, tensors that are missing in the
            checkpoint are initialized as in a ResNet. Default: that of
            :class:`~mmpose.models.ResNet`.
        **kwargs: Arguments of :class:`~mmpose.models.ResNet`. IBN supports neither
            ``dilations`` nor ``style='caffe'`` and refuses them.

    Raises:
        ConfigError: If ``depth``, ``block`` or another argument has a value that the
            encoder cannot use, or a width is not a multiple of 4.

    Example:
        >>> import torch
        >>> encoder = DAUNetEncoder(26, base_channels=16)
        >>> [tuple(x.shape) for x in encoder(torch.rand(1, 3, 64, 64))]
        [(1, 64, 16, 16), (1, 128, 8, 8), (1, 256, 4, 4), (1, 512, 2, 2)]
    """

    layouts = {
        26: (2, 2, 2, 2),
        50: (3, 4, 6, 3),
        101: (3, 4, 23, 3),
        152: (3, 8, 36, 3),
    }

    @explain_norm_groups
    def __init__(
        self,
        depth: int = 50,
        block: str = 'IBNBottleneck',
        out_indices: tuple[int, ...] = (0, 1, 2, 3),
        init_cfg: Any = FRESH_INIT,
        **kwargs: Any,
    ) -> None:
        check_choice(self, 'depth', depth, self.layouts)
        check_choice(self, 'block', block, BLOCKS)
        stages = kwargs.pop('num_stages', 4)
        self._check_stages(stages, out_indices, block, kwargs)
        if init_cfg is not FRESH_INIT:
            check_layer_configs(self, init_cfg=init_cfg)
        check_inherited(self, num_stages=stages, **kwargs)
        self.arch_settings = {depth: (BLOCKS[block], self.layouts[depth])}
        self.pretrained = PretrainedResNetInit.is_config(init_cfg)
        if self.pretrained:
            init_cfg = (*FRESH_INIT, init_cfg)
        kwargs.setdefault('avg_down', True)
        super().__init__(
            depth,
            num_stages=stages,
            out_indices=out_indices,
            init_cfg=list(init_cfg) if isinstance(init_cfg, tuple) else init_cfg,
            **kwargs,
        )

    def _check_stages(
        self, number: Any, out_indices: Any, block: str, kwargs: dict
    ) -> None:
        """Raise for stages that the encoder cannot build."""
        if isinstance(number, bool) or number not in range(1, 5):
            raise ConfigError(
                self, 'num_stages', number, 'is out of range', 'choose 1 to 4'
            )
        check_indices(self, number, least=1, out_indices=out_indices)
        for name in ('strides', 'dilations'):
            if name in kwargs:
                check_positive_int_lists(self, length=number, **{name: kwargs[name]})
            elif number < 4:
                defaults = dict(strides=(1, 2, 2, 2), dilations=(1, 1, 1, 1))
                kwargs[name] = defaults[name][:number]
        check_choice(self, 'style', kwargs.get('style', 'pytorch'), STYLES[block])
        if block == 'IBNBottleneck' and set(kwargs.get('dilations', ())) > {1}:
            raise ConfigError(
                self,
                'dilations',
                kwargs['dilations'],
                'is not supported: the partial convolution of IBN is not dilated',
                "leave it out, or choose block='Bottleneck'",
            )

    def init_weights(self) -> None:
        """Initialize, but do not set loaded weights to zero again."""
        if self.pretrained:
            BaseModule.init_weights(self)
        else:
            super().init_weights()

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return the maps of ``out_indices``, at strides 4, 8, 16 and 32.

        Args:
            x (Tensor): (N, 3, H, W), H and W multiples of 32.

        Raises:
            ConfigError: If they are not.
        """
        divisor = 4 * math.prod(self.strides)
        check_image_size(self, x, divisor, 'the decoder cannot join its maps')
        maps = super().forward(x)
        return maps if isinstance(maps, tuple) else (maps,)
