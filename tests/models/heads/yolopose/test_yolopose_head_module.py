import inspect
import math

import pytest
import torch

from mmpose_ext.models.heads.yolopose import YOLOPoseHeadModule
from mmpose_ext.models.heads.yolopose.layout import split_joint
from mmpose_ext.testing import count_parameters, parameters_without_gradient

FULL = (128, 256, 384, 512)
SMALL = dict(in_channels=(8, 12), strides=(8, 16), num_keypoints=4)


@pytest.fixture
def feats():
    torch.manual_seed(0)
    return torch.randn(2, 8, 6, 4), torch.randn(2, 12, 3, 2)


def test_counts():
    plain = YOLOPoseHeadModule(FULL)
    implicit = YOLOPoseHeadModule(FULL, implicit=True)
    assert count_parameters(plain) == 2_774_444
    assert count_parameters(implicit) - count_parameters(plain) == 3_244
    assert count_parameters(plain.box_branches) == 23_112


@pytest.mark.parametrize('layout', ['split', 'joint'])
@pytest.mark.parametrize('implicit', [False, True])
def test_shapes(feats, implicit, layout):
    head = YOLOPoseHeadModule(**SMALL, implicit=implicit, layout=layout)
    boxes, points = head(feats)
    assert [tuple(b.shape) for b in boxes] == [(2, 18, 6, 4), (2, 18, 3, 2)]
    assert [tuple(p.shape) for p in points] == [(2, 36, 6, 4), (2, 36, 3, 2)]


def test_number_of_predictions_at_960():
    cells = sum((960 // stride) ** 2 for stride in (8, 16, 32, 64))
    assert 3 * cells == 57_375


def test_a_branch_by_hand(feats):
    head = YOLOPoseHeadModule(**SMALL, implicit=True).eval()
    branch = head.kpt_branches[1]
    x = feats[1] + branch.add.implicit
    for i in range(5):
        x = branch.layers[i].pointwise_conv(branch.layers[i].depthwise_conv(x))
    x = branch.layers[6](branch.layers[5](x)) * branch.multiply.implicit
    torch.testing.assert_close(head(feats)[1][1], x)
    depthwise = branch.layers[5].conv
    assert depthwise.groups == depthwise.in_channels == 12


def test_implicit_at_the_identity_is_off(feats):
    on = YOLOPoseHeadModule(**SMALL, implicit=True).eval()
    off = YOLOPoseHeadModule(**SMALL).eval()
    missing, unexpected = off.load_state_dict(on.state_dict(), strict=False)
    assert not missing
    assert all(name.endswith('.implicit') for name in unexpected)
    assert len(unexpected) == 8
    assert not torch.allclose(on(feats)[0][0], off(feats)[0][0])
    for name, parameter in on.named_parameters():
        if name.endswith('implicit'):
            torch.nn.init.constant_(parameter, float('multiply' in name))
    for a, b in zip(on(feats), off(feats), strict=True):
        torch.testing.assert_close(a, b)


def test_the_joint_layout_by_hand():
    # Channels numbered in the order of both branches, for 3 anchors and 17 points.
    channels = torch.arange(171).view(1, -1, 1, 1)
    box, kpt = split_joint(channels[:, :18], channels[:, 18:], 3)
    box, kpt = box.flatten().tolist(), kpt.flatten().tolist()
    assert box == [*range(6), *range(57, 63), *range(114, 120)]
    assert kpt == [*range(6, 57), *range(63, 114), *range(120, 171)]


def test_the_layouts_differ_in_the_order_alone(feats):
    split = YOLOPoseHeadModule(**SMALL).eval()
    joint = YOLOPoseHeadModule(**SMALL, layout='joint').eval()
    joint.load_state_dict(split.state_dict())
    (box, kpt), (box_j, kpt_j) = ([m[0] for m in h(feats)] for h in (split, joint))
    torch.testing.assert_close(box_j[:, :6], box[:, :6])
    torch.testing.assert_close(kpt_j[:, :12], torch.cat((box[:, 6:], kpt), 1)[:, :12])
    torch.testing.assert_close(box_j[:, 6:12], kpt[:, :6])  # channels 18 to 23
    assert not torch.allclose(box_j, box)


@pytest.mark.parametrize('layout', ['split', 'joint'])
def test_biases_start_as_published(layout):
    head = YOLOPoseHeadModule(**SMALL, layout=layout)
    head.init_weights()
    head.eval()
    zeros = tuple(torch.zeros(1, c, 1, 1) for c in (8, 12))
    for branch in head.kpt_branches:
        # Let the last bias alone speak.
        torch.nn.init.zeros_(branch.layers[-1].weight)
    boxes, _ = head(zeros)
    for stride, box in zip((8, 16), boxes, strict=True):
        box = box.view(3, 6)
        prior = math.log(8 / (640 / stride) ** 2)
        torch.testing.assert_close(box[:, 4], torch.full((3,), prior))
        torch.testing.assert_close(box[:, 5], torch.full((3,), math.log(60)))
        assert box[:, :4].abs().max() < 1


def test_convolutions_start_as_torchs_own():
    torch.manual_seed(0)
    head = YOLOPoseHeadModule(FULL)
    head.init_weights()
    for module in head.modules():
        if isinstance(module, torch.nn.Conv2d):
            bound = (
                module.in_channels // module.groups * module.weight[0, 0].numel()
            ) ** -0.5
            assert bound * 0.95 < module.weight.abs().max() <= bound


@pytest.mark.parametrize('implicit', [False, True])
def test_every_parameter_learns(feats, implicit):
    head = YOLOPoseHeadModule(**SMALL, implicit=implicit)
    head.init_weights()
    sum(m.square().mean() for maps in head(feats) for m in maps).backward()
    assert parameters_without_gradient(head) == []


@pytest.mark.parametrize(
    ('kwargs', 'message'),
    [
        (dict(num_anchors=0), 'YOLOPoseHeadModule: num_anchors=0'),
        (dict(num_keypoints=0), 'YOLOPoseHeadModule: num_keypoints=0'),
        (
            dict(layout='mixed'),
            "layout='mixed' is unknown; choose from 'split', 'joint'",
        ),
        (dict(implicit='yes'), "implicit='yes' is unknown; choose from False, True"),
        (
            dict(strides=(8,)),
            r'in_channels=\(8, 12\) differs in length from strides=\(8,\)',
        ),
        (dict(in_channels=(8,)), r'in_channels=\(8,\) differs in length from strides'),
        (dict(in_channels=8), 'YOLOPoseHeadModule: in_channels=8'),
        (dict(in_channels=(8, -1)), r'YOLOPoseHeadModule: in_channels=\(8, -1\)'),
    ],
)
def test_bad_arguments(kwargs, message):
    with pytest.raises(ValueError, match=message):
        YOLOPoseHeadModule(**{**SMALL, **kwargs})


def test_another_number_of_maps(feats):
    with pytest.raises(ValueError, match=r'in_channels=\(8, 12\) does not fit 1 maps'):
        YOLOPoseHeadModule(**SMALL)(feats[:1])


def test_published_strides_by_default():
    defaults = inspect.signature(YOLOPoseHeadModule).parameters
    assert defaults['strides'].default == (8, 16, 32, 64)
