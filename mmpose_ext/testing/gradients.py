"""Check that training reaches every parameter."""

from torch import nn


def parameters_without_gradient(model: nn.Module) -> list[str]:
    """Return the names of trainable parameters without a gradient other than zero.

    Call it after ``backward``.

    Args:
        model (nn.Module): The model.

    Returns:
        list[str]: The names; empty if every parameter learns.

    Example:
        >>> network = nn.Linear(2, 3)
        >>> parameters_without_gradient(network)
        ['weight', 'bias']
        >>> network.weight.sum().backward()
        >>> parameters_without_gradient(network)
        ['bias']
    """
    return [
        name
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
        and (parameter.grad is None or not parameter.grad.any())
    ]
