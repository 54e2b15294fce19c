"""Imports inside the package: downwards only, relative, and few of them at start."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / 'mmpose_ext'

# A module may import those of lower layers and of its own entry; entries of one layer
# do not know each other. The longest prefix counts. A package's own __init__ may import
# anything below it.
LAYERS = (
    ('version', 'utils'),
    ('compat', 'registry', 'figures', 'datasets.formats'),
    ('datasets.metainfo', 'datasets.conventions', 'datasets.jpeg_scans'),
    ('datasets.image_decoding', 'datasets.mappings', 'checkpoints', 'codecs'),
    ('datasets.body', 'datasets.transforms', 'models', 'engine'),
    ('datasets.doctor',),
    ('datasets.converters',),
    ('datasets.synthetic',),
    ('datasets',),
    ('evaluation',),
    ('apis',),
    ('analysis', 'visualization', 'testing', 'video'),
    ('leaderboard', 'export'),
)
RANKS = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def module_name(path: Path) -> str:
    """Dotted name within the package; empty for its __init__."""
    parts = path.relative_to(PACKAGE).with_suffix('').parts
    return '.'.join(parts[:-1] if parts[-1] == '__init__' else parts)


MODULES = {
    module_name(path): path
    for path in sorted(PACKAGE.rglob('*.py'))
    if '.mim' not in path.parts
}


def absolute(node: ast.ImportFrom, name: str) -> str:
    """What a relative import names, within the package."""
    parts = name.split('.') if name else []
    if MODULES[name].stem != '__init__':
        parts = parts[:-1]
    parts = parts[: len(parts) - node.level + 1]
    return '.'.join([*parts, *filter(None, [node.module])])


def nodes(tree: ast.AST, everywhere: bool) -> Iterator[ast.AST]:
    """Statements of a module; without those of functions unless ``everywhere``."""
    for child in ast.iter_child_nodes(tree):
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if everywhere or not inside:
            yield child
            yield from nodes(child, everywhere)


@cache
def inner_imports(name: str, everywhere: bool = True) -> frozenset[str]:
    """Modules of the package that a module imports."""
    found = set()
    for node in nodes(ast.parse(MODULES[name].read_text()), everywhere):
        if isinstance(node, ast.ImportFrom) and node.level:
            target = absolute(node, name)
            for alias in node.names:
                inner = f'{target}.{alias.name}'.strip('.')
                found.add(inner if inner in MODULES else target)
    return frozenset(found)


def outer_imports(name: str) -> set[str]:
    """Packages outside that a module imports, and mmpose_ext if by its name."""
    found = set()
    for node in nodes(ast.parse(MODULES[name].read_text()), True):
        if isinstance(node, ast.Import):
            found |= {alias.name.split('.')[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).split('.')[0])
    return found


def entry(name: str) -> str:
    """The longest prefix of a module in LAYERS."""
    parts = name.split('.')
    prefixes = ('.'.join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in RANKS), '')


def upward_imports(name: str) -> list[str]:
    """What is wrong with a module's imports, a line each."""
    own = entry(name)
    if not own:
        return [f'{name}: give its package a place in LAYERS']
    return [
        f'{name} imports {target}'
        for target in sorted(inner_imports(name))
        if entry(target) != own
        and not target.startswith(f'{name}.')
        and RANKS.get(entry(target), len(LAYERS)) >= RANKS[own]
    ]


def test_no_import_runs_upwards():
    assert [line for name in MODULES if name for line in upward_imports(name)] == []


def test_imports_inside_the_package_are_relative():
    assert [name for name in MODULES if 'mmpose_ext' in outer_imports(name)] == []


def test_the_renderer_stands_alone():
    allowed = {'cv2', 'numpy', *sys.stdlib_module_names}
    renderer = [name for name in MODULES if entry(name) == 'figures']
    assert len(renderer) > 15
    for name in renderer:
        assert outer_imports(name) <= allowed, name
        assert {entry(target) for target in inner_imports(name)} <= {
            'figures',
            'utils',
        }, name


def loaded_at_start() -> set[str]:
    """Modules that ``import mmpose_ext`` runs: its imports, theirs, and so on."""
    found: set[str] = set()
    waiting = ['']
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for target in inner_imports(name, everywhere=False):
            parts = target.split('.')
            # Importing a module runs the __init__ of every package above it.
            waiting += ['.'.join(parts[:n]) for n in range(1, len(parts) + 1)]
    return found


def test_registration_loads_no_converters_and_no_tools():
    found = loaded_at_start()
    assert 'datasets.synthetic.dataset' in found
    assert 'evaluation.metrics.mpii_submission_metric' in found
    for package in (
        'datasets.converters',
        'datasets.doctor',
        'datasets.synthetic.layouts',
        'analysis',
        'visualization',
        'testing',
    ):
        odd = sorted(name for name in found if name.startswith(package))
        assert not odd, f'import mmpose_ext loads {odd}'
