"""Data loading that an interrupted run can resume."""

from .seeded_loader import EpochSampler, SeededDataset, seed_all, seeded_loader

__all__ = ['EpochSampler', 'SeededDataset', 'seed_all', 'seeded_loader']
