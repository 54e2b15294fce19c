"""Hook that computes in the channels-last memory format."""

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


@HOOKS.register_module()
class ChannelsLastHook(Hook):
    """Keep the weights of convolutions, and so every map, in channels-last format.

    The function stays the same up to rounding, and so do checkpoints: only the order in
    memory differs. Convolutions of narrow networks on the CPU, and mixed precision on a
    GPU, are faster with it. Not from any paper.

    Example:
        >>> from types import SimpleNamespace
        >>> model = torch.nn.Conv2d(4, 8, 3)
        >>> ChannelsLastHook().before_run(SimpleNamespace(model=model))
        >>> model.weight.is_contiguous(memory_format=torch.channels_last)
        True
    """

    # Before the hooks that copy the model, such as EMAHook.
    priority = 'VERY_HIGH'

    def before_run(self, runner: Runner) -> None:
        """Reorder the weights once, before anything runs."""
        runner.model.to(memory_format=torch.channels_last)
