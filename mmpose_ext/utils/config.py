"""Configs as tools take them: a path, or a name inside a package."""

import os
from pathlib import Path

from mmengine.config import Config

from .errors import UserError


def load_config(
    name: str | os.PathLike, options: dict | None = None, imports: bool = True
) -> Config:
    """Load a config from its path, or from a package by ``package::path``.

    Args:
        name (str | os.PathLike): Such as ``configs/.../x.py`` or
            ``mmpose::body_2d_keypoint/.../x.py``.
        options (dict, optional): Settings to override, with dotted keys, as
            ``--cfg-options`` gives them.
        imports (bool): Whether to import the config's ``custom_imports``.
            Default: True.

    Returns:
        Config: The config, with its bases and the options merged.

    Raises:
        UserError: If there is no such config, or it cannot be read.
    """
    text = str(name)
    fix = 'give a path, or a name such as mmpose::body_2d_keypoint/.../x.py'
    try:
        if '::' in text:
            config = Config.fromstring(f'_base_ = [{text!r}]', '.py')
        elif not Path(text).is_file():
            raise UserError(f'no config {text}', fix)
        else:
            config = Config.fromfile(text, import_custom_modules=imports)
    except UserError:
        raise
    except Exception as error:  # a config is a program: anything can go wrong
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(f'cannot read the config {text}: {reason}', fix) from error
    if options:
        config.merge_from_dict(options)
    return config
