"""Parameter schedulers, one per file."""

from .warmup_cosine import WarmupCosineLR
from .warmup_momentum import WarmupMomentum

__all__ = ['WarmupCosineLR', 'WarmupMomentum']
