"""Odd files that loaders read in their own way: the doctor agrees with them."""

import copy
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from bench import Bench, configs_read_once
from mutants import Mutant

from mmpose_ext.datasets.doctor.annotations import _check_repeated
from mmpose_ext.datasets.doctor.findings import LEVELS, Diagnosis


def person(index: int | None, **values: Any) -> Callable[[dict], None]:
    """Set fields of one annotation, or of all."""

    def edit(content: dict) -> None:
        people = content['annotations']
        for entry in people if index is None else [people[index]]:
            entry.update(copy.deepcopy(values))

    return edit


def joints(index: int, *values: float) -> Callable[[dict], None]:
    """Overwrite the first numbers of an annotation's joints."""

    def edit(content: dict) -> None:
        content['annotations'][index]['keypoints'][: len(values)] = values

    return edit


def add(part: str, index: int, place: int = -1, **values: Any) -> Callable:
    """Add a changed copy of a record, at the end (-1) or at the start (0)."""

    def edit(content: dict) -> None:
        records = content[part]
        copied = {**copy.deepcopy(records[index]), **values}
        records.insert(len(records) if place else 0, copied)

    return edit


def both(*edits: Callable[[dict], None]) -> Callable[[dict], None]:
    """Several changes."""

    def edit(content: dict) -> None:
        for change in edits:
            change(content)

    return edit


POLYGON = [[10, 10, 20, 10, 20, 20]]
CROWD, NOBODY = 5, 4
# What, layout, change, the doctor's check and its level.
CASES = {
    'person twice': ('coco', add('annotations', 0, id=77), 'repeated_people', 'fatal'),
    'person twice, unsuppressed': (
        'one-stage', add('annotations', 0, id=77), 'repeated_people', 'warning'),
    'person twice, no AP': (
        'lsp', add('annotations', 0, id=77), 'repeated_people', 'warning'),
    'thin box': ('coco', person(0, bbox=[5, 5, 1e-7, 50]), 'empty_boxes', 'fatal'),
    'thin in the image': (
        'coco', person(0, bbox=[-40, 5, 40.0000001, 50]), 'empty_boxes', ''),
    'outline text': ('coco', person(0, segmentation='abc'), 'segmentations', 'warning'),
    'outline number': ('coco', person(0, segmentation=7), 'segmentations', 'warning'),
    'outline odd': (
        'coco', person(0, segmentation=[[1] * 7]), 'segmentations', 'warning'),
    'outline nan': (
        'coco', person(0, segmentation=[[float('nan')] * 8]),
        'segmentations', 'warning'),
    'outline counts': (
        'coco', person(0, segmentation=dict(size=[128, 96], counts=[-5, 3])),
        'segmentations', 'warning'),
    'outlines empty': ('coco', person(None, segmentation=[]), 'segmentations', ''),
    'outlines': ('one-stage', person(None, segmentation=POLYGON), 'segmentations', ''),
    'outline of a list and a number': (
        'one-stage', person(CROWD, segmentation=7), 'segmentations', 'fatal'),
    'outline of a list and null': (
        'one-stage', person(CROWD, segmentation=None), 'segmentations', 'fatal'),
    'outline of a list and none': (
        'one-stage', lambda c: c['annotations'][CROWD].pop('segmentation'),
        'segmentations', 'fatal'),
    'category twice': (
        'coco', add('categories', 0), 'repeated_categories', 'warning'),
    'category twice, the first of other joints': (
        'coco', add('categories', 0, 0, keypoints=['nose', 'tail']),
        'repeated_categories', 'warning'),
    'unused category before, of other joints': (
        'coco', add('categories', 0, 0, id=2, keypoints=['nose', 'tail']),
        'joint_number', ''),
    'unused category of joints': (
        'coco', both(lambda c: c['categories'][0].pop('keypoints'),
                     add('categories', 0, 0, id=2, keypoints=['nose', 'tail'])),
        'joint_number', ''),
    'image twice': ('coco', add('images', 0), 'repeated_images', 'warning'),
    'crowd at the origin': (
        'coco', joints(CROWD, 0, 0, 2), 'nonpositive_joints', 'warning'),
    'crowd of a wrong visibility': (
        'coco', joints(CROWD, 5, 5, 4), 'visibilities', 'warning'),
    'nobody of a wrong visibility': (
        'coco', joints(NOBODY, 5, 5, -1), 'visibilities', 'warning'),
    'one-stage, at the origin': (
        'one-stage', joints(NOBODY, 0, 0, 2), 'nonpositive_joints', 'warning'),
    'one-stage, number of joints as text': (
        'one-stage', person(0, num_keypoints='17'), 'num_keypoints', 'warning'),
    'one-stage, number of joints as a list': (
        'one-stage', person(0, num_keypoints=[17]), 'num_keypoints', 'fatal'),
    'crowd null, no AP': ('lsp', person(0, iscrowd=None), 'iscrowd', 'warning'),
    'crowd null': ('coco', person(0, iscrowd=None), 'iscrowd', 'fatal'),
    'area 0 of a crowd': (
        'coco-strict', person(CROWD, area=0), 'areas', 'warning'),
    'info': ('coco', lambda c: c.update(info=7), 'segmentations', ''),
}  # fmt: skip


@pytest.fixture(scope='module')
def benches(tmp_path_factory) -> Iterator[dict[str, Bench]]:
    """One of each layout: reading the configs takes most of the time."""
    names = sorted({layout for layout, *_ in CASES.values()})
    with configs_read_once():
        yield {name: Bench(tmp_path_factory.mktemp(name), name) for name in names}


@pytest.mark.parametrize('case', CASES)
def test_the_doctor_agrees_with_the_run(benches, case):
    layout, edit, check, level = CASES[case]

    def damage(content: dict) -> dict:
        edit(content)
        return content

    bench = benches[layout]
    bench.write(Mutant(case, damage))
    found = bench.findings()
    text = '\n'.join(map(str, found))
    # The training file is not scored: the same fault may be less there.
    levels = {f.level for f in found if f.check == check}
    assert next((x for x in LEVELS if x in levels), '') == level, text
    reason = bench.real()
    assert any(f.level == 'fatal' for f in found) == bool(reason), (reason, text)


@pytest.mark.parametrize(('people', 'level'), [(99, 'fatal'), (100, 'warning')])
def test_one_repeated_person_of_many_is_a_warning(people, level):
    joints = np.ones((17, 3))
    persons = [
        SimpleNamespace(
            image=0, posed=True, crowd=False, where=f'{i}', joints=joints * max(i, 1)
        )
        for i in range(people)
    ]
    usage = SimpleNamespace(coco_scored=True, suppressed=True)
    diagnosis = Diagnosis('people.json')
    _check_repeated(SimpleNamespace(people=persons, usage=usage), diagnosis)
    (finding,) = diagnosis.findings
    assert (finding.check, finding.level, finding.count) == (
        'repeated_people',
        level,
        1,
    )
