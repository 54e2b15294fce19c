"""Compare what the configs of two states of this project resolve to.

    python tools/misc/compare_configs.py HEAD~1        # a revision and the work tree
    python tools/misc/compare_configs.py ../old ../new # two folders

Every config below `configs/` (except `_base_`) is read with all of its bases. Values
that MMEngine, MMPose or a tool of this project reads must be equal; the order within a
dict and MMEngine's `_scope_` are ignored. Differences that several configs share are
printed once. Helper variables that nothing reads, such as `train_pipeline`, are listed
by name only. The exit status is 1 if anything else differs.
"""

import argparse
import inspect
import io
import shutil
import subprocess
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mmengine.runner import Runner
from tqdm import tqdm

import mmpose_ext  # noqa: F401  (`mmpose::` bases need the plugin's stand-ins)
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.config import load_config

# The keys of a config that are read: the arguments of MMEngine's Runner, those for
# `Config.fromfile` and MMPose's scripts and inferencers, and `codec`, for our tools.
READ = frozenset(
    (
        *inspect.signature(Runner.__init__).parameters,
        *('custom_imports', 'data_mode', 'dataset_type', 'sync_bn', 'compile'),
        *('model_wrapper_cfg', 'preprocess_cfg', 'resource_limit', 'codec'),
        *('tta_model', 'tta_pipeline'),
    )
)
MISSING = '(not set)'


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('old', help='a folder that holds configs/, or a git revision')
    parser.add_argument(
        'new', nargs='?', default='.', help='the same, for the new state (%(default)s)'
    )
    return parser.parse_args()


def tree_of(name: str, scratch: Path) -> Path:
    """Return the folder of a state, unpacking a git revision into `scratch`."""
    if (Path(name) / 'configs').is_dir():
        return Path(name)
    command = ['git', 'archive', '--format=tar', name, 'configs']
    done = subprocess.run(command, capture_output=True) if shutil.which('git') else None
    if done is None or done.returncode:
        raise UserError(
            f'{name} is neither a folder with configs/ nor a git revision',
            'give one of the two',
        )
    scratch.mkdir()
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(scratch, filter='data')
    return scratch


def read_tree(root: Path) -> dict[str, dict[str, Any]]:
    """Resolve every config of a tree, by its path below `configs/`."""
    folder = root / 'configs'
    paths = sorted(p for p in folder.rglob('*.py') if '_base_' not in p.parts)
    return {
        str(path.relative_to(folder)): load_config(path, imports=False).to_dict()
        for path in tqdm(paths, desc=str(root), disable=None)
    }


def flatten(value: Any, path: str = '') -> Iterator[tuple[str, Any]]:
    """Yield (dotted path, value) of everything that is not a non-empty container."""
    if isinstance(value, dict) and set(value) - {'_scope_'}:
        for key in value.keys() - {'_scope_'}:
            yield from flatten(value[key], f'{path}.{key}' if path else key)
    elif isinstance(value, (list, tuple)) and any(isinstance(v, dict) for v in value):
        for index, item in enumerate(value):
            yield from flatten(item, f'{path}[{index}]')
    else:
        yield path, value


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    """List (path, old, new) of the values that differ, types included."""
    before, after = dict(flatten(old)), dict(flatten(new))
    return [
        (path, shown(before, path), shown(after, path))
        for path in sorted(before.keys() | after.keys())
        if shown(before, path) != shown(after, path)
    ]


def shown(values: dict[str, Any], path: str) -> str:
    """Format a value so that equal values of equal type look the same."""
    return repr(values[path]) if path in values else MISSING


def only(config: dict[str, Any], read: bool) -> dict[str, Any]:
    """Keep the keys that something reads, or the others."""
    return {key: value for key, value in config.items() if (key in READ) == read}


def main() -> None:
    """Compare and report."""
    args = parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        old, new = (
            read_tree(tree_of(name, Path(scratch, side)))
            for name, side in ((args.old, 'old'), (args.new, 'new'))
        )
    shared = sorted(old.keys() & new.keys())
    for name in sorted(old.keys() ^ new.keys()):
        print(f'{"removed" if name in old else "added"}: {name}')
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    helpers: set[str] = set()
    for name in shared:
        for difference in differences(only(old[name], True), only(new[name], True)):
            found[difference].append(name)
        pair = only(old[name], False), only(new[name], False)
        helpers |= {path.split('.')[0].split('[')[0] for path, *_ in differences(*pair)}
    for (path, before, after), names in sorted(found.items()):
        print(f'{path}: {before} -> {after}')
        print(
            '    ' + (f'{len(names)} configs' if len(names) > 8 else ', '.join(names))
        )
    print(f'helper variables that differ: {", ".join(sorted(helpers)) or "none"}')
    different = {name for names in found.values() for name in names}
    print(f'{len(shared)} configs compared, {len(different)} differ')
    if different or old.keys() != new.keys():
        raise SystemExit(1)


if __name__ == '__main__':
    run_cli(main)
