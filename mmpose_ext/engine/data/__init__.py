"""What the training loader hands out, in a form that a run can resume."""

from .seeded_loader import EpochSampler, SeededDataset, seed_all, seeded_loader

__all__ = ['EpochSampler', 'SeededDataset', 'seed_all', 'seeded_loader']
