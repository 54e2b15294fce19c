"""Variants that change steps of the pipelines, the schedule or the test data."""

import pytest
from config_facts import CONFIGS, differences, load, rates_of, steps_of

COCO, MPII = 'coco-256x192', 'mpii-256x256'
NTU = 'daunet/td-hm_daunet_1xb128-200e_mpii-256x256_ntu60'
PYRAMIDS = sorted(
    str(path.relative_to(CONFIGS).with_suffix(''))
    for path in CONFIGS.rglob('*_pyramid.py')
)


def test_halving_every_24_epochs():
    name = f'ca_hrnet/ablations/td-hm_ca-hrnet-w32_1xb16-210e-halving_{COCO}'
    halved = {24 * n: pytest.approx(5e-4 / 2**n) for n in range(9)}
    assert rates_of(load(name)) == halved


@pytest.mark.parametrize('data', [COCO, MPII])
def test_scale_and_flip_to_the_letter(data):
    literal = load(f'sdhrnet/ablations/td-hm_sdhrnet_4xb32-210e-scale-flip_{data}')
    _, flip, box, _ = steps_of(literal.train_dataloader.dataset.pipeline)
    assert flip == ('RandomFlip', dict(prob=0.5, direction='horizontal'))
    kind, values = box
    assert kind == 'RandomBBoxTransform'
    assert (values['shift_prob'], values['rotate_prob']) == (0, 0)
    assert (values['scale_prob'], values['scale_factor']) == (1.0, (0.5, 1.5))


@pytest.mark.parametrize('child', PYRAMIDS)
def test_six_scales(child):
    config = load(child)
    box, pyramid = steps_of(config.test_dataloader.dataset.pipeline)
    assert box == ('GetBBoxCenterScale', dict(padding=1.25))
    assert pyramid == ('TopdownPyramid', dict(scales=(0.8, 0.9, 1.0, 1.1, 1.2, 1.3)))
    assert config.model.test_cfg.flip_test


def test_ntu_is_for_testing_alone():
    # Section 4.5: "the X-Sub validation"; both metrics are our choice.
    delta = differences(load(f'daunet/td-hm_daunet_1xb128-200e_{MPII}'), load(NTU))
    kinds = {path.split('.')[0].split('[')[0] for path in delta}
    assert kinds == {
        *('val_dataloader', 'test_dataloader', 'val_evaluator', 'test_evaluator'),
        'default_hooks',
    }
    config = load(NTU)
    (part,) = config.test_dataloader.dataset.datasets
    assert (part.type, part.ann_file) == (
        'Ntu60Dataset',
        'annotations/ntu60_xsub-val.json',
    )
    assert [(m.type, m.thr) for m in config.test_evaluator] == [
        ('PCKhAccuracy', 0.5),
        ('TorsoPCKAccuracy', 0.2),
    ]
