"""The doctor: each illness, one at a time, in an otherwise healthy data set."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from mmpose_ext.datasets.doctor import examine, load_pose_file
from mmpose_ext.datasets.doctor.image_checks import duplicates, look_at
from mmpose_ext.datasets.doctor.swaps import suspicious_swaps
from mmpose_ext.utils import UserError

NAMES = [
    f'{side}_{part}'
    for part in ('shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle')
    for side in ('left', 'right')
]
SIZE = (120, 160)
TOOL = 'misc/check_dataset.py'


def standing() -> np.ndarray:
    """A person who faces us: the left side is on the right of the image."""
    joints = np.full((12, 3), 2.0)
    for k, (half, y) in enumerate(
        [(16, 40), (22, 60), (24, 80), (10, 80), (11, 110), (12, 140)]
    ):
        joints[2 * k, :2] = 60 + half, y
        joints[2 * k + 1, :2] = 60 - half, y
    return joints


def photo(seed: int) -> np.ndarray:
    """Something no other picture resembles."""
    rng = np.random.default_rng(seed)
    rough = rng.integers(0, 255, (8, 6, 3), dtype=np.uint8)
    return cv2.resize(rough, SIZE, interpolation=cv2.INTER_CUBIC)


def make(root, name='train', seeds=(0, 1, 2)):
    """A healthy annotation of one person an image."""
    folder = root / name
    folder.mkdir(parents=True)
    (root / 'annotations').mkdir(exist_ok=True)
    images, people = [], []
    for i, seed in enumerate(seeds):
        file = f'{i}.jpg'
        cv2.imwrite(str(folder / file), photo(seed))
        images.append(dict(id=i, file_name=file, width=SIZE[0], height=SIZE[1]))
        people.append(
            dict(
                id=10 + i,
                image_id=i,
                category_id=1,
                iscrowd=0,
                bbox=[30, 30, 60, 120],
                area=3816,
                keypoints=standing().ravel().tolist(),
                num_keypoints=12,
            )
        )
    category = dict(id=1, name='person', keypoints=NAMES, skeleton=[[1, 3]])
    return dict(images=images, annotations=people, categories=[category])


def save(root, content, name='train'):
    path = root / 'annotations' / f'people_{name}.json'
    path.write_text(json.dumps(content))
    return path


def diagnose(root, content, **kwargs):
    file = load_pose_file(save(root, content))
    [diagnosis] = examine({'data': file}, progress=False, workers=1, **kwargs)
    return diagnosis


def found(diagnosis):
    return {f.check: (f.level, f.count) for f in diagnosis.findings}


def test_a_healthy_data_set(tmp_path):
    diagnosis = diagnose(tmp_path, make(tmp_path))
    assert diagnosis.findings == []
    assert not diagnosis.fatal
    assert 'nothing found' in str(diagnosis)
    assert diagnosis.counts['images'] == diagnosis.counts['people with joints'] == 3
    assert diagnosis.counts['joints annotated'] == 36
    assert diagnosis.counts['share of people who have']['left_hip'] == 1


def test_counts(tmp_path):
    content = make(tmp_path)
    people = content['annotations']
    people[0]['keypoints'][2] = 0
    people[0]['keypoints'][5] = 1
    people[1]['keypoints'] = [0] * 36
    people.append(dict(people[2], id=99, iscrowd=1))
    counts = diagnose(tmp_path, content).counts
    assert counts['people with joints'] == 2
    assert counts['people without joints'] == 1
    assert counts['crowds'] == 1
    assert counts['images without joints'] == 1
    assert counts['joints annotated'] == 23
    assert counts['of those occluded'] == 1
    assert counts['share of people who have']['left_shoulder'] == 0.5


def first(key, value):
    return lambda content: content['annotations'][0].__setitem__(key, value)


def joint(index, *values):
    def change(content):
        keypoints = content['annotations'][0]['keypoints']
        keypoints[3 * index : 3 * index + len(values)] = values

    return change


def image(key, value):
    return lambda content: content['images'][0].__setitem__(key, value)


@pytest.mark.parametrize(
    ('change', 'check', 'level'),
    [
        (joint(4, float('nan')), 'nan_joints', 'fatal'),
        (joint(4, 0, 0), 'joints_at_origin', 'warning'),
        (joint(4, SIZE[0] + 1), 'joints_outside', 'warning'),
        (joint(4, 60, -2), 'joints_outside', 'warning'),
        (first('keypoints', [1.0] * 35), 'misshapen_joints', 'fatal'),
        (first('keypoints', 'none'), 'misshapen_joints', 'fatal'),
        (first('keypoints', [1.0] * 33), 'misshapen_joints', 'fatal'),
        (first('bbox', [5, 5, 0, 10]), 'empty_boxes', 'fatal'),
        (first('bbox', [5, 5, 10]), 'box_types', 'fatal'),
        (first('bbox', [SIZE[0] + 1, 5, 10, 10]), 'boxes_outside', 'fatal'),
        (lambda c: c['annotations'][0].pop('bbox'), 'no_boxes', 'fatal'),
        (first('id', 11), 'repeated_annotations', 'fatal'),
        (first('image_id', 77), 'unknown_image', 'fatal'),
        (image('width', 121), 'size_mismatch', 'fatal'),
        (image('file_name', 'no.jpg'), 'missing_images', 'fatal'),
        (
            lambda c: c['images'].append(dict(c['images'][0])),
            'repeated_images',
            'fatal',
        ),
        (lambda c: c['categories'][0].pop('keypoints'), 'no_names', 'warning'),
    ],
)
def test_illness(tmp_path, change, check, level):
    content = make(tmp_path)
    change(content)
    diagnosis = diagnose(tmp_path, content)
    assert found(diagnosis)[check] == (level, 1)
    assert diagnosis.fatal == any(f.level == 'fatal' for f in diagnosis.findings)
    assert f'{level:<8}      1  ' in str(diagnosis)


def test_joint_of_a_torn_scale(tmp_path):
    content = make(tmp_path)
    joint(4, 5000)(content)
    assert found(diagnose(tmp_path, content))['far_joints'] == ('fatal', 1)


def test_unannotated_joints_may_be_anything(tmp_path):
    content = make(tmp_path)
    joint(4, -900, 5000, 0)(content)
    first('num_keypoints', 11)(content)
    assert diagnose(tmp_path, content).findings == []


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


def exchanged(*parts):
    joints = standing()
    for part in parts:
        i = NAMES.index(f'left_{part}')
        joints[[i, i + 1]] = joints[[i + 1, i]]
    return joints


def test_exchanged_sides():
    assert suspicious_swaps(standing(), NAMES) == []
    mirrored = standing() * [-1, 1, 1] + [120, 0, 0]  # from behind
    assert suspicious_swaps(mirrored, NAMES) == []
    assert suspicious_swaps(exchanged('hip', 'knee', 'ankle'), NAMES) == ['hip']
    assert suspicious_swaps(exchanged('knee', 'ankle'), NAMES) == ['knee']
    assert suspicious_swaps(exchanged('ankle'), NAMES) == ['ankle']
    assert suspicious_swaps(exchanged('wrist'), NAMES) == ['wrist']
    assert suspicious_swaps(exchanged('elbow', 'wrist'), NAMES) == ['elbow']


def test_exchanged_sides_need_a_torso_and_both_sides():
    joints = exchanged('hip', 'knee', 'ankle')
    joints[NAMES.index('left_hip'), 2] = 0
    assert suspicious_swaps(joints, NAMES) == []
    assert suspicious_swaps(joints, ['joint'] * 12) == []


def test_exchanged_sides_are_a_warning(tmp_path):
    content = make(tmp_path)
    first('keypoints', exchanged('hip', 'knee').ravel().tolist())(content)
    diagnosis = diagnose(tmp_path, content)
    assert found(diagnosis)['swapped_sides'][0] == 'warning'
    assert 'left and right look exchanged: 1 hip, 1 ankle' in str(diagnosis)


def test_mpiis_layout(tmp_path):
    folder = tmp_path / 'images'
    folder.mkdir()
    (tmp_path / 'annotations').mkdir()
    cv2.imwrite(str(folder / '1.jpg'), photo(0))
    person = dict(
        image='1.jpg',
        center=[60, 80],
        scale=0.5,
        joints=[[1.0, 1.0]] * 16,
        joints_vis=[1] + [0] * 15,
    )
    path = tmp_path / 'annotations' / 'mpii_val.json'
    path.write_text(
        json.dumps([person, dict(person, scale=-1), dict(person, joints=[])])
    )
    file = load_pose_file(path)
    np.testing.assert_array_equal(file.people[0].joints[0], [0, 0, 2])
    # As MMPose: 15 of 200 pixels lower, and pixels count from 1.
    np.testing.assert_array_equal(file.people[0].box, [9, 36.5, 100, 100])
    [diagnosis] = examine({'val': file}, progress=False)
    assert found(diagnosis) == {
        'misshapen_joints': ('fatal', 1),
        'joints_at_origin': ('warning', 2),
        'joints_outside_box': ('warning', 1),
        'empty_boxes': ('fatal', 1),
    }
    others = [dict(image='1.jpg'), dict(person, image='a.jpg'), 7]
    path.write_text(json.dumps([person, *others]))
    [diagnosis] = examine({'val': load_pose_file(path)}, progress=False)
    assert found(diagnosis)['bad_entries'] == ('fatal', 2)
    assert found(diagnosis)['image_numbers'] == ('fatal', 1)


def test_folder_of_images_is_found_or_named(tmp_path):
    content = make(tmp_path)
    assert load_pose_file(save(tmp_path, content)).image_dir.name == 'train'
    path = save(tmp_path, content, 'elsewhere')
    with pytest.raises(UserError, match='no folder of images found .*--images FOLDER'):
        load_pose_file(path)
    assert load_pose_file(path, tmp_path / 'train').images[0].path.is_file()


META = dict(
    dataset_name='people',
    keypoint_info={
        i: dict(
            name=name, id=i, color=[0, 0, 0], type='', swap=NAMES[i + 1 - i % 2 * 2]
        )
        for i, name in enumerate(NAMES)
    },
    skeleton_info={},
    joint_weights=[1.0] * 12,
    sigmas=[0.05] * 12,
)
CONFIG = """
def data(name, **kwargs):
    return dict(dataset=dict(
        type='CocoDataset', data_root={root!r}, data_mode='topdown',
        ann_file='annotations/people_' + name + '.json',
        data_prefix=dict(img=name + '/'), pipeline=[], metainfo={meta!r}, **kwargs))
train_dataloader = dict(dataset=dict(type='RepeatDataset', times=2, **data('train')))
val_dataloader = data('val', test_mode=True, bbox_file={root!r} + '/boxes.json')
test_dataloader = val_dataloader
del data
"""


@pytest.fixture
def config(tmp_path):
    save(tmp_path, make(tmp_path))
    save(tmp_path, make(tmp_path, 'val', (5, 6)), 'val')
    boxes = [
        dict(image_id=i, category_id=1, bbox=[1, 1, 9, 9], score=1) for i in (0, 9)
    ]
    boxes.append(dict(image_id=0, category_id=1, bbox=[1, 1, 0, 9], score=1))
    boxes.append(dict(image_id=9, category_id=2, bbox=[1, 1, 9, 9], score=1))
    (tmp_path / 'boxes.json').write_text(json.dumps(boxes))
    path = tmp_path / 'config.py'
    path.write_text(CONFIG.format(root=str(tmp_path), meta=META))
    return path


def test_tool_on_a_config(config, run_tool, capsys):
    out = config.parent / 'report.json'
    assert run_tool(TOOL, config, '--json', out) == 1
    report = json.loads(out.read_text())
    assert report['fatal']
    names = [r['name'].split(':')[0] for r in report['reports']]
    assert names == ['detected boxes', 'train', 'val', 'train against val']
    checks = {f['check']: f['count'] for f in report['reports'][0]['findings']}
    assert checks == {
        'unknown_detections': 1,
        'empty_detections': 1,
        'no_detections': 1,
    }
    assert [len(r['findings']) for r in report['reports']] == [3, 0, 0, 0]
    assert 'boxes of an image that is not annotated' in capsys.readouterr().out
    (config.parent / 'boxes.json').write_text('{}')
    assert run_tool(TOOL, config) == 2
    assert 'is not a list of detected boxes' in capsys.readouterr().err


def test_tool_on_files(config, run_tool, capsys):
    folder = config.parent / 'annotations'
    files = [folder / 'people_train.json', folder / 'people_val.json']
    assert run_tool(TOOL, *files, '--quick') == 0
    assert 'train against other[1]' in capsys.readouterr().out
    assert run_tool(TOOL, folder / 'no.json') == 2
    assert run_tool(TOOL, config.parent / 'no.py') == 2
    assert capsys.readouterr().err.count('error: ') == 2


def test_config_without_files(config, run_tool, capsys):
    config.write_text(
        "train_dataloader = dict(dataset=dict(type='SyntheticPoseDataset'))"
    )
    assert run_tool(TOOL, config) == 2
    assert 'has an annotation file' in capsys.readouterr().err


def test_real_samples_are_healthy(shared_data):
    coco = load_pose_file(
        shared_data / 'coco_mini/annotations/person_keypoints_train2017.json'
    )
    mpii = load_pose_file(shared_data / 'mpii/annotations/mpii_val5.json')
    diagnoses = examine(dict(coco=coco, mpii=mpii), progress=False)
    assert [d.findings for d in diagnoses] == [[], []]
    counts = diagnoses[0].counts
    assert counts['people with joints'] == 86
    assert counts['people without joints'] + counts['crowds'] == 86
    assert counts['crowds'] == 5
    assert counts['images'] - counts['images without joints'] == 28
