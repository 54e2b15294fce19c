"""A data set without its copies of the metainfo for each sample."""

from typing import Any

from mmengine.dataset import BaseDataset
from mmpose.datasets.datasets.base import BaseCocoStyleDataset
from mmpose.registry import DATASETS

from ..utils.errors import ConfigError

# What MMPose adds to each sample; see BaseCocoStyleDataset.get_data_info.
_KEYS = (
    'dataset_name',
    'upper_body_ids',
    'lower_body_ids',
    'flip_pairs',
    'dataset_keypoint_weights',
    'flip_indices',
    'skeleton_links',
)


@DATASETS.register_module()
class LeanDataset:
    """Another data set, whose samples share one copy of the metainfo.

    MMPose copies the joints' names, pairs and links deeply for each sample, so that a
    transform may write to them; none of its own does. Everything else is the other
    data set's. A data set that makes its samples in a way of its own is used as it is.

    Args:
        dataset (dict): Config of the data set.

    Raises:
        ConfigError: If it is not one of MMPose's with samples of their own.
    """

    def __init__(self, dataset: dict) -> None:
        built = DATASETS.build(dataset)
        if not isinstance(built, BaseDataset) or hasattr(built, 'datasets'):
            raise ConfigError(
                self,
                'dataset',
                dataset.get('type'),
                'is not a data set with a list of samples',
                'wrap each part of a CombinedDataset instead',
            )
        self.dataset = built
        # One with methods of its own, such as drawn figures, keeps them.
        self._own = any(
            getattr(type(built), name) is not getattr(BaseCocoStyleDataset, name)
            for name in ('get_data_info', 'prepare_data')
        )

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> Any:
        dataset = self.dataset
        if not dataset._fully_initialized:
            dataset.full_init()
        if dataset.test_mode:
            sample = self.prepare_data(index)
            if sample is None:
                raise ConfigError(
                    self,
                    'pipeline',
                    type(dataset).__name__,
                    'returned None for a sample of testing',
                    'let transforms raise an error instead',
                )
            return sample
        for _ in range(dataset.max_refetch + 1):
            sample = self.prepare_data(index)
            if sample is not None:
                return sample
            index = dataset._rand_another()
        raise ConfigError(
            self,
            'max_refetch',
            dataset.max_refetch,
            'samples in a row could not be loaded',
            'check the images and the pipeline',
        )

    def prepare_data(self, index: int) -> Any:
        """Return a sample of the pipeline.

        Args:
            index (int): Its number.
        """
        if self._own:
            return self.dataset.prepare_data(index)
        info = self.get_data_info(index)
        info['dataset'] = self.dataset
        return self.dataset.pipeline(info)

    def get_data_info(self, index: int) -> dict:
        """Return what the annotation says of a sample.

        Args:
            index (int): Its number.
        """
        if self._own:
            return self.dataset.get_data_info(index)
        info = BaseDataset.get_data_info(self.dataset, index)
        meta = self.dataset._metainfo
        info.update({key: meta[key] for key in _KEYS if key in meta})
        return info

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__') or 'dataset' not in self.__dict__:
            raise AttributeError(name)
        return getattr(self.dataset, name)
