"""Preparation of the OpenMMLab stack for current packages, without changing its files.

``requirements`` checks versions, ``mmcv_ops`` stands in for compiled ops that
mmcv-lite lacks and ``xtcoco_modules`` for an xtcocotools that is not installed,
``checkpoint`` loads checkpoints without executing code, ``matching`` refuses those of
other networks, ``weight_cache`` downloads them, ``shipped_weights`` finds those that
come with the package, ``model_index`` makes this project's names known to inferencers,
and ``excepthook`` prints errors that a user can fix as one line.
Importing :mod:`mmpose_ext` calls :func:`setup`; calling it again changes nothing.
"""

import warnings

from .excepthook import install_excepthook
from .requirements import DependencyError, check_requirements

__all__ = ['DependencyError', 'check_requirements', 'setup']


def setup() -> None:
    """Check the installed packages and prepare them; safe to call twice.

    Raises:
        DependencyError: If a package is missing or outside its supported range.
    """
    install_excepthook()
    check_requirements()
    # MMEngine imports pkg_resources when it looks for a package's configs, and that
    # announces its own end.
    warnings.filterwarnings('ignore', 'pkg_resources is deprecated')
    # Only now: these import mmengine and torch.
    from .checkpoint import install_checkpoint_loaders
    from .mmcv_ops import install_mmcv_ops
    from .shipped_weights import install_shipped_weights
    from .xtcoco_modules import install_xtcocotools

    install_mmcv_ops()
    install_xtcocotools()
    install_checkpoint_loaders()
    install_shipped_weights()
    # They import mmpose.models, which needs mmcv's ops.
    from .matching import install_weight_check
    from .model_index import install_model_index

    install_weight_check()
    install_model_index()
