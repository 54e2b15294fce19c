"""Optimizer constructors, one per file."""

from .bias_groups import BiasGroupsConstructor

__all__ = ['BiasGroupsConstructor']
