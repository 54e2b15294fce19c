import math

import pytest
import torch
from mmpose.models.losses import OKSLoss

from mmpose_ext.models.losses import MicroOKSLoss
from mmpose_ext.utils import ConfigError

COCO = 'configs/_base_/datasets/coco.py'


def test_known_distances():
    # Areas 100 and 400; 4 sigma^2 = 1 without sigmas.
    target = torch.zeros(2, 3, 2)
    output = target.clone()
    output[0, 1, 0] = 5  # 25 / 100
    output[1, 0] = torch.tensor([6.0, 8.0])  # 100 / 400
    output[1, 2, 1] = 40  # 1600 / 400
    output[0, 2] = 1e6  # not annotated
    visible = torch.tensor([[1.0, 1, 0], [1, 1, 1]])
    loss = MicroOKSLoss(loss_weight=0.1)(
        output, target, visible, torch.tensor([100.0, 400.0])
    )
    parts = [0, 1 - math.exp(-0.25), 1 - math.exp(-0.25), 0, 1 - math.exp(-4)]
    assert loss.item() == pytest.approx(0.1 * sum(parts) / 5, rel=1e-5)


def test_sigmas_and_the_doubled_exponent():
    loss = MicroOKSLoss(metainfo=COCO)
    sigma = loss.sigmas[5].item()  # Left shoulder.
    assert sigma == pytest.approx(0.079)
    target = torch.zeros(1, 17, 2)
    output = target.clone()
    output[0, 5, 0] = 2 * sigma * 10  # d^2 = 4 sigma^2 * area
    visible = torch.zeros(1, 17)
    visible[0, 5] = 1
    value = loss(output, target, visible, torch.tensor([100.0])).item()
    assert value == pytest.approx(1 - math.exp(-1), rel=1e-5)


def test_joints_count_and_not_people():
    # 1 joint far off, and 3 in place: 1 / 4, where a mean over people has 1 / 2.
    target = torch.zeros(2, 3, 2)
    output = target.clone()
    output[0, 0] = 1e4
    visible = torch.tensor([[1.0, 0, 0], [1, 1, 1]])
    areas = torch.full((2,), 100.0)
    assert MicroOKSLoss()(output, target, visible, areas).item() == pytest.approx(1 / 4)
    macro = OKSLoss(norm_target_weight=True)(output, target, visible, areas)
    assert macro.item() == pytest.approx(1 / 2)


def test_nothing_annotated_is_zero_whatever_stands_there():
    loss = MicroOKSLoss()
    for count in (0, 2):
        output = torch.full((count, 3, 2), float('inf'), requires_grad=True)
        value = loss(
            output,
            torch.full((count, 3, 2), float('nan')),
            torch.zeros(count, 3),
            torch.ones(count),
        )
        value.backward()
        assert value == 0
        assert not output.grad.any()


def test_gradient():
    generator = torch.Generator().manual_seed(0)
    target = torch.rand(3, 5, 2, generator=generator, dtype=torch.double)
    output = target + 0.2 * torch.rand(3, 5, 2, generator=generator)
    visible = torch.tensor([[1, 0, 1, 1, 0]] * 3)
    areas = torch.tensor([0.5, 1.0, 2.0]).double()
    assert torch.autograd.gradcheck(
        lambda o: MicroOKSLoss()(o, target, visible, areas), output.requires_grad_()
    )


def test_gradient_is_finite_on_the_spot():
    output = torch.zeros(1, 2, 2, requires_grad=True)
    MicroOKSLoss()(
        output, torch.zeros(1, 2, 2), torch.ones(1, 2), torch.ones(1)
    ).backward()
    assert output.grad.isfinite().all()


def test_widenings_are_averaged_and_reach_further():
    target, visible, areas = torch.zeros(1, 1, 2), torch.ones(1, 1), torch.ones(1)
    far = torch.tensor([[[6.0, 0.0]]], requires_grad=True)
    wide = MicroOKSLoss(widenings=(1, 3))(far, target, visible, areas)
    expected = 1 - (math.exp(-36) + math.exp(-36 / 9)) / 2
    assert wide.item() == pytest.approx(expected, rel=1e-5)
    wide.backward()
    assert far.grad.abs().max() > 1e-3
    far.grad = None
    MicroOKSLoss()(far, target, visible, areas).backward()
    assert far.grad.abs().max() < 1e-12
    with pytest.raises(ValueError, match=r'MicroOKSLoss: widenings=\(0,\)'):
        MicroOKSLoss(widenings=(0,))


def test_what_is_fixed():
    with pytest.raises(ValueError, match="MicroOKSLoss: mode='log' is fixed"):
        MicroOKSLoss(mode='log', reduction='sum')


@pytest.mark.parametrize('value', ['nowhere/people.py', 7, ['a.py']])
def test_a_metainfo_that_is_no_file(value):
    with pytest.raises(ConfigError, match='MicroOKSLoss: metainfo=.*is not a'):
        MicroOKSLoss(metainfo=value)


def test_a_metainfo_without_sigmas(tmp_path):
    path = tmp_path / 'people.py'
    info = dict(
        dataset_name='people',
        keypoint_info={0: dict(name='nose', id=0, color=[0, 0, 0], type='', swap='')},
        skeleton_info={},
        joint_weights=[1.0],
        sigmas=[],
    )
    path.write_text(f'dataset_info = {info}\n')
    with pytest.raises(ConfigError, match='MicroOKSLoss: metainfo=.* has no sigmas'):
        MicroOKSLoss(metainfo=str(path))
