import inspect

import pytest
import torch
from calibrated import calibrate
from mmengine.structures import InstanceData, PixelData
from mmpose.codecs import MSRAHeatmap
from mmpose.structures import PoseDataSample

from mmpose_ext.models.heads import SADIHead
from mmpose_ext.testing import parameters_without_gradient

CODEC = dict(
    type='IntegralRegressionLabel',
    input_size=(64, 64),
    heatmap_size=(16, 16),
    sigma=1.5,
    normalize=False,
)
SFM = dict(
    type='SpatialFusion',
    head_channels=(4, 8),
    final_channels=16,
    global_attention=dict(type='GlobalAttention', embed_channels=8),
)


def head_of(**options):
    torch.manual_seed(0)
    head = SADIHead(
        **{
            **dict(
                in_channels=(8, 12),
                out_channels=3,
                conv_out_channels=(8,),
                sfm=SFM,
                loss=dict(type='KeypointMSELoss', use_target_weight=True),
                decoder=CODEC,
            ),
            **options,
        }
    )
    head.init_weights()
    return head


def feats():
    torch.manual_seed(1)
    return (torch.randn(2, 8, 16, 16), torch.randn(2, 12, 8, 8))


def samples(weights=((1, 1, 1), (1, 0, 1))):
    torch.manual_seed(2)
    out = []
    for weight in weights:
        sample = PoseDataSample()
        sample.gt_fields = PixelData(heatmaps=torch.rand(3, 16, 16))
        sample.gt_instance_labels = InstanceData(
            keypoint_labels=torch.rand(1, 3, 2),
            keypoint_weights=torch.tensor([weight]).float(),
        )
        out.append(sample)
    return out


def total(losses):
    return sum(value for name, value in losses.items() if 'loss' in name)


def test_what_a_joint_without_annotation_holds_has_no_influence():
    results = []
    for value in (0.25, torch.nan, torch.inf):
        head, batch = head_of(rle_weight=0.5), samples()
        batch[1].gt_instance_labels.keypoint_labels[0, 1] = value
        batch[1].gt_fields.heatmaps[1] = value
        losses = head.loss(feats(), batch)
        total(losses).backward()
        grads = [p.grad for p in head.parameters() if p.grad is not None]
        results.append((total(losses), losses['acc_pose'], losses['acc_h2'], *grads))
    assert all(tensor.isfinite().all() for tensor in results[0])
    for other in results[1:]:
        torch.testing.assert_close(other, results[0], rtol=0, atol=0)


def test_the_loss_by_hand():
    head = head_of(rle_weight=0.5).eval()
    losses = head.loss(feats(), samples())
    h1, h2 = head.h1(feats()), head.h2(feats())
    mu, sigma = head.distribution(feats())
    truth = torch.stack([s.gt_fields.heatmaps for s in samples()])
    visible = torch.tensor([[1.0, 1, 1], [1, 0, 1]])
    chi = sigma.mean(-1)
    by_joint = [(maps - truth).square().mean(dim=(2, 3)) for maps in (h1, h2)]
    torch.testing.assert_close(
        losses['loss_h1'], (visible * (1 - chi) * by_joint[0]).mean()
    )
    torch.testing.assert_close(losses['loss_h2'], (visible * chi * by_joint[1]).mean())
    positions = torch.cat([s.gt_instance_labels.keypoint_labels for s in samples()])
    nll = head.dlm.rle(mu, torch.logit(sigma), positions, visible[..., None])
    torch.testing.assert_close(losses['loss_rle'], 0.5 * nll)
    assert losses['sigma'] == sigma.mean()
    assert {'acc_pose', 'acc_h2'} < set(losses)
    assert 'acc_h2' not in head.loss(feats(), samples(), dict(compute_acc=False))


def test_each_accuracy_is_of_its_own_map():
    head, batch = calibrate(head_of()), samples(((1, 1, 1),))
    truth = batch[0].gt_fields.heatmaps
    for maps, expected in ((truth, (1.0, 0.0)), (truth.flip(-1, -2), (0.0, 1.0))):
        # H1 is right where H2 is turned around, and the other way about.
        head.h1 = lambda feats, maps=maps: maps[None]
        head.dlm.forward = lambda *args, maps=maps: maps.flip(-1, -2)[None]
        losses = head.loss(tuple(f[:1] for f in feats()), batch)
        assert (losses['acc_pose'].item(), losses['acc_h2'].item()) == expected


def test_the_weight_of_the_likelihood_by_default():
    # The value behind the results of docs/papers/sadinet.md; not in the paper.
    one, full = (head_of(**options) for options in ({}, dict(rle_weight=1.0)))
    ratio = [head.loss(feats(), samples())['loss_rle'].item() for head in (one, full)]
    assert ratio[0] / ratio[1] == pytest.approx(3e-6)


@pytest.mark.parametrize(
    'options',
    [
        {},
        dict(rle_weight=0.0),
        dict(weighting=dict(type='ReversedSigmaWeighting')),
        dict(weighting=dict(type='SigmaWeighting', detach=False)),
        dict(weighting=dict(type='ConstantWeighting', h1=0.5, h2=0.5)),
        dict(weighting=dict(type='ConstantWeighting')),
    ],
)
def test_training_reaches_everything_with_every_option(options):
    head = head_of(**options)
    with torch.no_grad():
        # H2 undoes what shifts and scales alone, as a fresh flow does.
        for parameter in head.dlm.flow.parameters():
            parameter += 0.1 * torch.randn_like(parameter)
    total(head.loss(feats(), samples())).backward()
    # A bias before a norm moves nothing; rounding may leave it a zero gradient.
    dead = set(parameters_without_gradient(head))
    assert dead <= {'conv_layers.0.bias'}


def test_every_option_changes_the_loss_or_its_gradient():
    def fingerprint(**options):
        head = head_of(**{'rle_weight': 0.01, **options})
        loss = total(head.loss(feats(), samples()))
        (grad,) = torch.autograd.grad(loss, head.sfm.fc.bias)
        return torch.cat((loss.detach()[None], grad))

    prints = [
        fingerprint(**options)
        for options in (
            {},
            dict(rle_weight=0.0),
            dict(rle_weight=0.1),
            dict(weighting=dict(type='ReversedSigmaWeighting')),
            dict(weighting=dict(type='SigmaWeighting', detach=False)),
            dict(weighting=dict(type='ConstantWeighting', h1=0.5, h2=0.5)),
            dict(weighting=dict(type='ConstantWeighting')),
            dict(dlm=dict(type='DistributionLearning', sigma_min=0.1)),
        )
    ]
    for i, first in enumerate(prints):
        for second in prints[i + 1 :]:
            assert not torch.allclose(first, second)


def test_without_the_likelihood_there_is_no_such_loss():
    assert 'loss_rle' not in head_of(rle_weight=0.0).loss(feats(), samples())


def test_h1_leaves_sfm_and_dlm_out():
    head = head_of().eval()
    calls = []
    for part in (head.sfm, head.dlm):
        part.register_forward_hook(lambda m, x, y: calls.append(type(m).__name__))
    torch.testing.assert_close(head(feats()), head.h1(feats()))
    assert calls == []
    head.test_output = 'h2'
    head(feats())
    assert calls == ['SpatialFusion', 'DistributionLearning']


def test_the_outputs():
    head = head_of().eval()
    mu, sigma = head.distribution(feats())
    outputs = {}
    for name in head.outputs:
        head.test_output = name
        outputs[name] = head(feats())
        assert outputs[name].shape == (2, 3, 16, 16)
    torch.testing.assert_close(outputs['h2'], head.dlm(mu, sigma, (16, 16)))
    chi = sigma.mean(-1)[..., None, None]
    torch.testing.assert_close(
        outputs['fused'], (1 - chi) * outputs['h1'] + chi * outputs['h2']
    )


def test_prediction_and_flip_with_every_output():
    for name in SADIHead.outputs:
        head = head_of(test_output=name).eval()
        batch = samples()
        for sample in batch:
            sample.set_metainfo(dict(flip_indices=[1, 0, 2]))
        poses, fields = head.predict(feats(), batch, dict(output_heatmaps=True))
        assert poses[0].keypoints.shape == (1, 3, 2)
        assert fields[0].heatmaps.shape == (3, 16, 16)
        twice = [feats(), tuple(f.flip(-1) for f in feats())]
        poses = head.predict(twice, batch, dict(flip_test=True))
        assert poses[1].keypoints.shape == (1, 3, 2)


def test_h2_stands_where_the_codec_puts_the_joint():
    """mu in units of the input decodes to the same position in input pixels."""
    head = head_of(test_output='h2').eval()
    with torch.no_grad():
        head.sfm.fc.weight.zero_()
        bias = head.sfm.fc.bias.view(3, 4)
        bias[:, :2] = torch.tensor([[0.25, 0.5], [0.5, 0.75], [0.625, 0.125]])
        bias[:, 2:] = -3
        poses = head.predict(feats(), samples())
    expected = [[16.0, 32.0], [32.0, 48.0], [40.0, 8.0]]
    # MSRAHeatmap moves by a quarter of a heat-map pixel, one input pixel.
    error = poses[0].keypoints[0] - torch.tensor(expected).numpy()
    assert abs(error).max() <= 1


def test_the_codecs_heatmap_part_decodes():
    assert isinstance(head_of().decoder, MSRAHeatmap)
    assert head_of(decoder=None).decoder is None


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
@pytest.mark.parametrize('offset', [0.0, 3e3])
def test_training_under_autocast_is_finite(dtype, offset):
    head = head_of()
    with torch.no_grad():
        # Far off, half precision would overflow in the flow.
        head.sfm.fc.bias.view(3, 4)[:, 0] += offset
        head.sfm.fc.bias.view(3, 4)[:, 2:] -= offset
    with torch.autocast('cpu', dtype=dtype):
        losses = head.loss(feats(), samples())
    assert all(torch.as_tensor(v).isfinite().all() for v in losses.values())
    total(losses).backward()
    # A likelihood so bad may overflow behind the flow, where a GradScaler steps in.
    for name, parameter in (head if not offset else head.dlm).named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name


def test_inference_in_half_precision():
    for name in SADIHead.outputs:
        head = head_of(test_output=name).eval().half()
        with torch.no_grad():
            assert head(tuple(f.half() for f in feats())).isfinite().all()


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(in_channels=8), 'SADIHead: in_channels=8'),
        (dict(in_channels=(8,)), r'SADIHead: in_channels=\(8,\)'),
        (dict(rle_weight=-1), 'SADIHead: rle_weight=-1'),
        (dict(test_output='h3'), "test_output='h3' is unknown; .*'h2', 'fused'"),
        (dict(deconv_out_channels=(8,)), r'deconv_out_channels=\(8,\)'),
        (dict(in_channels=(8, 12, 16)), 'head_channels='),
        (dict(weighting=dict(type='Nope')), 'weighting=.*choose from .*SigmaWeighting'),
        (dict(dlm=dict(type='Nope')), 'SADIHead: dlm=.*DistributionLearning'),
        (dict(sfm=dict(type='Nope')), 'SADIHead: sfm=.*SpatialFusion'),
    ],
)
def test_bad_configs(options, message):
    with pytest.raises(ValueError, match=message):
        head_of(**options)


def test_another_number_of_scales_than_the_backbones():
    head = head_of()
    three = (*feats(), torch.randn(2, 16, 4, 4))
    for call in (head, lambda x: head.loss(x, samples())):
        with pytest.raises(ValueError, match='does not fit the 3 maps of'):
            call(three)
    with pytest.raises(ValueError, match='does not fit the 1 maps of'):
        head(feats()[:1])


def test_a_codec_without_positions():
    batch = samples()
    for sample in batch:
        del sample.gt_instance_labels.keypoint_labels
    with pytest.raises(ValueError, match='have no positions'):
        head_of().loss(feats(), batch)
    with pytest.raises(ValueError, match='have no positions'):
        head_of().loss([x[:1] for x in feats()], batch[:1])


def test_defaults():
    """H1 has the layers of MMPose's hourglass; all losses train the backbone."""
    defaults = inspect.signature(SADIHead).parameters
    assert defaults['conv_out_channels'].default == (256,)
    assert defaults['conv_kernel_sizes'].default == (3,)
    assert defaults['detach_rle'].default is False
