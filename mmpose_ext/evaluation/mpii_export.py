"""Export of predictions for MPII's hidden test set, as its authors require."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import savemat

from ..datasets.formats.mpii import NUM_JOINTS, RELEASE_FILE
from ..utils import UserError, atomic_write
from ..utils.mat import load_mat

_FIX = f'take {RELEASE_FILE} from the official archive of MPII'
_POINT = np.dtype([(name, object) for name in ('x', 'y', 'id')])
_Place = tuple[int, int]


def load_test_index(path: str | os.PathLike) -> list[_Place]:
    """Read which persons ``mpii_test.json`` lists.

    Args:
        path (str | os.PathLike): The file that the converter writes.

    Returns:
        list[tuple[int, int]]: Number of the image in the release and number of the
        person in the image, both from 1, in the file's order.

    Raises:
        UserError: If it is missing, not JSON, or was not written by the converter.
    """
    fix = 'write it with tools/dataset_converters/mpii_mat2json.py'
    try:
        records = json.loads(Path(path).read_text(encoding='utf-8'))
        return [
            (int(r['release_index'][0]), int(r['release_index'][1])) for r in records
        ]
    except OSError as error:
        raise UserError(f'cannot read {path}: {error.strerror}', fix) from None
    except (ValueError, TypeError, KeyError, IndexError):
        raise UserError(
            f'{path} is not a list of persons with a release_index', fix
        ) from None


def load_predictions(path: str | os.PathLike) -> np.ndarray:
    """Read predicted joints from a file.

    Args:
        path (str | os.PathLike): An array of shape (N, 16, 2) or (N, 16, 3), either
            in a ``.npy`` file, or as the variable ``preds`` of a ``.mat`` file as
            written by HRNet's code.

    Returns:
        np.ndarray: The joints, shape (N, 16, 2).

    Raises:
        UserError: If it cannot be read or has another shape.
    """
    fix = f'give preds of shape (N, {NUM_JOINTS}, 2) as .mat or .npy'
    path = Path(path)
    if path.suffix == '.mat':
        array = np.asarray(load_mat(path, ('preds',), fix)['preds'])
    else:
        try:
            array = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise UserError(f'cannot read predictions {path} ({error})', fix) from None
    if array.ndim != 3 or array.shape[1] != NUM_JOINTS or array.shape[2] < 2:
        raise UserError(f'the predictions in {path} have shape {array.shape}', fix)
    return array[..., :2]


def export_mpii_submission(
    release_file: str | os.PathLike,
    predictions: np.ndarray,
    index: Sequence[_Place],
    out_file: str | os.PathLike,
) -> int:
    """Write ``pred_keypoints_mpii.mat`` for the single-person benchmark.

    The file has one variable ``pred``, the ``annolist`` of the test images as in
    the release, in which the joints of each single person are filled in as
    ``annorect(r).annopoints.point(k)`` with ``x``, ``y`` and ``id`` = k - 1.
    Source: `the evaluation page of MPII
    <http://human-pose.mpi-inf.mpg.de/#evaluation>`_.

    Args:
        release_file (str | os.PathLike): ``mpii_human_pose_v1_u12_1.mat``.
        predictions (np.ndarray): Joints in 1-based pixels, shape (N, 16, 2).
        index (Sequence[tuple[int, int]]): The person of each prediction; see
            :func:`load_test_index`.
        out_file (str | os.PathLike): The file to write.

    Returns:
        int: Number of persons filled in.

    Raises:
        UserError: If a single person of the test set has no prediction, a prediction
            belongs to nobody in it, a coordinate is not finite, or a file cannot be
            read or written.
    """
    predictions = np.asarray(predictions, dtype=float)
    if len(predictions) != len(index):
        raise UserError(
            f'{len(predictions)} predictions for the {len(index)} persons of the index',
            'predict every person of mpii_test.json once, in its order',
        )
    if not np.isfinite(predictions).all():
        bad = int(np.argwhere(~np.isfinite(predictions))[0, 0])
        raise UserError(f'prediction {bad + 1} has a coordinate that is not a number')
    release = _load_raw(release_file)
    flags = release['img_train'].ravel().astype(bool)
    wanted = _single_people(release, flags)
    given = dict(zip(index, predictions, strict=True))
    _compare(wanted, given)
    annolist = release['annolist'].ravel().copy()
    for image in sorted({image for image, _ in wanted}):
        entry = annolist[image - 1]
        joints = {r: given[image, r] for i, r in wanted if i == image}
        entry['annorect'] = _fill(entry['annorect'], joints)
    with atomic_write(out_file) as temporary:
        savemat(temporary, {'pred': annolist[~flags][None]}, do_compression=True)
    return len(wanted)


def _load_raw(path: str | os.PathLike) -> dict[str, Any]:
    release = load_mat(path, ('RELEASE',), _FIX)['RELEASE']
    names = release.dtype.names or ()
    needed = ('annolist', 'img_train', 'single_person')
    for name in needed:
        if name not in names:
            raise UserError(f'RELEASE in {path} has no field {name!r}', _FIX)
    return {name: release[name].flat[0] for name in needed}


def _single_people(release: dict[str, Any], is_train: np.ndarray) -> list[_Place]:
    """List the image and person numbers of the benchmark, from 1."""
    singles = release['single_person'].ravel()
    places = []
    for i in np.flatnonzero(~is_train):
        people = release['annolist'].ravel()[i]['annorect']
        for number in np.asarray(singles[i]).ravel():
            person = people.ravel()[int(number) - 1]
            has_position = 'objpos' in (person.dtype.names or ())
            if has_position and person['objpos'].size:
                places.append((int(i) + 1, int(number)))
    return places


def _compare(wanted: list[_Place], given: dict[_Place, np.ndarray]) -> None:
    for what, odd in (
        ('single people of the test set have no prediction', set(wanted) - set(given)),
        ('predictions do not belong to its single people', set(given) - set(wanted)),
    ):
        if odd:
            image, person = min(odd)
            raise UserError(
                f'{len(odd)} {what}, e.g. person {person} of image {image}',
                'predict mpii_test.json as converted with all images',
            )


def _fill(people: np.ndarray, joints: dict[int, np.ndarray]) -> np.ndarray:
    """Copy a struct array ``annorect`` and fill in joints."""
    names = list(people.dtype.names or ())
    if 'annopoints' not in names:
        names.append('annopoints')
    filled = np.empty(people.shape, dtype=[(name, object) for name in names])
    for k in range(people.size):
        for name in names:
            known = name in (people.dtype.names or ())
            filled.flat[k][name] = people.flat[k][name] if known else np.empty((0, 0))
        if k + 1 in joints:
            filled.flat[k]['annopoints'] = _points(joints[k + 1])
    return filled


def _points(joints: np.ndarray) -> np.ndarray:
    points = np.empty((1, len(joints)), dtype=_POINT)
    for k, (x, y) in enumerate(joints.tolist()):
        points[0, k] = (x, y, float(k))
    owner = np.empty((1, 1), dtype=[('point', object)])
    owner[0, 0]['point'] = points
    return owner
