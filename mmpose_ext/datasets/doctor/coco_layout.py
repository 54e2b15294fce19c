"""Reader of COCO's layout, which checks fields as MMPose and COCO's evaluation do."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...utils import UserError
from .records import ImageRecord, PersonRecord, PoseFile
from .values import is_integer, is_segmentation, number, numbers, positive

#: COCO's area range "all" ends here; larger people are not scored. Below one pixel,
#: the similarity of any prediction is 0.
MIN_AREA, MAX_AREA = 1.0, 1e10


def read_coco(file: PoseFile, content: Any) -> None:
    """Read images and people, and note every field that cannot be used.

    Args:
        file (PoseFile): The file's record, which is filled in.
        content (Any): The parsed json.

    Raises:
        UserError: If it is not an object with the lists ``images`` and
            ``annotations``.
    """
    fix = 'take e.g. person_keypoints_train2017.json from the official archive'
    if not isinstance(content, dict):
        raise UserError(
            f'{file.path} is a {type(content).__name__}, not a COCO file', fix
        )
    for name in ('images', 'annotations'):
        if not isinstance(content.get(name), list):
            raise UserError(f'{file.path} has no list {name!r}', fix)
    categories = _read_categories(file, content)
    for i, entry in enumerate(content['images']):
        _read_image(file, i, entry)
    sizes = {image.id: image.size for image in file.images}
    reader = _AnnotationReader(file, categories, sizes)
    reader.number = _joint_number(file, content['annotations'])
    file.joint_number = reader.number or 0
    for i, entry in enumerate(content['annotations']):
        reader.read(i, entry)
    _note_repeated(file, content)


def _read_categories(file: PoseFile, content: Mapping[str, Any]) -> set[Any] | None:
    """Return the ids of the categories, or None, and store the joints' names."""
    scored = file.usage.coco_scored and file.usage.strict
    if 'categories' not in content:
        file.fault('no_categories', 'the file', '' if scored else 'warning')
        return None
    entries = content['categories']
    if not isinstance(entries, list):
        file.fault('bad_categories', 'the file')
        return None
    if not entries and scored:
        file.fault('no_categories', 'the file')
    found: dict[Any, list[str]] = {}
    for i, entry in enumerate(entries):
        if not isinstance(entry, dict) or not is_integer(entry.get('id')):
            file.fault('bad_categories', f'categories[{i}]')
            continue
        names = entry.get('keypoints')
        # Without them it is reported as having no names.
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            names = []
        if entry['id'] in found:
            file.fault('repeated_categories', f'category {entry["id"]}')
        found[entry['id']] = names
    file.names = _names_of_people(found, content['annotations'])
    return set(found)


def _names_of_people(names: Mapping[Any, list[str]], entries: list[Any]) -> list[str]:
    """Return the joints' names of the category of most people, or else of the first."""
    used = Counter(
        entry['category_id']
        for entry in entries
        if isinstance(entry, dict) and is_integer(entry.get('category_id'))
    )
    ranked = [
        names[category] for category, _ in used.most_common() if category in names
    ]
    return next(filter(None, ranked or names.values()), [])


def _joint_number(file: PoseFile, entries: list[Any]) -> int | None:
    """Return how many joints people should have: as named, as expected, or usually.

    If nobody has the named or expected number, this is one finding instead of one per
    person.
    """
    lengths = Counter(
        len(entry['keypoints'])
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get('keypoints'), list)
    )
    meta = file.usage.meta or {}
    for expected in (meta.get('num_keypoints'), len(file.names)):
        if expected and lengths[3 * expected]:
            return expected
    return lengths.most_common(1)[0][0] // 3 if lengths else None


def _read_image(file: PoseFile, i: int, entry: Any) -> None:
    if not isinstance(entry, dict):
        file.fault('bad_images', f'images[{i}]')
        return
    if not is_integer(entry.get('id')):
        file.fault('image_ids', f'images[{i}], id {_short(entry.get("id"))}')
        return
    name = entry.get('file_name')
    if not isinstance(name, str) or not name or '\0' in name:
        file.fault('file_names', f'image {entry["id"]}')
        return
    width, height = number(entry.get('width')), number(entry.get('height'))
    size = (width, height) if positive(width) and positive(height) else None
    file.images.append(ImageRecord(entry['id'], file.image_dir / name, size))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + '...'


class _AnnotationReader:
    """Reads the entries of "annotations" one after the other."""

    def __init__(
        self, file: PoseFile, categories: set[Any] | None, sizes: Mapping[Any, Any]
    ) -> None:
        self.file = file
        self.categories = categories
        self.sizes = sizes
        self.number: int | None = None
        self.first_outlines: dict[Any, Any] = {}

    def read(self, i: int, entry: Any) -> None:
        """Make a record of an entry, or note why it cannot be made."""
        if not isinstance(entry, dict):
            self.file.fault('bad_annotations', f'annotations[{i}]')
            return
        identified = is_integer(entry.get('id')) and entry['id'] >= 0
        where = f'annotation {entry["id"]}' if identified else f'annotations[{i}]'
        if not identified:
            self.file.fault('annotation_ids', f'{where}, id {_short(entry.get("id"))}')
        if not self._references(entry, where):
            return
        self._scoring_fields(entry, where)
        if 'keypoints' in entry:
            self._person(entry, where)
        elif self.file.usage.coco_scored and self.file.usage.strict:
            self.file.fault('no_keypoints', where)

    def _references(self, entry: dict, where: str) -> bool:
        """Check that the image can be looked up; also note a bad category."""
        usable = True
        for key, check in (
            ('image_id', 'image_references'),
            ('category_id', 'category_ids'),
        ):
            if not is_integer(entry.get(key)):
                place = f'{where}, {key} {_short(entry.get(key))}'
                self.file.fault(check, place)
                usable = usable and key != 'image_id'
        return usable

    def _scoring_fields(self, entry: dict, where: str) -> None:
        """Fields that COCO's evaluation reads of every annotation."""
        usage = self.file.usage
        scored = usage.coco_scored
        if entry.get('id') == 0 and scored:
            self.file.fault('annotation_zero', where)
        category = entry.get('category_id')
        known = self.categories is None or not is_integer(category)
        if not known and category not in (self.categories or ()):
            level = '' if scored and usage.strict else 'warning'
            self.file.fault('unknown_category', where, level)
        if number(entry.get('iscrowd', 0)) not in (0, 1):
            # For MMPose's data sets, null and the like are nobody's crowd.
            level = '' if scored or entry['iscrowd'] else 'warning'
            self.file.fault('iscrowd', f'{where}, {_short(entry["iscrowd"])}', level)
        self._area(entry, where)
        self._segmentation(entry, where)

    def _segmentation(self, entry: dict, where: str) -> None:
        value = entry.get('segmentation')
        joined = self.file.usage.bottomup and 'keypoints' in entry and 'bbox' in entry
        # One-stage data sets chain them if the first of an image is a list.
        first = self.first_outlines.setdefault(entry['image_id'], value)
        broken = not hasattr(value, '__iter__') and isinstance(first, list)
        if joined and broken:
            place = f'{where}, segmentation {_short(value)}'
            self.file.fault('segmentations', place, 'fatal')
        elif 'segmentation' in entry and not is_segmentation(value):
            place = f'{where}, segmentation {_short(value)}'
            self.file.fault('segmentations', place)

    def _area(self, entry: dict, where: str) -> None:
        usage, area = self.file.usage, number(entry.get('area'))
        if area is not None and MIN_AREA <= area <= MAX_AREA:
            return
        absent = entry.get('area') is None
        place = f'{where}, area {_short(entry.get("area"))}'
        if usage.coco_scored and usage.use_area:
            filled = absent or (area is not None and not 0 < area < math.inf)
            tolerated = not usage.strict and filled
        else:
            tolerated = absent or (area is not None and not usage.bottomup)
        if tolerated and (usage.coco_scored or 'area' in entry):
            self.file.fault('filled_areas', place)
        elif not tolerated:
            # Without scoring, any finite number will do.
            finite = area is not None and math.isfinite(area)
            level = 'warning' if finite and not _scored(entry) else ''
            self.file.fault('areas', place, level)

    def _person(self, entry: dict, where: str) -> None:
        file = self.file
        joints = self._joints(entry['keypoints'], where)
        box = self._box(entry, where, joints)
        if joints is None:
            return
        image = entry['image_id']
        if box is not None and image in self.sizes and not self.sizes[image]:
            file.fault('image_sizes', f'image {image} of {where}')
        counted = number(entry.get('num_keypoints'))
        if 'num_keypoints' in entry and counted is None:
            # One-stage data sets chain lists; other values they do not look at.
            chained = file.usage.bottomup and isinstance(entry['num_keypoints'], list)
            file.fault('num_keypoints', where, 'fatal' if chained else '')
        category = entry.get('category_id')
        category = category if is_integer(category) else None
        # MMPose treats any value that Python counts as true as a crowd.
        crowd = bool(entry.get('iscrowd'))
        area = number(entry.get('area'))
        file.people.append(
            PersonRecord(where, image, joints, box, crowd, category, area, counted)
        )
        head = number(entry.get('head_size'))
        if file.usage.head_size and joints[:, 2].any() and not (head and head >= 1):
            file.fault('head_sizes', where)

    def _joints(self, values: Any, where: str) -> np.ndarray | None:
        if not isinstance(values, list) or any(isinstance(v, list) for v in values):
            self.file.fault('misshapen_joints', where)
            return None
        length = len(values)
        if not length or length % 3 or (self.number and length != 3 * self.number):
            self.file.fault('misshapen_joints', f'{where}, {len(values)} numbers')
            return None
        flat = numbers(values)
        if flat is None:
            self.file.fault('joint_types', where)
            return None
        return flat.reshape(-1, 3)

    def _box(
        self, entry: dict, where: str, joints: np.ndarray | None
    ) -> np.ndarray | None:
        if 'bbox' not in entry:
            posed = joints is not None and (joints[:, 2] > 0).any()
            if posed or self.file.usage.coco_scored:
                self.file.fault('no_boxes', where)
            return None
        box = numbers(entry['bbox'])
        if box is None or box.shape != (4,) or not np.isfinite(box).all():
            self.file.fault('box_types', where)
            return np.full(4, math.nan)
        return box


def _scored(entry: dict) -> bool:
    """Whether COCO's evaluation looks for a person: no crowd, and with joints."""
    values = numbers(entry.get('keypoints'))
    posed = values is None or bool((values[2::3] > 0).any())
    return posed and not entry.get('iscrowd')


def _note_repeated(file: PoseFile, content: Mapping[str, Any]) -> None:
    """Note ids and names that are used more than once."""
    for check, entries, key in (
        ('repeated_images', content['images'], 'id'),
        ('repeated_annotations', content['annotations'], 'id'),
        ('repeated_names', content['images'], 'file_name'),
    ):
        first: dict[Any, dict] = {}
        differing: dict[Any, bool] = {}  # of the repeated values
        for entry in entries:
            value = entry.get(key) if isinstance(entry, dict) else None
            if not isinstance(value, str) and not is_integer(value):
                continue
            if value in first:
                other = entry != first[value]
                differing[value] = differing.get(value, False) or other
            first.setdefault(value, entry)
        for value, differs in differing.items():
            # An image listed twice in the same way is read once.
            harmless = check == 'repeated_images' and not differs
            file.fault(check, str(value), 'warning' if harmless else '')
