"""Test-time augmentation."""

from .pyramid import PyramidTTAModel

__all__ = ['PyramidTTAModel']
