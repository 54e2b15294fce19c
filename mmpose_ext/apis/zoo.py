"""Models by name: those of this project's papers and of MMPose's zoo."""

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from mmengine.config import Config
from mmengine.infer import BaseInferencer

from ..compat.model_index import aliases_of, index_folder, own_models
from ..compat.shipped_weights import WEIGHTS
from ..utils.config import load_config
from ..utils.errors import UserError

SHIPPED = (
    'small weights that come with mmpose_ext, trained on drawn figures alone: for '
    'trying things out, not for photographs'
)


@dataclass(frozen=True)
class ZooModel:
    """A model with its config and weights.

    Attributes:
        config (Config): Its config.
        weights (str, optional): A file or a URL; None if there are none.
        about (str): Which weights these are, in words.
    """

    config: Config
    weights: str | None
    about: str


def find_model(
    name: str | os.PathLike, weights: str | os.PathLike | None = None
) -> ZooModel:
    """Find a model and its weights.

    Args:
        name (str | os.PathLike): The name of a paper (``sdhrnet``); a config's path;
            a name such as ``mmpose::body_2d_keypoint/.../x.py``; or a name or alias
            of MMPose's zoo (``human``, ``rtmo``, ``td-hm_hrnet-w32_...``).
        weights (str | os.PathLike, optional): Other weights than those that belong to
            the name.

    Returns:
        ZooModel: The model.

    Raises:
        UserError: If there is no such model; similar names are listed.

    Example:
        >>> find_model('ca_hrnet').config.model.backbone.type
        'CAHRNet'
        >>> find_model('ca_hrnt')
        Traceback (most recent call last):
        mmpose_ext.utils.errors.UserError: no model ca_hrnt; similar: ca_hrnet...
    """
    text = os.fspath(name)
    if text.startswith('mmpose_ext::'):
        # MMEngine looks for an editable install in the wrong place.
        text = str(index_folder() / 'configs' / text.partition('::')[2])
    if text.endswith('.py') or '::' in text:
        config = load_config(text)
        entry = _entry_of_config(text) or {}
    else:
        found = _entry_by_name(text)
        if found is None:
            raise UserError(
                f'no model {text}{_similar(text)}',
                'give the name of a paper, a config, or a name of the zoo of MMPose',
            )
        entry = found
        config = load_config(entry['Config'])
    if weights is not None:
        return ZooModel(config, os.fspath(weights), f'weights {weights}')
    own = entry.get('Weights')
    own = own[0] if isinstance(own, list) else own
    if own is None:
        return ZooModel(config, None, 'no weights')
    shipped = WEIGHTS in Path(own).parents
    return ZooModel(config, own, SHIPPED if shipped else f'weights {own}')


def names_of(entry: dict[str, Any]) -> list[str]:
    """Return the name of a metafile's entry and its aliases."""
    return [entry['Name'], *aliases_of(entry)]


def _entry_by_name(name: str) -> dict[str, Any] | None:
    """Return the entry of a name, this project's before MMPose's."""
    wanted = name.lower()
    return next(
        (e for e in _all_entries() if wanted in [n.lower() for n in names_of(e)]), None
    )


def _all_entries() -> Iterator[dict[str, Any]]:
    """Yield this project's entries, then MMPose's, with absolute paths."""
    folder = Path(BaseInferencer._get_repo_or_mim_dir('mmpose'))
    # This project's come first in it, see compat.model_index.
    for entry in BaseInferencer._get_models_from_metafile(str(folder)):
        # A path that is absolute already stays as it is.
        yield {**entry, 'Config': str(folder / entry['Config'])}


def _entry_of_config(name: str) -> dict[str, Any] | None:
    """Return the metafile's entry of a config, searched in the config's folder."""
    package, _, inner = name.rpartition('::')
    if package == 'mmpose':
        root = Path(BaseInferencer._get_repo_or_mim_dir('mmpose'))
        path = root / 'configs' / inner
    else:
        path = Path(name).resolve()
    for entry in own_models():
        if Path(entry['Config']).resolve() == path.resolve():
            return entry
    for metafile in sorted(path.parent.glob('*.yml')):
        content = yaml.safe_load(metafile.read_text('utf-8')) or {}
        for entry in content.get('Models', []):
            if Path(entry.get('Config', '')).name == path.name:
                return entry
    return None


def _similar(name: str) -> str:
    known = [alias for entry in _all_entries() for alias in names_of(entry)]
    close = difflib.get_close_matches(name, known, n=3)
    return f'; similar: {", ".join(close)}' if close else ''
