"""The two official forms of joints.mat, and every way they can be broken."""

import json

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from mmpose_ext.datasets.body import LspDataset
from mmpose_ext.datasets.converters import (
    convert_lsp,
    joints_to_bbox,
    load_lsp_joints,
    parse_split,
)
from mmpose_ext.utils import UserError

SIZE = (200, 150)
TOOL = 'dataset_converters/lsp2coco.py'


def raw_joints(form: str) -> np.ndarray:
    """Official axes; x = 10 + 5 k + image, y = 20 + 4 k; image 2 lacks joint 3."""
    number = 2000 if form == 'lsp' else 10000
    k, image = np.arange(14), np.arange(number)
    x = np.broadcast_to((10 + 5 * k)[:, None] + image % 7, (14, number)).astype(float)
    y = np.broadcast_to((20 + 4 * k)[:, None], (14, number)).astype(float)
    flag = np.zeros((14, number)) if form == 'lsp' else np.ones((14, number))
    flag[3, 1] = 1 - flag[3, 1]  # occluded in LSP, not annotated in LSP-extended
    joints = np.stack([x, y, flag])  # (3, 14, N)
    if form == 'lspet':
        joints[:2, 3, 1] = -500, 900  # what stands there is junk
        joints = joints.transpose(1, 0, 2)
    return joints


def make_root(folder, form='lspet', images=range(1, 5), joints=None):
    digits = 4 if form == 'lsp' else 5
    (folder / 'images').mkdir(parents=True)
    for number in images:
        Image.new('RGB', SIZE).save(folder / 'images' / f'im{number:0{digits}d}.jpg')
    joints = raw_joints(form) if joints is None else joints
    savemat(folder / 'joints.mat', dict(joints=joints), do_compression=True)
    return folder


def convert(root, out, splits, **kwargs):
    return convert_lsp(
        root / 'joints.mat', root / 'images', out, splits, progress=False, **kwargs
    )


def keypoints(path) -> np.ndarray:
    people = json.loads(path.read_text())['annotations']
    return np.array([p['keypoints'] for p in people]).reshape(-1, 14, 3)


def test_lsp_flag_means_occluded(tmp_path):
    root = make_root(tmp_path / 'lsp', 'lsp')
    report = convert(root, tmp_path / 'out', {'train': (1, 2)})['train']
    assert report.path == tmp_path / 'out' / 'lsp_train.json'
    joints = keypoints(report.path)
    np.testing.assert_array_equal(joints[0, 4], [30, 36, 2])
    np.testing.assert_array_equal(joints[1, 3], [26, 32, 1])  # kept: annotated
    assert (joints[..., 2] == 2).sum() == 27
    document = json.loads(report.path.read_text())
    assert document['annotations'][1]['num_keypoints'] == 14
    assert document['images'][1] == dict(
        id=2, file_name='im0002.jpg', width=200, height=150
    )


def test_lspet_flag_means_annotated(tmp_path):
    root = make_root(tmp_path / 'lspet')
    report = convert(root, tmp_path / 'out', {'train': (1, 2)})['train']
    joints = keypoints(report.path)
    np.testing.assert_array_equal(joints[0, 4], [30, 36, 2])
    np.testing.assert_array_equal(joints[1, 3], [0, 0, 0])
    assert (joints[..., 2] == 2).sum() == 27
    document = json.loads(report.path.read_text())
    assert document['annotations'][1]['num_keypoints'] == 13
    assert document['images'][1]['file_name'] == 'im00002.jpg'


def test_category_is_cocos(tmp_path):
    root = make_root(tmp_path / 'lspet')
    report = convert(root, tmp_path, {'train': (1, 1)})['train']
    [category] = json.loads(report.path.read_text())['categories']
    assert category['keypoints'][0] == 'right_ankle'
    assert category['keypoints'][13] == 'head_top'
    ends = {i for link in category['skeleton'] for i in link}
    assert ends == set(range(1, 15))


def test_the_data_set_reads_what_is_written(tmp_path):
    root = make_root(tmp_path / 'lspet')
    report = convert(root, tmp_path, {'train': (2, 4)})['train']
    dataset = LspDataset(
        ann_file=str(report.path), data_prefix=dict(img=str(root / 'images'))
    )
    assert len(dataset) == report.num_images == 3
    assert dataset[0]['img_path'].endswith('images/im00002.jpg')
    assert dataset[0]['keypoints_visible'][0, 3] == 0
    assert dataset[0]['num_keypoints'] == 13


def test_box_has_one_margin_and_stays_in_the_image():
    joints = np.zeros((14, 3))
    joints[0], joints[1] = (50, 40, 2), (70, 140, 1)
    joints[2] = -900, 900, 0
    # The longer side is 100, so 1.2 moves each side out by 10; 150 clips.
    np.testing.assert_allclose(joints_to_bbox(joints, SIZE, 1.2), [40, 30, 40, 120])
    np.testing.assert_allclose(joints_to_bbox(joints, (75, 145), 1.2)[2:], [35, 115])
    assert joints_to_bbox(joints, SIZE, 1.0).tolist() == [50, 40, 20, 100]


def test_box_of_a_line_has_a_width_and_of_a_point_none():
    line = np.tile([60.0, 0, 2], (14, 1))
    line[:, 1] = np.linspace(20, 120, 14)
    np.testing.assert_allclose(joints_to_bbox(line, SIZE, 1.2), [50, 10, 20, 120])
    assert joints_to_bbox(line[:1], SIZE, 1.2) is None
    assert joints_to_bbox(np.zeros((14, 3)), SIZE, 1.2) is None
    assert joints_to_bbox(line + np.array([500, 0, 0]), SIZE, 1.2) is None


def test_official_splits_are_the_default(tmp_path):
    root = make_root(tmp_path / 'lsp', 'lsp', images=[1, 1000, 1001])
    reports = convert(root, tmp_path, None, allow_missing=True)
    numbers = {
        name: [i['id'] for i in json.loads(r.path.read_text())['images']]
        for name, r in reports.items()
    }
    assert numbers == {'train': [1, 1000], 'test': [1001]}
    assert len(reports['test'].missing) == 999


def test_missing_images_stop_unless_allowed(tmp_path):
    root = make_root(tmp_path / 'lspet', images=[1, 3])
    splits = {'a': (1, 1), 'b': (2, 9)}
    with pytest.raises(UserError, match=r'7 of 8 images are missing.*im00002.jpg, im'):
        convert(root, tmp_path / 'out', splits)
    assert not (tmp_path / 'out').exists()  # not even the complete split
    report = convert(root, tmp_path / 'out', splits, allow_missing=True)['b']
    assert report.num_images == 1
    assert '7 images missing' in str(report)


def test_people_with_too_few_joints_are_counted(tmp_path):
    joints = raw_joints('lspet')
    joints[2:, 2, 0] = 0  # two joints are left in image 1
    joints[:, 2, 2] = 0  # none in image 3
    root = make_root(tmp_path / 'lspet', joints=joints)
    report = convert(root, tmp_path, {'t': (1, 4)}, min_joints=3)['t']
    assert report.num_images == 2
    assert 'left out: 2 with fewer than 3 annotated joints' in str(report)
    assert convert(root, tmp_path, {'t': (1, 4)})['t'].num_images == 3


def test_temporaries_of_a_killed_run_are_removed_and_nothing_else(tmp_path):
    root, out = make_root(tmp_path / 'lspet'), tmp_path / 'out'
    out.mkdir()
    for name in ('.lspet_a.abcd_123.json', '.lspet_b.abcd_123.json', '.mine.json'):
        (out / name).write_text('{"half')
    convert(root, out, {'a': (1, 2)})
    names = sorted(path.name for path in out.iterdir())
    assert names == ['.lspet_b.abcd_123.json', '.mine.json', 'lspet_a.json']


def test_truncated_image_is_found_by_decoding(tmp_path):
    root = make_root(tmp_path / 'lspet')
    path = root / 'images' / 'im00002.jpg'
    noise = np.random.default_rng(0).integers(0, 255, (150, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    splits = {'t': (1, 3)}
    assert convert(root, tmp_path, splits)['t'].num_images == 3
    with pytest.raises(UserError, match=r'1 of 3 images are unreadable.*im00002.jpg'):
        convert(root, tmp_path, splits, verify=True)
    report = convert(root, tmp_path, splits, verify=True, allow_missing=True)['t']
    assert report.num_images == 2


def test_no_image_behind_the_name(tmp_path):
    root = make_root(tmp_path / 'lspet')
    (root / 'images' / 'im00001.jpg').write_text('<html>')
    with pytest.raises(UserError, match=r'im00001.jpg \(its content is HTML'):
        convert(root, tmp_path, {'t': (1, 3)})


def test_nothing_left_is_an_error(tmp_path):
    root = make_root(tmp_path / 'lspet', images=[])
    with pytest.raises(UserError, match=r'no images are left.*3 are missing'):
        convert(root, tmp_path, {'t': (1, 3)}, allow_missing=True)


@pytest.mark.parametrize(
    ('joints', 'message'),
    [
        (np.zeros((14, 3, 2000)), r'shape \(14, 3, 2000\).*\(3, 14, 2000\) \(LSP\) or'),
        (np.zeros((3, 14, 9428)), r'shape \(3, 14, 9428\)'),
        (np.zeros((14, 2)), r'shape \(14, 2\)'),
        (np.full((14, 3, 10000), 0.5), 'flags other than 0 and 1'),
        (np.full((14, 3, 10000), np.nan), 'flags other than 0 and 1'),
        ('text', 'has shape'),
    ],
)
def test_other_shapes_and_contents(tmp_path, joints, message):
    savemat(tmp_path / 'joints.mat', dict(joints=joints), do_compression=True)
    with pytest.raises(UserError, match=message):
        load_lsp_joints(tmp_path / 'joints.mat')


def test_coordinates_that_are_no_numbers(tmp_path):
    joints = raw_joints('lspet')
    joints[3, 0, 1] = np.nan  # junk of a joint that is not annotated
    savemat(tmp_path / 'joints.mat', dict(joints=joints), do_compression=True)
    load_lsp_joints(tmp_path / 'joints.mat')
    joints[5, 1, 6] = np.inf
    savemat(tmp_path / 'joints.mat', dict(joints=joints), do_compression=True)
    with pytest.raises(UserError, match='not numbers at image 7'):
        load_lsp_joints(tmp_path / 'joints.mat')


def test_no_joints_in_the_file(tmp_path):
    savemat(tmp_path / 'joints.mat', dict(pose=np.zeros(3)))
    with pytest.raises(UserError, match=r"no field 'joints', only \['pose'\]"):
        load_lsp_joints(tmp_path / 'joints.mat')


def test_truncated_and_foreign_files(tmp_path):
    path = tmp_path / 'joints.mat'
    savemat(path, dict(joints=raw_joints('lsp')))
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], whole[:60], b'', b'{"joints": []}' * 20):
        path.write_bytes(content)
        with pytest.raises(UserError, match='not a readable MATLAB file') as error:
            load_lsp_joints(path)
        assert '\n' not in str(error.value)


@pytest.mark.parametrize('text', ['train', 'train=1', 'train=0-4', 'a/b=1-2', 't=5-3'])
def test_bad_splits(text):
    with pytest.raises(UserError, match='is not name=first-last'):
        parse_split(text)


def test_split_beyond_the_data_set(tmp_path):
    root = make_root(tmp_path / 'lspet')
    with pytest.raises(UserError, match='goes beyond the images 1-10000 of LSP'):
        convert(root, tmp_path, {'t': (9000, 10001)})


def test_tool(tmp_path, run_tool, capsys):
    root = make_root(tmp_path / 'lspet')
    splits = ['--split', 'train=1-3', '--split', 'test=4-4']
    assert run_tool(TOOL, root, *splits, '--verify') == 0
    assert 'lspet_train.json: 3 images, left out: none' in capsys.readouterr().out
    assert len(keypoints(root / 'annotations' / 'lspet_test.json')) == 1


def test_tool_on_bad_input(tmp_path, run_tool, capsys):

    def last_line(*args):
        assert run_tool(TOOL, *args) == 2
        return capsys.readouterr().err.strip().split('\n')[-1]

    root = make_root(tmp_path / 'lspet')
    split = ['--split', 'a=1-3']
    assert last_line(tmp_path).startswith('error: no annotation file')
    no_images = ['--images', tmp_path / 'no', *split]
    assert last_line(root, *no_images).startswith('error: image folder')
    assert 'would cut joints' in last_line(root, '--padding', '0.9', *split)
    (tmp_path / 'file').write_text('')
    output = ['--out-dir', tmp_path / 'file', *split]
    assert last_line(root, *output).startswith('error: cannot write')


def test_real_lspet(shared_data, tmp_path):
    root = shared_data / 'lspet'
    splits = {'train': (1, 270), 'test': (2701, 2730)}
    reports = convert(root, tmp_path, splits, verify=True)
    assert [r.num_images for r in reports.values()] == [270, 30]
    joints = keypoints(reports['train'].path)
    # The first image of joints.mat: right ankle missing, with junk beside it.
    np.testing.assert_array_equal(joints[0, 0], 0)
    np.testing.assert_allclose(joints[0, 13], [116.569, 53.422, 2])
    assert (joints[joints[..., 2] > 0] >= -2).all()
    with pytest.raises(UserError, match='7000 of 10000 images are missing'):
        convert(root, tmp_path, None)


def test_real_lsp(shared_data):
    form, joints = load_lsp_joints(shared_data / 'lsp' / 'joints.mat')
    assert form.name == 'lsp'
    assert joints.shape == (2000, 14, 3)
    np.testing.assert_allclose(joints[0, 13], [491.337, 312.279, 2], atol=1e-3)
    # 7.3 % are occluded; none is missing.
    assert (joints[..., 2] == 1).mean() == pytest.approx(0.073)
    assert joints[..., 2].min() == 1
