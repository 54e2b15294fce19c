"""The names of the weights of the published models, written in short.

``python tests/state_names.py`` writes tests/models/names/<paper>.txt anew, and a digest
of the names of each ablation, baseline and small model. A renamed part makes every
published checkpoint useless; whoever renames on purpose writes these files anew and
converts the checkpoints.

Parts with the same names inside that differ in their number alone stand in one line:
``layer{2,3}.`` is layer2 and layer3.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS

CONFIGS = Path(__file__).resolve().parents[1] / 'configs'
NAMES = Path(__file__).parent / 'models' / 'names'
DIGESTS = NAMES / 'digests.txt'
PAPERS = sorted(
    path.name
    for path in CONFIGS.iterdir()
    if path.is_dir() and path.name != '_base_' and list(path.glob('*.py'))
)


def tree_of(names):
    """Nested dicts of the parts of dotted names."""
    tree = {}
    for name in names:
        node = tree
        for part in name.split('.'):
            node = node.setdefault(part, {})
    return tree


def numbers(values):
    """Numbers in order, those in a row as first-last."""
    runs = []
    for value in sorted(values):
        if runs and value == runs[-1][1] + 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return ','.join(str(a) if a == b else f'{a}-{b}' for a, b in runs)


def lines_of(tree, depth=0):
    """The lines of a tree; parts that differ in their number alone are one."""
    alike = {}
    for part, inner in tree.items():
        stem, number = re.fullmatch(r'(.*?)(\d*)', part).groups()
        below = tuple(lines_of(inner, depth + 1))
        alike.setdefault((stem, below, bool(number)), []).append(number)
    leaves = []
    for (stem, below, numbered), found in alike.items():
        label = stem
        if numbered:
            label += found[0] if len(found) == 1 else f'{{{numbers(map(int, found))}}}'
        if not below:
            leaves.append(label)
        elif len(below) == 1 and not below[0].strip().endswith(':'):
            yield f'{"  " * depth}{label}.{below[0].strip()}'
        else:
            yield f'{"  " * depth}{label}:'
            yield from below
    if leaves:
        yield '  ' * depth + ' '.join(leaves)


def models_of(paper):
    """The different models of a paper's published configs, by their configs."""
    models = {}
    for path in sorted((CONFIGS / paper).glob('*.py')):
        model = Config.fromfile(str(path)).model.to_dict()
        for part in model.values():
            if isinstance(part, dict):
                part.pop('init_cfg', None)
        key = json.dumps(model, sort_keys=True, default=str)
        models.setdefault(key, (model, []))[1].append(path.stem)
    return models.values()


def text_of(paper):
    """What the file of a paper holds."""
    init_default_scope('mmpose')
    texts = {}
    for config, stems in models_of(paper):
        with torch.device('meta'):
            model = MODELS.build(config)
        lines = '\n'.join(lines_of(tree_of(model.state_dict())))
        texts.setdefault(lines, []).extend(stems)
    return '\n\n'.join(
        '\n'.join([*(f'# {stem}' for stem in stems), lines])
        for lines, stems in texts.items()
    )


def digest_of(network):
    """A digest of the names of a network's weights; their order is of no account."""
    names = '\n'.join(sorted(network.state_dict()))
    return hashlib.sha256(names.encode()).hexdigest()[:12]


def main():
    """Write the files of all papers, and the digests."""
    from test_metafiles import variants

    NAMES.mkdir(exist_ok=True)
    for paper in PAPERS:
        path = NAMES / f'{paper}.txt'
        path.write_text(text_of(paper) + '\n')
        print(path)
    lines = (f'{digest_of(network)} {name}\n' for name, network in variants())
    DIGESTS.write_text(''.join(lines))
    print(DIGESTS)


if __name__ == '__main__':
    import mmpose_ext  # noqa: F401

    sys.exit(main())
