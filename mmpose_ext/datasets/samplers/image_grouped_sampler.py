"""A test order in which the boxes of an image follow each other."""

from collections.abc import Iterator, Sized
from typing import Any

from mmengine.dataset import BaseDataset
from mmengine.dist import get_dist_info
from mmpose.registry import DATA_SAMPLERS
from torch.utils.data import Sampler

from ...utils.errors import ConfigError


@DATA_SAMPLERS.register_module()
class ImageGroupedSampler(Sampler):
    """Keeps the boxes of an image together, for :class:`.LoadCachedImage`.

    The boxes follow each other and go to one process. This sampler replaces
    ``DefaultSampler(shuffle=False)`` in testing. Each process gets as many samples as
    from ``DefaultSampler``, but of consecutive images instead of every n-th box.
    Metrics that tell samples apart by their identifiers, as all of MMPose's do, give
    the same figures. Extra samples that make the processes' shares equal are placed
    where MMEngine drops them from the collected results.

    Args:
        dataset (Sized): The data set.
        shuffle (bool): Only False is possible. Default: False.
        seed (int, optional): Not used.
        round_up (bool): Whether all processes get the same number of samples. Default:
            True, as for ``DefaultSampler``.

    Raises:
        ConfigError: If ``shuffle`` is set.
    """

    def __init__(
        self,
        dataset: Sized,
        shuffle: bool = False,
        seed: int | None = None,
        round_up: bool = True,
    ) -> None:
        if shuffle:
            raise ConfigError(
                self,
                'shuffle',
                shuffle,
                'would separate the boxes of an image',
                'use DefaultSampler in training',
            )
        self.rank, self.world_size = get_dist_info()
        self.round_up = round_up
        order = grouped_by_image(dataset)
        sizes = [
            -(-(len(order) - rank) // self.world_size)
            for rank in range(self.world_size)
        ]
        start = sum(sizes[: self.rank])
        self.indices = order[start : start + sizes[self.rank]]
        if round_up and sizes[self.rank] < sizes[0]:
            # One sample at most, and the last of the process, is dropped again.
            self.indices.append(order[0])

    def __iter__(self) -> Iterator[int]:
        return iter(self.indices)

    def __len__(self) -> int:
        return len(self.indices)

    def set_epoch(self, epoch: int) -> None:
        """Do nothing: the order is always the same.

        Args:
            epoch (int): Not used.
        """


def grouped_by_image(dataset: Any) -> list[int]:
    """Return the indices of a data set, those of an image together.

    Args:
        dataset (Dataset): A data set with ``get_data_info``.

    Returns:
        list[int]: Images and boxes in the order of their first appearance.
    """
    plain = getattr(dataset, 'dataset', dataset)
    if isinstance(plain, BaseDataset):
        # Without MMPose's copy of the metainfo for each sample.
        plain.full_init()

        def info(index: int) -> dict:
            return BaseDataset.get_data_info(plain, index)
    else:
        info = dataset.get_data_info
    groups: dict[Any, list[int]] = {}
    for index in range(len(dataset)):
        groups.setdefault(info(index).get('img_path'), []).append(index)
    return [index for group in groups.values() for index in group]
