"""Damaged annotations and results end the tool in one line, never in a traceback."""

import copy
import json
import random

import pytest

TOOL = 'analysis/coco_curves.py'
VALUES = (
    *(None, True, -1, 0, 2.5, 1e308, 10**400, float('nan'), float('inf')),
    *('', 'x', '1', [], {}, [[]], [None], [1], ['x'], {'a': 1}, [1, 2, 3, 4]),
)


def valid():
    """An annotation of two people in two images, and results that fit."""
    keypoints = [value for k in range(17) for value in (10 + 5 * k, 20 + 3 * k, 2)]
    person = dict(
        category_id=1,
        iscrowd=0,
        bbox=[8, 18, 90, 60],
        area=2000.0,
        keypoints=keypoints,
        num_keypoints=17,
    )
    truth = dict(
        images=[
            dict(id=i, width=120, height=100, file_name=f'{i}.jpg') for i in (1, 2)
        ],
        annotations=[dict(person, id=i, image_id=i) for i in (1, 2)],
        categories=[dict(id=1, name='person')],
    )
    results = [
        dict(image_id=i, category_id=1, keypoints=keypoints, score=0.9) for i in (1, 2)
    ]
    return truth, results


def places(content, path=()):
    """Every place in a document: (path of keys)."""
    if path:
        yield path
    items = content.items() if isinstance(content, dict) else ()
    if isinstance(content, list):
        items = list(enumerate(content))[:2]
    for key, value in items:
        yield from places(value, (*path, key))


def mutants():
    """(name, truth, results) with one value replaced or removed."""
    truth, results = valid()
    documents = dict(truth=truth, results=results)
    for name, document in documents.items():
        for path in places(document):
            for value in (*VALUES, 'REMOVE'):
                changed = copy.deepcopy(documents)
                parent = changed[name]
                for key in path[:-1]:
                    parent = parent[key]
                if value == 'REMOVE':
                    del parent[path[-1]]
                else:
                    parent[path[-1]] = value
                yield f'{name}{path}={value!r}'[:80], changed
        for value in VALUES:
            yield f'{name}={value!r}'[:80], {**documents, name: value}


def write(folder, documents):
    files = [folder / f'{name}.json' for name in ('truth', 'results')]
    for file, content in zip(files, documents.values(), strict=True):
        file.write_text(json.dumps(content))
    return files


def test_the_unchanged_files_are_scored(run_tool, capsys, tmp_path):
    truth, results = valid()
    files = write(tmp_path, dict(truth=truth, results=results))
    assert run_tool(TOOL, *files, '--total-only') == 0
    assert 'AP               100.0' in capsys.readouterr().out


def test_mutated_values(run_tool, capsys, tmp_path):
    chosen = random.Random(0).sample(sorted(mutants(), key=str), 150)
    refused = 0
    for name, documents in chosen:
        status = run_tool(TOOL, *write(tmp_path, documents), '--total-only')
        error = capsys.readouterr().err
        assert status in (0, 2), name
        if status == 2:
            refused += 1
            assert error.count('\n') == 1, f'{name}: {error}'
            assert error.startswith('error: '), f'{name}: {error}'
    assert refused > 50


@pytest.mark.parametrize('which', ['truth', 'results'])
@pytest.mark.parametrize(
    'content', [b'', b'{', b'\x00\xff', b'[1, 2', b'<html>', b'[' * 5000]
)
def test_what_is_not_json(run_tool, capsys, tmp_path, which, content):
    truth, results = valid()
    files = write(tmp_path, dict(truth=truth, results=results))
    (tmp_path / f'{which}.json').write_bytes(content)
    assert run_tool(TOOL, *files) == 2
    error = capsys.readouterr().err
    assert error.count('\n') == 1
    assert f'{which}.json' in error


def test_categories_that_do_not_fit(run_tool, capsys, tmp_path):
    truth, results = valid()
    for result in results:
        result['category_id'] = 7
    files = write(tmp_path, dict(truth=truth, results=results))
    assert run_tool(TOOL, *files) == 2
    assert 'has the categories [7], but the people ' in capsys.readouterr().err
    for result in results:
        del result['category_id']
    files = write(tmp_path, dict(truth=truth, results=results))
    assert run_tool(TOOL, *files, '--total-only') == 0
    assert 'AP               100.0' in capsys.readouterr().out
