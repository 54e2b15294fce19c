"""Five human-pose papers for MMPose.

``custom_imports = dict(imports=['mmpose_ext'])`` in a config, or a plain
``import mmpose_ext``, registers every part in MMPose's registries.
"""

from .compat import setup as _setup
from .version import __version__

_setup()

# After the set-up: mmpose.models needs mmcv's ops, or their stand-in.
from . import codecs, datasets, engine, evaluation, models, registry  # noqa: E402

__all__ = [
    '__version__',
    'codecs',
    'datasets',
    'engine',
    'evaluation',
    'models',
    'registry',
]
