"""SCRU: a spatial and a channel rebuild unit in a row (DAUNet, section 3.1.2)."""

from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import Tensor

from ..utils.build import check_arguments
from ..utils.layer_configs import check_layer_configs
from .cru import CRU
from .sru import SRU


@MODELS.register_module()
class SCRU(BaseModule):
    """Rebuild a map in space, then in its channels.

    Args:
        in_channels (int): Channels of the input and of the output.
        sru (dict, optional): Arguments of :class:`SRU`.
        cru (dict, optional): Arguments of :class:`CRU`.
        init_cfg (dict, optional): MMEngine's initialization config.

    Raises:
        ConfigError: If one of the two units raises it.

    Example:
        >>> import torch
        >>> SCRU(32)(torch.rand(1, 32, 8, 8)).shape
        torch.Size([1, 32, 8, 8])
    """

    def __init__(
        self,
        in_channels: int,
        sru: dict | None = None,
        cru: dict | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        check_layer_configs('SCRU', init_cfg=init_cfg)
        sru, cru = sru or {}, cru or {}
        check_arguments('SCRU', 'sru', sru, SRU, ['in_channels'])
        check_arguments('SCRU', 'cru', cru, CRU, ['in_channels'])
        self.sru = SRU(in_channels, **sru)
        self.cru = CRU(in_channels, **cru)

    def forward(self, x: Tensor) -> Tensor:
        """Return the rebuilt map.

        Args:
            x (Tensor): (N, C, H, W).

        Returns:
            Tensor: (N, C, H, W).
        """
        return self.cru(self.sru(x))
