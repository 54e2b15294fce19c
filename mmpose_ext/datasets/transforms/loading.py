"""Image loading that notices a damaged file.

OpenCV fills what is missing of a truncated JPEG with grey and says nothing, so
a network would train on half a picture. MMPose's ``LoadImage`` passes that on,
and turns an undecodable file into "'NoneType' object has no attribute shape".
"""

import io
import logging

import mmcv
import numpy as np
from mmengine.fileio import get
from mmengine.logging import print_log
from mmpose.datasets.transforms import LoadImage
from mmpose.registry import TRANSFORMS
from PIL import Image

from ...utils.errors import ConfigError, UserError

ON_ERROR = ('raise', 'skip')


class ImageError(UserError):
    """An image that is missing, unreadable or truncated."""


def check_complete(data: bytes) -> None:
    """Raise if encoded image data end too early.

    A JPEG that closes with its end marker, or a PNG with its end chunk, is
    taken as complete; anything else is decoded by Pillow, which reports missing
    data. So the check costs nothing for ordinary files.

    Args:
        data (bytes): The file's content.

    Raises:
        OSError: If the data are truncated or no image.
    """
    if data.endswith((b'\xff\xd9', b'IEND\xaeB`\x82')):
        return
    with Image.open(io.BytesIO(data)) as image:
        image.load()


@TRANSFORMS.register_module()
class LoadCheckedImage(LoadImage):
    """MMPose's ``LoadImage`` with an error that names the damaged file.

    Keys and results are those of :class:`~mmpose.datasets.LoadImage`; an image
    that is already in ``results['img']`` is passed on.

    Args:
        on_error (str): ``'raise'`` stops with one line that names the file;
            ``'skip'`` logs that line and returns None, upon which MMEngine's
            data sets draw another sample in training, and stop in testing, where
            a skipped sample would change the score. Default: ``'raise'``.
        **kwargs: As :class:`~mmpose.datasets.LoadImage`.

    Raises:
        ValueError: If ``on_error`` is neither.
        ImageError: If the file is missing, truncated or no image.
    """

    def __init__(self, on_error: str = 'raise', **kwargs) -> None:
        if on_error not in ON_ERROR:
            raise ConfigError(
                f'LoadCheckedImage: on_error={on_error!r} must be one of '
                f'{", ".join(map(repr, ON_ERROR))}'
            )
        super().__init__(**kwargs)
        self.on_error = on_error

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
        mend = 'fetch it again, or train without it: LoadCheckedImage(on_error="skip")'
        try:
            data = get(path, backend_args=self.backend_args)
        except (OSError, ValueError) as error:
            reason = getattr(error, 'strerror', None) or error
            raise ImageError(
                f'cannot read image {path} ({reason})',
                'check data_root and data_prefix in the config',
            ) from error
        try:
            check_complete(data)
        except (OSError, SyntaxError, ValueError) as error:
            raise ImageError(f'image {path} is damaged ({error})', mend) from error
        image = mmcv.imfrombytes(
            data, flag=self.color_type, backend=self.imdecode_backend
        )
        if image is None:
            raise ImageError(f'image {path} cannot be decoded', mend)
        return image
