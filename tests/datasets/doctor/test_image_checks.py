"""Images: damage, Exif orientation, duplicates, and what two splits share."""

import cv2
import numpy as np
from PIL import Image
from standing_people import SIZE, diagnose, found, make, photo, save

from mmpose_ext.datasets.doctor import examine, load_pose_file
from mmpose_ext.datasets.doctor.image_checks import duplicates, look_at


def test_damaged_images(tmp_path):
    content = make(tmp_path)
    path = tmp_path / 'train' / '0.jpg'
    path.write_bytes(path.read_bytes()[:-400])
    (tmp_path / 'train' / '1.jpg').write_text('<html>')
    diagnosis = diagnose(tmp_path, content)
    assert found(diagnosis)['unreadable_images'] == ('fatal', 2)
    assert '1.jpg: its content is HTML' in str(diagnosis)
    assert 'truncated' in str(diagnosis)
    quick = diagnose(tmp_path, content, deep=False)  # the header is whole
    assert found(quick)['unreadable_images'] == ('fatal', 1)


def test_exif_orientation_counts_as_opencv_applies_it(tmp_path):
    content = make(tmp_path)
    path = tmp_path / 'train' / '0.jpg'
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.open(path).save(path, exif=exif)
    assert cv2.imread(str(path)).shape[:2] == SIZE
    diagnosis = diagnose(tmp_path, content)
    # (The joints are those of the upright image.)
    assert found(diagnosis).pop('exif_turned') == ('warning', 1)
    assert not diagnosis.fatal
    assert '160 x 120 (turned by Exif), the file says 120 x 160' in str(diagnosis)


def test_duplicates(tmp_path):
    content = make(tmp_path, seeds=(0, 0, 1))
    small = cv2.resize(photo(1), None, fx=0.8, fy=0.8)
    cv2.imwrite(
        str(tmp_path / 'train' / '3.jpg'), small, [cv2.IMWRITE_JPEG_QUALITY, 60]
    )
    content['images'].append(
        dict(id=3, file_name='3.jpg', width=small.shape[1], height=small.shape[0])
    )
    diagnosis = diagnose(tmp_path, content)
    assert found(diagnosis) == {
        'duplicate_images': ('warning', 1),
        'similar_images': ('note', 1),
    }
    assert '0.jpg = 1.jpg' in str(diagnosis)
    assert '2.jpg = 3.jpg' in str(diagnosis)


def test_flat_pictures_resemble_nothing(tmp_path):
    for i in range(2):
        cv2.imwrite(str(tmp_path / f'{i}.png'), np.full((50, 50, 3), 200 + i, np.uint8))
    same, alike = duplicates(look_at(tmp_path / f'{i}.png') for i in range(2))
    assert same == alike == []


def overlap(tmp_path, seeds, quality=95):
    train = load_pose_file(save(tmp_path, make(tmp_path)))
    content = make(tmp_path, 'val', seeds)
    if quality != 95:
        for i, seed in enumerate(seeds):
            path = tmp_path / 'val' / f'{i}.jpg'
            cv2.imwrite(str(path), photo(seed), [cv2.IMWRITE_JPEG_QUALITY, quality])
    val = load_pose_file(save(tmp_path, content, 'val'))
    return examine({'train': train, 'val': val}, progress=False)[-1]


def test_training_and_validation_share_images(tmp_path):
    diagnosis = overlap(tmp_path, (7, 1))
    assert diagnosis.name == 'train against val'
    assert found(diagnosis) == {'overlap': ('fatal', 1)}
    assert '1.jpg = 1.jpg' in str(diagnosis)


def test_training_and_validation_share_pictures(tmp_path):
    diagnosis = overlap(tmp_path, (7, 1), quality=40)
    assert found(diagnosis) == {'similar_overlap': ('warning', 1)}


def test_training_and_validation_of_the_same_folder(tmp_path):
    file = load_pose_file(save(tmp_path, make(tmp_path)))
    diagnosis = examine({'train': file, 'val': file}, progress=False)[-1]
    assert found(diagnosis) == {'overlap': ('fatal', 3)}
