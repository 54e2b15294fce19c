"""The product of channel weights and a map, with few passes over the map.

The weights come from the map's own means (SDHRNet, eqs. 4, 6 and 7). There are three
forms of the same function, equal up to rounding, each used where it was measured to be
fastest: inference in place; small maps by plain autograd; large maps, where autograd
would walk the map twice more on its way back (the mean's expansion, and its addition to
the product's gradient), with the backward pass written out.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

# Elements of a map from which writing the backward pass out pays for its calls.
LARGE_MAP = 2**19


def reweight_channels(
    first: Tensor, second: Tensor, gate: nn.Module, identity: Tensor | None = None
) -> Tensor:
    r"""Return :math:`g(\mathrm{mean}\,Y) \cdot Y`, plus the identity if given.

    Args:
        first (Tensor): The first half of Y's channels, (N, C / 2, H, W).
        second (Tensor): The second half, (N, C / 2, H, W).
        gate (nn.Module): g; maps channel means (N, C) to weights (N, C).
        identity (Tensor, optional): Added to the product, (N, C, H, W).

    Returns:
        Tensor: (N, C, H, W).
    """
    if torch.jit.is_tracing() or torch.compiler.is_compiling():
        # Exporters and compilers know these operators, and fuse them themselves.
        return _by_autograd(first, second, gate, identity)
    if not torch.is_grad_enabled():
        return _in_place(first, second, gate, identity)
    if 2 * first.numel() < LARGE_MAP:
        return _by_autograd(first, second, gate, identity)
    return _Reweight.apply(gate, identity, first, second, *gate.parameters())


def _by_autograd(
    first: Tensor, second: Tensor, gate: nn.Module, identity: Tensor | None
) -> Tensor:
    # By halves: the gradient of a joint product would reach batch norm as slices
    # of channels, on which it is slow.
    means = torch.cat((first.mean(dim=(2, 3)), second.mean(dim=(2, 3))), dim=1)
    one, two = gate(means)[:, :, None, None].chunk(2, dim=1)
    out = torch.cat((first * one, second * two), dim=1)
    return out if identity is None else out + identity


def _in_place(
    first: Tensor, second: Tensor, gate: nn.Module, identity: Tensor | None
) -> Tensor:
    whole = torch.cat((first, second), dim=1)
    weights = gate(whole.mean(dim=(2, 3)))
    return _product(whole, weights, identity)


def _product(whole: Tensor, weights: Tensor, identity: Tensor | None) -> Tensor:
    """Multiply a map, which nothing else may read, by its weights."""
    weights = weights[:, :, None, None].to(whole.dtype)
    if identity is None:
        return whole.mul_(weights)
    return torch.addcmul(identity, whole, weights)


class _Reweight(torch.autograd.Function):
    """The product, with its backward pass written out.

    The gate's parameters are inputs, so that hooks on them (DDP's, for one) see
    their gradients. Its own graph is kept: it is as small as the means.
    """

    @staticmethod
    def forward(
        ctx: Any,
        gate: nn.Module,
        identity: Tensor | None,
        first: Tensor,
        second: Tensor,
        *parameters: Tensor,
    ) -> Tensor:
        """Return the product."""
        whole = torch.cat((first, second), dim=1)
        means = whole.mean(dim=(2, 3)).requires_grad_()
        with torch.enable_grad():
            weights = gate(means)
        ctx.small = means, weights, [p for p in parameters if p.requires_grad]
        ctx.save_for_backward(first, second)
        return _product(whole, weights.detach(), identity)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradient of every input of :meth:`forward`."""
        means, weights, learned = ctx.small
        grads = grad.chunk(2, dim=1)
        sums = [
            (part * half).sum(dim=(2, 3))
            for part, half in zip(grads, ctx.saved_tensors, strict=True)
        ]
        to_means, *to_learned = torch.autograd.grad(
            weights,
            [means, *learned],
            torch.cat(sums, dim=1).to(weights.dtype),
            retain_graph=True,
        )
        area = grad.shape[2] * grad.shape[3]
        shifts, scales = (
            value[:, :, None, None].to(grad.dtype).chunk(2, dim=1)
            for value in (to_means / area, weights.detach())
        )
        halves = map(torch.addcmul, shifts, grads, scales)
        found = iter(to_learned)
        rest = (next(found) if need else None for need in ctx.needs_input_grad[4:])
        identity = grad if ctx.needs_input_grad[1] else None
        return (None, identity, *halves, *rest)
