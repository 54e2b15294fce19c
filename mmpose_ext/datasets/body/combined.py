"""Several data sets combined in one joint convention."""

from collections.abc import Callable, Sequence

from mmpose.datasets import CombinedDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import DATASETS

from ...utils import ConfigError, choose_from
from ..conventions import metainfo_file
from ..mappings import joint_mapping

# MMPose's ``dataset_name`` to the names of the conventions.
_CONVENTIONS = {'coco': 'coco', 'mpii': 'mpii', 'lsp': 'lsp', 'ntu60': 'ntu'}


@DATASETS.register_module()
class CombinedPoseDataset(CombinedDataset):
    """MMPose's ``CombinedDataset``, extended to map the joints of its parts.

    Each part gets the ``KeypointConverter`` that
    :data:`mmpose_ext.datasets.mappings.MAPPINGS` has for it, and the whole has the
    meta information of one convention, wherever MMPose is installed. With a single
    part it lets a model of one convention be tested on a data set of another.

    Args:
        convention (str): ``coco``, ``mpii``, ``lsp`` or ``ntu``.
        datasets (Sequence[dict]): Configs of the parts, without a pipeline.
        pipeline (Sequence[dict | Callable]): The transforms that follow the mapping.
        **kwargs: Arguments of :class:`mmpose.datasets.CombinedDataset`, for example
            ``sample_ratio_factor`` or ``test_mode``.

    Raises:
        ConfigError: If the convention is unknown, a part is not a data set with known
            joints, or the joints cannot be mapped.

    Example:
        >>> from mmengine.registry import init_default_scope
        >>> init_default_scope('mmpose')
        >>> kinect = dict(
        ...     type='SyntheticPoseDataset', convention='ntu', num_images=2,
        ...     size=(64, 64), persons=(1, 1),
        ...     metainfo=dict(from_file=metainfo_file('ntu')),
        ... )
        >>> dataset = CombinedPoseDataset('mpii', [kinect])  # from Kinect's 25 joints
        >>> len(dataset), dataset[0]['keypoints'].shape
        (2, (1, 16, 2))
    """

    def __init__(
        self,
        convention: str,
        datasets: Sequence[dict],
        pipeline: Sequence[dict | Callable] = (),
        **kwargs,
    ) -> None:
        name = type(self).__name__
        metainfo = dict(from_file=metainfo_file(convention, owner=name))
        parts = [self._mapped(dict(part), convention) for part in datasets]
        super().__init__(metainfo, parts, list(pipeline), **kwargs)

    def _mapped(self, part: dict, convention: str) -> dict:
        name = type(self).__name__
        kind = part.get('type')
        cls = DATASETS.get(kind) if isinstance(kind, str) else None
        if cls is None:
            raise ConfigError(
                self,
                'datasets',
                part,
                'names no registered data set',
                choose_from(DATASETS, kind),
            )
        if part.get('pipeline'):
            raise ConfigError(
                self,
                'datasets',
                part,
                'has a pipeline, which would run before the joints are mapped',
                f'give the pipeline to {name}',
            )
        metainfo = parse_pose_metainfo(part.get('metainfo') or cls.METAINFO)
        source = _CONVENTIONS.get(metainfo['dataset_name'])
        if source is None:
            raise ConfigError(
                self,
                'datasets',
                part,
                f'has the joints of {metainfo["dataset_name"]!r}, which it cannot map',
                choose_from(_CONVENTIONS),
            )
        if source == convention:
            return dict(part, pipeline=[])
        mapping = joint_mapping(source, convention, owner=name)
        return dict(part, pipeline=[mapping.converter()])
