"""Parameter schedulers, one per file."""

from .warmup_cosine import WarmupCosineLR

__all__ = ['WarmupCosineLR']
