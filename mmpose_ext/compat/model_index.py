"""Registration of this project's model names with MMPose's inferencers.

``MMPoseInferencer('sdhrnet')`` searches MMPose's own metafiles, by way of
``BaseInferencer._get_models_from_metafile`` of MMEngine, which has no registry to add
to. That one method is wrapped, so that it yields this project's entries first, with
paths that are valid in a wheel, an editable install and a source tree. Nothing else
changes: MMPose's names keep their meaning.
"""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from mmengine.infer import BaseInferencer

from .shipped_weights import find_shipped

PACKAGE = Path(__file__).resolve().parents[1]
# libyaml's reader is several times as fast, but not in every build of PyYAML.
_Loader: Any = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)


def index_folder() -> Path:
    """Return the folder that holds ``model-index.yml`` and ``configs``."""
    inside = PACKAGE / '.mim'
    return inside if (inside / 'model-index.yml').exists() else PACKAGE.parent


@functools.cache
def own_models() -> tuple[dict[str, Any], ...]:
    """Return the entries of this project's metafiles, with absolute paths.

    ``Weights`` may be null, an address, or a path below the folder of the package such
    as ``mmpose_ext/weights/sdhrnet.safetensors``. An entry without weights whose alias
    is the name of a shipped file has that file.
    """
    root = index_folder()
    index = yaml.load((root / 'model-index.yml').read_text('utf-8'), _Loader)
    entries = []
    for name in index['Import']:
        content = yaml.load((root / name).read_text('utf-8'), _Loader)
        for model in content['Models']:
            weights = model.get('Weights')
            if weights and '://' not in weights:
                weights = str(PACKAGE.parent / weights)
            shipped = find_shipped(*aliases_of(model))
            entries.append(
                {
                    **model,
                    'Config': str(root / model['Config']),
                    'Weights': weights or (shipped and str(shipped)),
                }
            )
    return tuple(entries)


def aliases_of(model: dict[str, Any]) -> list[str]:
    """Return the short names of a metafile's entry."""
    alias = model.get('Alias') or []
    return [alias] if isinstance(alias, str) else list(alias)


@functools.cache  # once
def install_model_index() -> None:
    """Let inferencers find this project's models by name."""
    of_metafiles = BaseInferencer._get_models_from_metafile

    def models_from_metafile(folder: str) -> Iterator[dict[str, Any]]:
        own = {str(index_folder()), str(PACKAGE.parent)}
        if Path(folder).parent.name == 'mmpose' or str(folder) in own:
            yield from own_models()
        if str(folder) not in own:
            yield from of_metafiles(folder)

    BaseInferencer._get_models_from_metafile = staticmethod(models_from_metafile)
