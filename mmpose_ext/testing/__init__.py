"""Helpers for the tests of this plugin and of projects that build on it."""

from .gradients import parameters_without_gradient
from .models import build_from_config, count_parameters, fake_batch

__all__ = [
    'build_from_config',
    'count_parameters',
    'fake_batch',
    'parameters_without_gradient',
]
