"""The parts of the fast loader against MMPose's, on synthetic images."""

import copy
import json
import multiprocessing
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import cv2
import numpy as np
import pytest
import torch
from mmengine.dataset import DefaultSampler
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS, TRANSFORMS
from torch.utils.data import DataLoader

from mmpose_ext.codecs import BatchMSRAHeatmap
from mmpose_ext.datasets.samplers import ImageGroupedSampler, image_grouped_sampler
from mmpose_ext.datasets.transforms import LoadCachedImage
from mmpose_ext.utils import ConfigError

SIZE = (48, 64)
CODEC = dict(type='MSRAHeatmap', input_size=SIZE, heatmap_size=(12, 16), sigma=2)


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """Three images of different sizes; people of the three in turn."""
    path = tmp_path_factory.mktemp('coco')
    rng = np.random.default_rng(0)
    sizes = [(120, 160), (90, 130), (150, 140)]
    for i, (height, width) in enumerate(sizes):
        noise = rng.integers(0, 255, (height, width, 3), np.uint8)
        cv2.imwrite(str(path / f'{i}.png'), cv2.GaussianBlur(noise, (0, 0), 2))
    people = []
    for number in range(14):
        joints = np.c_[rng.uniform(5, 85, (17, 2)), rng.integers(0, 3, 17)]
        if number == 5:
            joints[:, 2] = 0  # nobody can be seen
        people.append(
            dict(
                id=number + 1, image_id=number % 3, category_id=1, iscrowd=0,
                area=2000.0, bbox=[10.0, 10.0, 60.0, 70.0],
                num_keypoints=int((joints[:, 2] > 0).sum()) or 1,
                keypoints=joints.ravel().tolist(),
            )
        )  # fmt: skip
    content = dict(
        images=[
            dict(id=i, file_name=f'{i}.png', width=w, height=h)
            for i, (h, w) in enumerate(sizes)
        ],
        annotations=people,
        categories=[dict(id=1, name='person')],
    )
    (path / 'people.json').write_text(json.dumps(content))
    return path


def pipeline(*changes, load='LoadImage'):
    """MMPose's training pipeline; each change replaces a step, or drops it."""
    steps = dict(
        load=dict(type=load),
        box=dict(type='GetBBoxCenterScale'),
        flip=dict(type='RandomFlip', direction='horizontal'),
        half=dict(type='RandomHalfBody'),
        move=dict(type='RandomBBoxTransform'),
        crop=dict(type='TopdownAffine', input_size=SIZE),
        target=dict(type='GenerateTarget', encoder=CODEC),
        pack=dict(type='PackPoseInputs'),
    )
    for name, step in changes:
        steps[name] = step
    return [step for step in steps.values() if step]


def dataset(folder, steps, lean=False, **kwargs):
    init_default_scope('mmpose')
    config = dict(
        type='CocoDataset', data_root=str(folder), ann_file='people.json',
        data_prefix=dict(img=''), pipeline=copy.deepcopy(steps), **kwargs,
    )  # fmt: skip
    return DATASETS.build(dict(type='LeanDataset', dataset=config) if lean else config)


def samples(data, rounds=6):
    np.random.seed(1)  # noqa: NPY002
    return [data[i] for _ in range(rounds) for i in range(len(data))]


FLIP = ('flip', dict(type='DeferredRandomFlip', direction='horizontal'))


@pytest.mark.parametrize('direction', ['horizontal', 'vertical', 'diagonal'])
def test_a_deferred_flip_is_exact_or_near(folder, direction):
    flip = dict(direction=direction, prob=0.7)
    plain = ('flip', dict(type='RandomFlip', **flip))
    deferred = ('flip', dict(type='DeferredRandomFlip', **flip))
    theirs = samples(dataset(folder, pipeline(plain)))
    for exact in (True, False):
        crop = dict(type='FlipTopdownAffine', input_size=SIZE, exact=exact)
        ours = samples(dataset(folder, pipeline(deferred, ('crop', crop))))
        flips, gaps = 0, []
        for a, b in zip(theirs, ours, strict=True):
            x, y = a['data_samples'], b['data_samples']
            flips += x.flip
            assert x.flip == y.flip
            assert x.flip_direction == y.flip_direction
            assert torch.equal(x.gt_fields.heatmaps, y.gt_fields.heatmaps)
            for name in ('keypoints', 'keypoints_visible', 'bboxes', 'bbox_scales'):
                np.testing.assert_array_equal(
                    x.gt_instances[name], y.gt_instances[name]
                )
            gaps.append((a['inputs'].int() - b['inputs'].int()).abs())
        assert 20 < flips < len(theirs)
        gaps = torch.stack(gaps)
        if exact:
            assert not gaps.any()
        else:
            assert 0 < gaps.max() <= 7
            assert gaps.float().mean() < 0.02


def test_random_boxes_draw_the_same_numbers(folder):
    theirs = samples(dataset(folder, pipeline()), rounds=3)
    move = ('move', dict(type='FastRandomBBoxTransform'))
    ours = samples(dataset(folder, pipeline(move)), rounds=3)
    for a, b in zip(theirs, ours, strict=True):
        x, y = (s['data_samples'] for s in (a, b))
        np.testing.assert_allclose(x.input_scale, y.input_scale, rtol=1e-6)
        np.testing.assert_allclose(x.input_center, y.input_center, rtol=1e-5)


def test_lean_samples_hold_what_targets_need(folder):
    theirs = samples(dataset(folder, pipeline()), rounds=1)
    lean = pipeline(('target', None), ('pack', dict(type='PackLeanInputs')))
    ours = samples(dataset(folder, lean, lean=True), rounds=1)
    encoder = BatchMSRAHeatmap(**{k: v for k, v in CODEC.items() if k != 'type'})
    for a, b in zip(theirs, ours, strict=True):
        assert torch.equal(a['inputs'], b['inputs'])
        maps, weights = encoder.batch_encode(
            b['keypoints'][None], b['keypoints_visible'][None]
        )
        truth = a['data_samples']
        torch.testing.assert_close(maps[0], truth.gt_fields.heatmaps, rtol=0, atol=1e-6)
        assert torch.equal(weights, truth.gt_instance_labels.keypoint_weights)
        assert b['img_path'] == truth.img_path
    sizes = [sum(v.nbytes for v in s.values() if hasattr(v, 'nbytes')) for s in ours]
    maps = 4 * 17 * 12 * 16
    assert max(sizes) < (3 * 48 * 64 + maps) * 0.5 + 500


def test_the_lean_data_set_shares_the_metainfo_and_nothing_else(folder):
    plain, lean = dataset(folder, []), dataset(folder, [], lean=True)
    assert len(lean) == len(plain) == 14
    assert lean.metainfo['dataset_name'] == 'coco'
    a, b = plain.get_data_info(3), lean.get_data_info(3)
    assert a.keys() == b.keys()
    assert str(a) == str(b)
    assert b['flip_indices'] is lean.get_data_info(4)['flip_indices']
    assert a['flip_indices'] is not plain.get_data_info(4)['flip_indices']
    with pytest.raises(
        ConfigError, match="dataset='CombinedDataset' is not a data set"
    ):
        DATASETS.build(dict(
            type='LeanDataset',
            dataset=dict(type='CombinedDataset', metainfo=dict(
                from_file='configs/_base_/datasets/coco.py'), datasets=[]),
        ))  # fmt: skip


def test_packing_without_a_crop_is_refused(folder):
    steps = pipeline(
        ('crop', None), ('target', None), ('pack', dict(type='PackLeanInputs'))
    )
    with pytest.raises(ConfigError, match='have no key points of one person'):
        dataset(folder, steps)[0]


def test_boxes_of_an_image_come_together_and_decode_once(folder, monkeypatch):
    val = pipeline(*((n, None) for n in ('flip', 'half', 'move', 'target')))
    theirs = dataset(folder, val, test_mode=True)
    cached = pipeline(
        *((n, None) for n in ('flip', 'half', 'move', 'target')),
        load='LoadCachedImage',
    )
    ours = dataset(folder, cached, lean=True, test_mode=True)
    order = list(ImageGroupedSampler(ours))
    assert sorted(order) == list(range(14))
    images = [ours.get_data_info(i)['img_id'] for i in order]
    assert images == sorted(images)
    decoded = Counter()
    plain = LoadCachedImage.__mro__[1]._load

    def counted(self, path):
        decoded[path] += 1
        return plain(self, path)

    monkeypatch.setattr(LoadCachedImage.__mro__[1], '_load', counted)
    found = {i: ours[i] for i in order}
    assert set(decoded.values()) == {1}
    assert len(decoded) == 3
    for i in range(14):
        expected = theirs[i]
        assert torch.equal(found[i]['inputs'], expected['inputs'])
        assert found[i]['data_samples'].id == expected['data_samples'].id
        assert found[i]['data_samples'].ori_shape == expected['data_samples'].ori_shape


@pytest.mark.parametrize('round_up', [False, True])
@pytest.mark.parametrize('count', [14, 12, 3, 1])
def test_processes_get_as_many_as_from_mmengines_sampler(round_up, count, monkeypatch):
    class Boxes:
        def get_data_info(self, index):
            return dict(img_path=index % 4)

        def __len__(self):
            return count

    world, parts, sizes = 4, [], []
    for rank in range(world):
        monkeypatch.setattr(
            image_grouped_sampler, 'get_dist_info', lambda rank=rank: (rank, world)
        )
        monkeypatch.setattr(
            'mmengine.dataset.sampler.get_dist_info', lambda rank=rank: (rank, world)
        )
        sampler = ImageGroupedSampler(Boxes(), round_up=round_up)
        parts.append(list(sampler))
        assert len(sampler) == len(parts[-1])
        real = parts[-1][: count // world + (rank < count % world)]
        assert [i % 4 for i in real] == sorted(i % 4 for i in real)
        sizes.append(
            len(list(DefaultSampler(Boxes(), shuffle=False, round_up=round_up)))
        )
    assert [len(part) for part in parts] == sizes
    # As MMEngine collects results: in turn, cut to the data set's length.
    rows = range(max(map(len, parts)))
    collected = [part[row] for row in rows for part in parts if row < len(part)]
    assert sorted(collected[:count]) == list(range(count))
    with pytest.raises(ConfigError, match='shuffle=True would separate'):
        ImageGroupedSampler(Boxes(), shuffle=True)


def test_the_cache_keeps_to_its_bounds(folder):
    load = LoadCachedImage(images=2, megabytes=1)
    paths = [str(folder / f'{i}.png') for i in range(3)]
    for path in paths * 2:
        image = load(dict(img_path=path))['img']
        assert len(load._kept) <= 2
        assert load.cached_bytes <= 1 << 20
    with pytest.raises(ValueError, match='read-only'):
        image[0] = 0
    large = folder / 'large.bmp'
    cv2.imwrite(str(large), np.zeros((700, 700, 3), np.uint8))
    image = load(dict(img_path=str(large)))['img']
    assert str(large) not in load._kept
    image[0] = 1  # nobody else has it
    assert load(dict(img_path=str(large)))['img'][0, 0, 0] == 0
    assert copy.deepcopy(load)._kept == {}
    with pytest.raises(ConfigError, match='images=0'):
        LoadCachedImage(images=0)


class DiesAt(torch.utils.data.Dataset):
    """A data set whose worker is killed at one sample."""

    def __len__(self):
        return 8

    def __getitem__(self, index):
        if index == 5:
            import os
            import signal

            os.kill(os.getpid(), signal.SIGKILL)
        return dict(keypoints=torch.zeros(2))


@pytest.mark.slow
def test_a_worker_that_dies_is_an_error_and_no_hang():
    # PyTorch raises in a signal handler, wherever the process is: not in this one.
    context = multiprocessing.get_context('fork')
    with ProcessPoolExecutor(1, context) as pool:
        said = pool.submit(message_of_a_lost_worker).result(60)
    assert re.search('exited unexpectedly|is killed by signal', said)


def message_of_a_lost_worker():
    try:
        try:
            return f'no error: {len(list(DataLoader(DiesAt(), 2, num_workers=1)))}'
        except RuntimeError as error:
            return str(error)
    except RuntimeError as error:  # the signal came while the first was handled
        return str(error)


def test_a_fast_pack_is_equal(folder):
    for steps in (pipeline(), pipeline(('target', None))):
        fast = [*steps[:-1], dict(type='FastPackPoseInputs', pack_transformed=True)]
        steps[-1] = dict(type='PackPoseInputs', pack_transformed=True)
        theirs = samples(dataset(folder, steps), rounds=2)
        ours = samples(dataset(folder, fast), rounds=2)
        for a, b in zip(theirs, ours, strict=True):
            assert torch.equal(a['inputs'], b['inputs'])
            assert b['inputs'].is_contiguous()
            x, y = a['data_samples'], b['data_samples']
            assert set(x.metainfo_keys()) == set(y.metainfo_keys()) > {'flip_indices'}
            for name, value in x.metainfo_items():
                np.testing.assert_equal(y.get(name), value, name)
            assert set(x.keys()) == set(y.keys())
            for name in ('gt_instances', 'gt_instance_labels', 'gt_fields'):
                if name in x:
                    parts = x.get(name), y.get(name)
                    assert set(parts[0].keys()) == set(parts[1].keys())
                    for key, value in parts[0].items():
                        np.testing.assert_equal(np.array(parts[1].get(key)), value, key)


def test_a_fast_pack_takes_what_is_no_image_as_mmpose_does():
    packs = [
        TRANSFORMS.build(dict(type=t)) for t in ('PackPoseInputs', 'FastPackPoseInputs')
    ]
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 255, (6, 4, 3), np.uint8) for _ in range(2)]
    for results in (
        dict(img=images),  # a sequence
        dict(img=images[0][..., 0]),  # gray
        dict(lifting_target=np.ones(1), keypoints=np.ones((1, 2, 3))),
    ):
        theirs, ours = (pack(dict(results))['inputs'] for pack in packs)
        assert torch.equal(theirs, ours)


def test_a_flip_that_nobody_does_is_refused(folder):
    lean = (('target', None), ('pack', dict(type='PackLeanInputs')))
    flip = ('flip', dict(type='DeferredRandomFlip', direction='horizontal', prob=1.0))
    fast = (('pack', dict(type='FastPackPoseInputs')),)
    for pack in (lean, fast):
        with pytest.raises(ConfigError, match='put FlipTopdownAffine between'):
            dataset(folder, pipeline(flip, *pack))[0]
