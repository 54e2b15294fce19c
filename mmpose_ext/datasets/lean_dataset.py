"""A data set that does not copy the metainfo for each sample."""

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
    """Wraps a data set so that its samples share one copy of the metainfo.

    MMPose copies the joints' names, pairs and links deeply for each sample, so that a
    transform may write to them; none of its own does. Everything else is that of the
    wrapped data set. A data set that overrides how its samples are made is used as it
    is.

    Args:
        dataset (dict): Config of the data set.

    Raises:
        ConfigError: If it is not one of MMPose's data sets with a list of samples.
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
        # A data set that overrides them, such as that of drawn figures, keeps its
        # methods.
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
                    'returned None for a test sample',
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
        """Return a sample after the pipeline.

        Args:
            index (int): Its number.
        """
        if self._own:
            return self.dataset.prepare_data(index)
        info = self.get_data_info(index)
        info['dataset'] = self.dataset
        return self.dataset.pipeline(info)

    def get_data_info(self, index: int) -> dict:
        """Return a sample's annotation.

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
