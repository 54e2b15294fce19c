"""Data loading whose augmentation depends only on (seed, epoch, index)."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, Sampler

from ...utils.errors import ConfigError

# Keeps the random numbers of samples apart from those of the training process.
_SAMPLES = 1
# Arguments of a DataLoader that are kept under the same name.
_KEPT = (
    'batch_size',
    'num_workers',
    'collate_fn',
    'pin_memory',
    'drop_last',
    'timeout',
    'worker_init_fn',
    'multiprocessing_context',
    'generator',
    'prefetch_factor',
    'persistent_workers',
)


def seed_all(*key: int) -> None:
    """Seed ``random``, NumPy and PyTorch from a key of integers.

    Args:
        *key (int): Integers, not negative. Keys that differ in any of them give
            unrelated random numbers.

    Examples:
        >>> seed_all(0, 3, 5)
        >>> first = random.random()
        >>> seed_all(0, 3, 5)
        >>> random.random() == first
        True
    """
    words = np.random.SeedSequence((len(key), *key)).generate_state(5)
    random.seed(int(words[0]))
    np.random.seed(words[1:])  # noqa: NPY002
    torch.manual_seed(int(words[0]) << 32 | int(words[1]))


class SeededDataset(Dataset):
    """Wraps a data set and seeds the process before each sample (epoch, index).

    MMCV's and MMPose's transforms draw from the global generators. If they are seeded
    once per worker, as in MMEngine, a sample depends on everything that its worker
    has loaded before, which no checkpoint records. Other attributes are those of the
    data set.

    Args:
        dataset (Dataset): The data set.
        seed (int): The seed of the run.
    """

    def __init__(self, dataset: Dataset, seed: int) -> None:
        self.dataset = dataset
        self.seed = seed

    def __getitem__(self, key: int | tuple[int, int]) -> Any:
        if not isinstance(key, tuple):
            return self.dataset[key]
        epoch, index = key
        seed_all(_SAMPLES, self.seed, epoch, index)
        return self.dataset[index]

    def __len__(self) -> int:
        return len(self.dataset)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__') or 'dataset' not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.dataset, name)


class EpochSampler(Sampler):
    """Sampler that yields another sampler's indices as (epoch, index).

    Args:
        sampler (Sampler): The sampler.

    Attributes:
        skip (int): Number of indices to skip at the start. Default: 0.
    """

    def __init__(self, sampler: Sampler) -> None:
        self.sampler = sampler
        self.epoch = 0
        self.skip = 0

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for position, index in enumerate(self.sampler):
            if position >= self.skip:
                yield self.epoch, index

    def __len__(self) -> int:
        return max(0, len(self.sampler) - self.skip)  # type: ignore[arg-type]

    def set_epoch(self, epoch: int) -> None:
        """Set the epoch of this and the wrapped sampler.

        Args:
            epoch (int): The epoch, from 0.
        """
        self.epoch = epoch
        if hasattr(self.sampler, 'set_epoch'):
            self.sampler.set_epoch(epoch)


def seeded_loader(loader: DataLoader, seed: int) -> DataLoader:
    """Copy a loader so that its samples are seeded by (seed, epoch, index).

    Args:
        loader (DataLoader): A loader with a sampler of indices; a custom batch
            sampler is not supported.
        seed (int): The seed of the run. A sampler with a seed gets it too.

    Returns:
        DataLoader: Its sampler is an :class:`EpochSampler`, its data set a
        :class:`SeededDataset`.

    Raises:
        ConfigError: If the loader has a custom batch sampler.
    """
    if loader.batch_size is None:
        raise ConfigError(
            'ReproducibleDataHook',
            'train_dataloader.batch_sampler',
            type(loader.batch_sampler).__name__,
            'cannot be resumed inside an epoch',
            'use a sampler and batch_size, or leave the hook out: '
            'default_hooks.reproducible_data=None',
        )
    if hasattr(loader.sampler, 'seed'):
        loader.sampler.seed = seed
    return DataLoader(
        SeededDataset(loader.dataset, seed),
        sampler=EpochSampler(loader.sampler),
        **{name: getattr(loader, name) for name in _KEPT},
    )
