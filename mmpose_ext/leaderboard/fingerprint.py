"""Identity of a run: its config, code, environment and data."""

import hashlib
import json
import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import BaseDataset

from ..version import __version__

PACKAGES = ('torch', 'torchvision', 'numpy', 'mmengine', 'mmcv-lite', 'mmdet', 'mmpose')
#: How many images of a data set are hashed.
IMAGES = 16
#: Settings of where files are and how a run is started; results do not depend on them.
_MACHINE = frozenset(
    {
        *('work_dir', 'resume', 'launcher', 'model_wrapper_cfg', 'outfile_prefix'),
        *('data_root', 'ann_file', 'bbox_file', 'data_prefix', 'headbox_file'),
        *('num_workers', 'persistent_workers', 'env_cfg', 'log_level', 'visualizer'),
    }
)


def plain(value: Any) -> Any:
    """Return a config's value in types of JSON, without what depends on the machine."""
    if isinstance(value, dict):
        return {
            str(key): plain(value[key])
            for key in sorted(value, key=str)
            if key not in _MACHINE and key != '_scope_'
        }
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return getattr(value, '__name__', repr(value))


def config_hash(config: Config) -> str:
    """Return the SHA-256 of a resolved config, independent of order and folders.

    >>> first = config_hash(Config(dict(a=1, b=2, work_dir='here')))
    >>> first == config_hash(Config(dict(b=2, a=1, work_dir='there')))
    True
    >>> first == config_hash(Config(dict(a=1, b=3)))
    False

    Args:
        config (Config): The config.
    """
    return digest(plain(config.to_dict()))


def digest(data: Any) -> str:
    """Return the SHA-256 of data in types of JSON.

    Args:
        data: The data; the order of keys does not count.
    """
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def code_version() -> str:
    """Return the version of this package, with the commit where there is one.

    A work tree that differs from its commit has ``+`` at the end.
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / '.git').exists():
        return __version__
    try:
        commit = _git(root, 'rev-parse', '--short=12', 'HEAD')
        changed = _git(root, 'status', '--porcelain', '--', 'mmpose_ext', 'configs')
    except (OSError, subprocess.CalledProcessError):
        return __version__
    return f'{__version__}-{commit}{"+" if changed else ""}'


def _git(root: Path, *command: str) -> str:
    done = subprocess.run(
        ['git', '-C', str(root), *command], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def environment() -> dict[str, str]:
    """Return versions of what a run depends on, and its device."""
    found = dict(python=platform.python_version(), system=platform.system())
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = 'not installed'
    found['device'] = (
        torch.cuda.get_device_name() if torch.cuda.is_available() else 'CPU'
    )
    found['threads'] = str(torch.get_num_threads())
    return found


def data_fingerprint(dataset: BaseDataset) -> dict[str, Any]:
    """Identify a data set: hash of its annotations, count, and a sample of images.

    Args:
        dataset (BaseDataset): A data set of MMPose.

    Returns:
        dict: ``samples``, ``annotations`` (SHA-256 of the file; None without one) and
        ``images`` (SHA-256 of :data:`IMAGES` images, evenly spread). For packed data,
        the fingerprint of the data set that was packed.
    """
    # Packed data bring it along, also inside a wrapper.
    if packed := getattr(dataset, 'fingerprint', None):
        return packed
    count = len(dataset)
    annotations = getattr(dataset, 'ann_file', '')
    chosen = np.linspace(0, max(count - 1, 0), min(count, IMAGES)).astype(int)
    sample = hashlib.sha256()
    for index in chosen.tolist():
        info = dataset.get_data_info(index)
        image = info.get('img')
        if image is not None:
            sample.update(np.ascontiguousarray(image).tobytes())
        elif os.path.isfile(str(info.get('img_path', ''))):
            sample.update(Path(info['img_path']).read_bytes())
    file = Path(annotations) if annotations else None
    return dict(
        samples=count,
        annotations=hash_file(file) if file and file.is_file() else None,
        images=sample.hexdigest(),
    )


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file.

    Args:
        path (Path): The file.
    """
    found = hashlib.sha256()
    with path.open('rb') as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()
