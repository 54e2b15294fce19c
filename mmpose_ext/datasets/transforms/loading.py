"""Image loading that detects damaged files.

OpenCV silently fills the missing part of a truncated JPEG with gray, so a network
would train on half a picture. MMPose's ``LoadImage`` does not notice, and reports an
undecodable file as "'NoneType' object has no attribute shape".
"""

import functools
import logging

import mmcv
import numpy as np
from mmengine.fileio import get
from mmengine.logging import print_log
from mmpose.datasets.transforms import LoadImage
from mmpose.registry import TRANSFORMS

from ...utils import UserError, check_choice
from ..image_decoding import ImageDataError, decode_image

ON_ERROR = ('raise', 'skip')


class ImageError(UserError):
    """An image that is missing, unreadable or incomplete."""


@TRANSFORMS.register_module()
class LoadCheckedImage(LoadImage):
    """MMPose's ``LoadImage`` with an error that names the damaged file.

    Keys and results are those of :class:`~mmpose.datasets.LoadImage`; an image
    that is already in ``results['img']`` is kept. The checks and their limits are
    described in :mod:`mmpose_ext.datasets.image_decoding`. A JPEG of several scans (a
    progressive one) is decoded twice when a process first loads it, and once
    afterwards.

    Args:
        on_error (str): ``'raise'`` stops with one line that names the file;
            ``'skip'`` logs that line and returns None. MMEngine's data sets then
            draw another sample in training and stop in testing, where a skipped
            sample would change the score. Default: ``'raise'``.
        **kwargs: Arguments of :class:`~mmpose.datasets.LoadImage`.

    Raises:
        ConfigError: If ``on_error`` is neither.
        ImageError: If the file is missing, incomplete, not an image of a usual format
            (JPEG, PNG, BMP, WebP), or claims more pixels than Pillow decodes.

    Example:
        >>> from pathlib import Path
        >>> mmcv.imwrite(np.ones((9, 9, 3), np.uint8), 'a.jpg')
        True
        >>> LoadCheckedImage()(dict(img_path='a.jpg'))['img'].shape
        (9, 9, 3)
        >>> _ = Path('a.jpg').write_bytes(Path('a.jpg').read_bytes()[:-20])
        >>> LoadCheckedImage()(dict(img_path='a.jpg'))
        Traceback (most recent call last):
        mmpose_ext.datasets.transforms.loading.ImageError: image a.jpg is damaged ...
    """

    def __init__(self, on_error: str = 'raise', **kwargs) -> None:
        check_choice(self, 'on_error', on_error, ON_ERROR)
        super().__init__(**kwargs)
        self.on_error = on_error
        # JPEGs of several scans that have passed the check by a second decoding.
        self._complete: set[int] = set()

    def transform(self, results: dict) -> dict | None:
        """Return ``results`` with the decoded image, or None to skip it."""
        if results.get('img') is None:
            try:
                results['img'] = self._load(results['img_path'])
            except ImageError as error:
                if self.on_error == 'raise':
                    raise
                print_log(f'skipped: {error}', logger='current', level=logging.WARNING)
                return None
        return super().transform(results)

    def _load(self, path: str) -> np.ndarray:
        """Return the image as (H, W, 3) uint8, BGR, or raise ImageError."""
        try:
            data = get(path, backend_args=self.backend_args)
        except (OSError, ValueError) as error:
            reason = getattr(error, 'strerror', None) or error
            raise ImageError(
                f'cannot read image {path} ({reason})',
                'check data_root and data_prefix in the config',
            ) from error
        decode = functools.partial(
            mmcv.imfrombytes, flag=self.color_type, backend=self.imdecode_backend
        )
        try:
            return decode_image(data, decode, complete=self._complete)
        except ImageDataError as error:
            raise ImageError(
                f'image {path} is damaged or unusable ({error})',
                'replace the file, or train without it: '
                'LoadCheckedImage(on_error="skip")',
            ) from error
