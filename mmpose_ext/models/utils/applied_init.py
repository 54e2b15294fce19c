"""Makes ``init_cfg`` apply to the convolutions of MMCV, too."""

from mmengine.model import BaseModule, initialize


class AppliedInit(BaseModule):
    """Mixin to list before the base class of a layer whose ``init_cfg`` may be None.

    MMEngine initializes a module first and its children after it, and MMCV's
    ``ConvModule`` always draws its weights anew. Without this class the ``init_cfg`` of
    a layer made of them has no effect.
    """

    def init_weights(self) -> None:
        """Initialize the children, then what ``init_cfg`` names."""
        done = self.is_init
        super().init_weights()
        if self.init_cfg and not done:
            initialize(self, self.init_cfg)
