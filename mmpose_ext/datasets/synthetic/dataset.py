"""MMPose data set of synthetic figures, which needs no files."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import cv2
import numpy as np
from mmengine.logging import MessageHub
from mmpose.datasets.datasets.base import BaseCocoStyleDataset
from mmpose.registry import DATASETS
from tqdm import tqdm

from ...figures import SyntheticFigures
from ...figures.poses import FAMILIES
from ...utils import ConfigError
from ...utils.checks import (
    check_bools,
    check_ints,
    check_names,
    check_numbers,
    check_positive_int_lists,
    check_positive_ints,
)
from ...utils.processes import process_map
from ..conventions import CONVENTIONS, metainfo_file
from ..formats.coco import person_category
from ..formats.mpii import HEAD_SIZE_OF_LENGTH
from .coco_annotations import annotation, image_id, image_info

JPEG_QUALITY = 95


def _describe(
    index: int, figures: SyntheticFigures, convention: str, encode: bool
) -> tuple[dict, list[dict], list[float], np.ndarray | None]:
    """Collect what the data list needs to know about one image."""
    scene = figures.render(index, image=encode)
    notes = [annotation(p, convention, image_id(index), 0) for p in scene.persons]
    code = None
    if encode:
        options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        code = cv2.imencode('.jpg', scene.image, options)[1].ravel()
    return (
        image_info(scene),
        notes,
        [HEAD_SIZE_OF_LENGTH * p.head_length for p in scene.persons],
        code,
    )


@DATASETS.register_module()
class SyntheticPoseDataset(BaseCocoStyleDataset):
    """Articulated figures, generated on demand.

    Boxes, areas and visibility are those of the drawn surfaces. Therefore the first
    full initialization draws every image once, without painting it, and keeps the
    annotations; the images themselves are painted in the data loader's workers. An
    image depends only on ``(seed, start + number)``.

    A sample has ``img``, so that MMPose's pipelines work unchanged (``LoadImage``
    keeps an existing image), and ``head_size`` for PCKh. ``CocoMetric`` needs no
    ``ann_file``: it reads the samples' raw annotations. Coordinates count from 0;
    ``MpiiPCKAccuracy`` adds 1 to every prediction, since MPII counts from 1, so to it
    a perfect prediction is 1 pixel off in x and in y.

    Args:
        convention (str): The joints: ``coco`` (17), ``mpii`` (16), ``lsp`` (14) or
            ``ntu`` (25). Default: ``'coco'``.
        num_images (int): Number of images. Default: 1000.
        seed (int): See :class:`~mmpose_ext.figures.SyntheticFigures`. Default: 0.
        start (int): Number of the first image; give training and validation
            ranges that do not overlap. Default: 0.
        size (tuple[int, int]): Image width and height. Default: (256, 256).
        persons (tuple[int, int]): Smallest and largest number of people.
            Default: (1, 4).
        occluders (float): See ``SyntheticFigures``. Default: 1.
        clutter (float): See ``SyntheticFigures``. Default: 1.
        families (Sequence[str]): See ``SyntheticFigures``. Default: all.
        turn (float): See ``SyntheticFigures``. Default: 180.
        whole (bool): See ``SyntheticFigures``. Default: False.
        cache_images (bool): Whether to paint all images in the first pass and keep them
            in memory as JPEG of quality 95 (about 25 KB each at 256x256); later epochs
            then only decode. Default: False.
        workers (int): Number of additional processes for the first pass; 0 for none.
            Default: 0.
        **kwargs: Arguments of MMPose's ``BaseCocoStyleDataset``: ``data_mode``,
            ``pipeline``, ``test_mode``, ``metainfo``, ``indices`` and so on.

    Raises:
        ConfigError: If the convention is unknown, or a number is out of range.

    Example:
        >>> dataset = SyntheticPoseDataset(
        ...     'lsp', num_images=2, size=(64, 96), persons=(1, 1)
        ... )
        >>> sample = dataset[0]
        >>> sample['img'].shape, sample['keypoints'].shape
        ((96, 64, 3), (1, 14, 2))
    """

    METAINFO: dict = dict(from_file=metainfo_file('coco'))

    def __init__(
        self,
        convention: str = 'coco',
        num_images: int = 1000,
        seed: int = 0,
        start: int = 0,
        size: tuple[int, int] = (256, 256),
        persons: tuple[int, int] = (1, 4),
        occluders: float = 1.0,
        clutter: float = 1.0,
        families: Sequence[str] = FAMILIES,
        turn: float = 180.0,
        whole: bool = False,
        cache_images: bool = False,
        workers: int = 0,
        **kwargs: Any,
    ) -> None:
        name = type(self).__name__
        meta_file = metainfo_file(convention, owner=name)
        check_positive_ints(name, num_images=num_images)
        check_ints(name, start=start, seed=seed, workers=workers)
        check_positive_int_lists(name, length=2, size=size, persons=persons)
        check_numbers(name, least=0, occluders=occluders, clutter=clutter, turn=turn)
        check_names(name, families=families)
        check_bools(name, whole=whole, cache_images=cache_images)
        self._refuse_files(kwargs)
        self.convention = convention
        self.indices_drawn = range(start, start + num_images)
        self.figures = SyntheticFigures(
            seed,
            size,
            persons,
            occluders,
            clutter,
            families=families,
            turn=turn,
            whole=whole,
        )
        self.cache_images = cache_images
        self.workers = workers
        self._codes: np.ndarray | None = None
        self._code_ends: np.ndarray | None = None
        if kwargs.get('metainfo') is None:
            kwargs['metainfo'] = dict(from_file=meta_file)
        super().__init__(**kwargs)
        self._withdraw_annotation_file()

    @staticmethod
    def _refuse_files(given: dict[str, Any]) -> None:
        """Raise if an argument of MMPose's class names a file to read."""
        for argument in ('ann_file', 'bbox_file', 'data_root'):
            if given.get(argument):
                raise ConfigError(
                    'SyntheticPoseDataset',
                    argument,
                    given[argument],
                    'is not used: the images are drawn, not read',
                    'leave it out',
                )

    def _withdraw_annotation_file(self) -> None:
        """Take back the empty file name that MMPose tells CocoMetric to open."""
        key = f'{self.metainfo["dataset_name"]}_ann_file'
        message = MessageHub.get_current_instance()
        if message.get_info(key) == '':
            message.pop_info(key)

    def _load_annotations(self) -> tuple[list[dict], list[dict]]:
        """Draw every image once and keep its annotations.

        Returns:
            tuple[list[dict], list[dict]]: Instances and images.
        """
        expected, given = (
            len(CONVENTIONS[self.convention]),
            self._metainfo['num_keypoints'],
        )
        if given != expected:
            raise ConfigError(
                self,
                'metainfo',
                self._metainfo.get('dataset_name'),
                f'has {given} joints, convention={self.convention!r} has {expected}',
                'leave metainfo out, or choose the convention that it describes',
            )
        self._metainfo['CLASSES'] = [person_category(self._metainfo)]
        job = partial(
            _describe,
            figures=self.figures,
            convention=self.convention,
            encode=self.cache_images,
        )
        instances: list[dict] = []
        images: list[dict] = []
        codes = []
        results = process_map(job, self.indices_drawn, self.workers)
        for info, notes, heads, code in tqdm(
            results,
            'synthetic figures',
            len(self.indices_drawn),
            leave=False,
            disable=None,
        ):
            info['img_id'] = info['id']
            info['img_path'] = f'synthetic/seed{self.figures.seed}/{info["file_name"]}'
            images.append(info)
            codes.append(code)
            for note, head in zip(notes, heads, strict=True):
                note['id'] = len(instances) + 1
                instances.append(self._instance(note, info, head))
        if self.cache_images:
            self._codes = np.concatenate(codes)
            self._code_ends = np.cumsum([len(code) for code in codes])
        return instances, images

    def _instance(self, note: dict, info: dict, head: float) -> dict:
        instance = self.parse_data_info(dict(raw_ann_info=note, raw_img_info=info))
        instance['head_size'] = np.full((1, 1), head, dtype=np.float32)
        return instance

    def get_data_info(self, idx: int) -> dict:
        """Return the annotations and the image of a sample.

        Args:
            idx (int): Number of the sample.

        Returns:
            dict: MMPose's keys, and ``img``: BGR of shape (H, W, 3), uint8.
        """
        info = super().get_data_info(idx)
        info['img'] = self.image(info['img_id'] - 1)
        return info

    def image(self, index: int) -> np.ndarray:
        """Paint an image, or decode it from the cache.

        Args:
            index (int): Number of the image in the seed's sequence, from ``start`` on.

        Returns:
            np.ndarray: BGR of shape (H, W, 3), uint8.
        """
        if self._codes is None or self._code_ends is None:
            image = self.figures.render(index).image
            assert image is not None
            return image
        row = index - self.indices_drawn.start
        begin = self._code_ends[row - 1] if row else 0
        return cv2.imdecode(self._codes[begin : self._code_ends[row]], cv2.IMREAD_COLOR)
