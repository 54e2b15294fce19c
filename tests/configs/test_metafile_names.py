"""The papers' folders are complete, and every file that they name is there."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / 'configs'
METAFILES = sorted(CONFIGS.rglob('metafile.yml'))


def name_of(path):
    return str(path.relative_to(CONFIGS))


def test_the_index_imports_every_metafile():
    imported = yaml.safe_load((ROOT / 'model-index.yml').read_text())['Import']
    found = [str(path.relative_to(ROOT)) for path in METAFILES]
    absent, extra = set(found) - set(imported), set(imported) - set(found)
    assert not absent, f'add to `Import` of model-index.yml: {sorted(absent)}'
    assert not extra, (
        f'model-index.yml imports, but these do not exist: {sorted(extra)}'
    )


@pytest.mark.parametrize(
    'folder',
    # A folder with tables alone is a board of other folders' configs.
    sorted(
        path
        for path in CONFIGS.iterdir()
        if path.name[0] != '_' and any(path.rglob('*.py'))
    ),
    ids=name_of,
)
def test_every_paper_has_a_metafile_and_a_page(folder):
    absent = [
        name for name in ('metafile.yml', 'README.md') if not (folder / name).is_file()
    ]
    assert not absent, f'add to configs/{folder.name}: {", ".join(absent)}'


def files_named_in(value, where=''):
    """Yield (place, path) of each file of this project that a metafile names."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from files_named_in(item, f'{where}.{key}' if where else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from files_named_in(item, f'{where}[{index}]')
    elif isinstance(value, str) and '://' not in value:
        named = where.rsplit('.', 1)[-1] in ('Config', 'README')
        if named or re.search(r'^\S+/\S+\.(py|md|yml|csv|png|jpe?g|svg|gif)$', value):
            yield where, value


def broken_entries(metafile, root=ROOT):
    """One line for each name of a metafile that does not hold."""
    content = yaml.safe_load(metafile.read_text())
    name = metafile.relative_to(root)
    lines = [
        f'{name}, {where}: there is no file {path}; correct it, or add the file'
        for where, path in files_named_in(content)
        if not (root / path).is_file()
    ]
    for model in content.get('Models', []):
        stem = Path(model['Config']).stem
        if model['Name'] != stem:
            lines.append(f'{name}: the model {model["Name"]} must be called {stem}')
        if 'Weights' not in model:
            lines.append(f'{name}: {stem} needs `Weights:` (null), or mim refuses it')
    return lines


@pytest.mark.parametrize('path', METAFILES, ids=name_of)
def test_everything_that_a_metafile_names_is_there(path):
    lines = broken_entries(path)
    assert not lines, '\n'.join(lines)


def test_a_wrong_name_in_a_metafile_is_said_with_its_place(tmp_path):
    metafile = tmp_path / 'metafile.yml'
    metafile.write_text(
        """
        Collections:
        - README: configs/toy/READNE.md
          Image: docs/images/toy.png
          Paper: {URL: https://example.org/a.png}
        Models:
        - Name: toy
          Config: configs/toy/toy.py
        """
    )
    lines = broken_entries(metafile, tmp_path)
    assert [line.split(';')[0] for line in lines] == [
        'metafile.yml, Collections[0].README: there is no file configs/toy/READNE.md',
        'metafile.yml, Collections[0].Image: there is no file docs/images/toy.png',
        'metafile.yml, Models[0].Config: there is no file configs/toy/toy.py',
        'metafile.yml: toy needs `Weights:` (null), or mim refuses it',
    ]
