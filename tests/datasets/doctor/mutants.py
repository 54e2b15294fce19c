"""Damaged annotation files: every field with every kind of damage.

A mutant is a name and a function that damages the content of a healthy file, seeded
by its name. ``one`` damages a single record, ``all`` every one.
"""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

NAN, INF = float('nan'), float('inf')

#: What may stand in place of any value.
VALUES: dict[str, Any] = {
    'null': None,
    'text': 'abc',
    'empty text': '',
    'list': [],
    'nested': [[1, 2], {'a': 3}],
    'object': {'x': 1},
    'true': True,
    'zero': 0,
    'negative': -7,
    'fraction': 0.5,
    'nan': NAN,
    'infinite': INF,
    'far': 1e12,
    'overflow': 1e300,
    'huge integer': 10**40,
}
#: What may stand in place of a number in a list.
NUMBERS: dict[str, Any] = {
    name: VALUES[name]
    for name in (
        'null',
        'text',
        'list',
        'object',
        'negative',
        'nan',
        'infinite',
        'far',
        'overflow',
        'huge integer',
    )
}


class Mutant(NamedTuple):
    """A damage.

    Attributes:
        name (str): What is damaged and how; also the seed.
        damage (Callable): Takes the content and returns it damaged.
    """

    name: str
    damage: Callable[[Any], Any]

    def of(self, content: Any) -> Any:
        """The damaged copy of a healthy content."""
        return self.damage(copy.deepcopy(content))


def field_mutants(
    part: str, fields: tuple[str, ...], lists: tuple[str, ...]
) -> Iterator[Mutant]:
    """Each field of the records of a part, with each kind of damage.

    Args:
        part (str): ``images``, ``annotations``, ``categories``, or empty if the
            file itself is the list of records.
        fields (tuple[str, ...]): The fields.
        lists (tuple[str, ...]): Those that are lists of numbers.
    """
    for field in fields:
        for scope in ('one', 'all'):
            title = f'{part or "entries"}.{field} {scope}'
            yield Mutant(f'{title}: missing', _change(part, scope, _drop(field)))
            yield Mutant(f'{title}: as text', _change(part, scope, _texted(field)))
            yield Mutant(f'{title}: of another', _copy_of_first(part, field))
            for name, value in VALUES.items():
                change = _change(part, scope, _set(field, value))
                yield Mutant(f'{title}: {name}', change)
    for field in lists:
        for scope in ('one', 'all'):
            title = f'{part or "entries"}.{field} {scope}'
            for name, edit in _LISTS.items():
                change = _change(part, scope, _edit(field, edit))
                yield Mutant(f'{title}: {name}', change)
            for name, value in NUMBERS.items():
                change = _change(part, scope, _element(field, value, title))
                yield Mutant(f'{title}: an element {name}', change)


_LISTS: dict[str, Callable[[list], Any]] = {
    'one short': lambda v: v[:-1],
    'three short': lambda v: v[:-3],
    'three long': lambda v: [*v, *v[:3]],
    'all zero': lambda v: [0 for _ in v],
    'all negative': lambda v: [-1 - abs(x) if _plain(x) else x for x in v],
    'nested once': lambda v: [v],
    'in rows': lambda v: [v[i : i + 3] for i in range(0, len(v), 3)],
    'as object': lambda v: {str(i): x for i, x in enumerate(v)},
    'numbers as text': lambda v: [str(x) for x in v],
    'a hundredth': lambda v: [x / 200 if _plain(x) else x for x in v],
    'ten times': lambda v: [x * 10 if _plain(x) else x for x in v],
    'reversed': lambda v: v[::-1],
}


def _plain(value: Any) -> bool:
    return isinstance(value, (int, float))


def _records(content: Any, part: str) -> list:
    return content[part] if part else content


def _change(part: str, scope: str, edit: Callable[[dict], None]) -> Callable:
    def damage(content: Any) -> Any:
        records = _records(content, part)
        for record in records if scope == 'all' else records[1:2] or records[:1]:
            edit(record)
        return content

    return damage


def _set(field: str, value: Any) -> Callable[[dict], None]:
    return lambda record: record.__setitem__(field, copy.deepcopy(value))


def _drop(field: str) -> Callable[[dict], None]:
    return lambda record: record.pop(field, None)


def _texted(field: str) -> Callable[[dict], None]:
    return lambda record: record.__setitem__(field, str(record.get(field)))


def _edit(field: str, edit: Callable[[list], Any]) -> Callable[[dict], None]:
    return lambda record: record.__setitem__(field, edit(record[field]))


def _element(field: str, value: Any, seed: str) -> Callable[[dict], None]:
    def edit(record: dict) -> None:
        # The same element wherever and how often it is applied.
        values = record[field]
        index = random.Random(seed + repr(value)).randrange(len(values))
        values[index] = copy.deepcopy(value)

    return edit


def _copy_of_first(part: str, field: str) -> Callable:
    def damage(content: Any) -> Any:
        records = _records(content, part)
        if field in records[0]:
            records[-1][field] = copy.deepcopy(records[0][field])
        return content

    return damage


def record_mutants(part: str) -> Iterator[Mutant]:
    """Whole records and whole lists."""
    for name, value in VALUES.items():

        def replace_one(content: Any, value: Any = value) -> Any:
            _records(content, part)[-1] = copy.deepcopy(value)
            return content

        yield Mutant(f'{part or "entries"}: a record {name}', replace_one)

    def double(content: Any) -> Any:
        records = _records(content, part)
        records.append(copy.deepcopy(records[0]))
        return content

    def lose(content: Any) -> Any:
        del _records(content, part)[0]
        return content

    def empty(content: Any) -> Any:
        del _records(content, part)[:]
        return content

    yield Mutant(f'{part or "entries"}: a record twice', double)
    yield Mutant(f'{part or "entries"}: the first missing', lose)
    yield Mutant(f'{part or "entries"}: none', empty)
    if not part:
        return
    for name, value in VALUES.items():

        def replace_all(content: Any, value: Any = value) -> Any:
            content[part] = copy.deepcopy(value)
            return content

        yield Mutant(f'{part}: {name} instead of the list', replace_all)

    def drop(content: Any) -> Any:
        content.pop(part)
        return content

    yield Mutant(f'{part}: no such list', drop)


def joint_mutants() -> Iterator[Mutant]:
    """Joints of COCO's layout: visibility, place, boxes that do not fit."""

    def people(edit: Callable[[dict], None], scope: str) -> Callable:
        def damage(content: Any) -> Any:
            posed = [a for a in content['annotations'] if any(a['keypoints'])]
            for person in posed if scope == 'all' else posed[1:2]:
                edit(person)
            return content

        return damage

    for name, edit in _PEOPLE.items():
        for scope in ('one', 'all'):
            yield Mutant(f'people {scope}: {name}', people(edit, scope))


def _joint(start: int, *values: Any) -> Callable[[dict], None]:
    """Overwrites numbers of a person's joints."""
    stop = start + len(values)
    return lambda p: p['keypoints'].__setitem__(slice(start, stop), values)


def _scaled(person: dict) -> None:
    joints, box = person['keypoints'], person['bbox']
    joints[0::3] = [x / 96 for x in joints[0::3]]
    joints[1::3] = [y / 128 for y in joints[1::3]]
    person['bbox'] = [box[0] / 96, box[1] / 128, box[2] / 96, box[3] / 128]


def _corners(person: dict) -> None:
    x, y, w, h = person['bbox']
    person['bbox'] = [x, y, x + w, y + h]


def _hidden(person: dict) -> None:
    person['keypoints'][2::3] = [0] * (len(person['keypoints']) // 3)
    person['num_keypoints'] = 0


_PEOPLE: dict[str, Callable[[dict], None]] = {
    **{f'visibility {v!r}': _joint(5, v) for v in (0, 1, 3, 9, -1, 0.5, 1.5, NAN, '2')},
    'nan where not annotated': _joint(3, NAN, NAN, 0),
    'infinite where not annotated': _joint(3, INF, 5, 0),
    'null where not annotated': _joint(3, None, None, 0),
    'at the origin': _joint(3, 0, 0, 2),
    'outside': _joint(3, -3, -3, 2),
    'far outside': _joint(3, 5000, 20, 2),
    'fractions of the image': _scaled,
    'boxes as corners': _corners,
    'box outside': _set('bbox', [200, 200, 10, 10]),
    'box without width': _set('bbox', [5, 5, 0, 10]),
    'box of negative height': _set('bbox', [5, 5, 10, -10]),
    'box in the last pixel': _set('bbox', [95, 5, 30, 30]),
    'crowd': _set('iscrowd', 1),
    'crowd of 2': _set('iscrowd', 2),
    'num_keypoints 0': _set('num_keypoints', 0),
    'nothing annotated': _hidden,
    'id 0': _set('id', 0),
    'area of a pixel': _set('area', 1e-9),
    'huge area': _set('area', 2e10),
}


def category_mutants() -> Iterator[Mutant]:
    """Categories, joints' names and order."""

    def names(edit: Callable[[list], list]) -> Callable:
        def damage(content: Any) -> Any:
            for category in content['categories']:
                category['keypoints'] = edit(category['keypoints'])
            return content

        return damage

    yield Mutant('names reversed', names(lambda v: v[::-1]))
    yield Mutant('names of other joints', names(lambda v: [f'{n}_b' for n in v]))
    yield Mutant('names in capitals', names(lambda v: [n.upper() for n in v]))
    yield Mutant('names of one more joint', names(lambda v: [*v, 'tail']))
    yield Mutant('names with line breaks', names(lambda v: [f'{n}\n\ud800' for n in v]))

    def renumbered(content: Any) -> Any:
        content['categories'][0]['id'] = 7
        for person in content['annotations']:
            person['category_id'] = 7
        return content

    def split(content: Any) -> Any:
        content['categories'].append(dict(content['categories'][0], id=2))
        content['annotations'][0]['category_id'] = 2
        return content

    def unknown(content: Any) -> Any:
        content['annotations'][0]['category_id'] = 9
        return content

    yield Mutant('category 7', renumbered)
    yield Mutant('two categories of people', split)
    yield Mutant('a person of an unlisted category', unknown)


def coco_mutants() -> list[Mutant]:
    """All mutants of a file of COCO's layout."""
    people = (
        'id',
        'image_id',
        'category_id',
        'bbox',
        'keypoints',
        'num_keypoints',
        'iscrowd',
        'area',
        'segmentation',
    )
    return [
        *field_mutants('images', ('id', 'file_name', 'width', 'height'), ()),
        *field_mutants('annotations', people, ('bbox', 'keypoints')),
        *field_mutants('categories', ('id', 'name', 'keypoints', 'skeleton'), ()),
        *record_mutants('images'),
        *record_mutants('annotations'),
        *record_mutants('categories'),
        *joint_mutants(),
        *category_mutants(),
    ]


def mpii_mutants() -> list[Mutant]:
    """All mutants of a file of MPII's layout."""
    fields = ('image', 'center', 'scale', 'joints', 'joints_vis')
    return [
        *field_mutants('', fields, ('center', 'joints', 'joints_vis')),
        *record_mutants(''),
    ]


def ntu_mutants() -> list[Mutant]:
    """Mutants of the field that NTU's files have beyond COCO's."""
    return [*field_mutants('annotations', ('head_size',), ())]
