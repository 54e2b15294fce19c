import pytest
import torch
from mmpose.models.backbones import HourglassNet
from mmpose.models.backbones.resnet import BasicBlock
from mmpose.registry import MODELS

from mmpose_ext.models.backbones import FortifiedHourglass
from mmpose_ext.models.layers import RFM
from mmpose_ext.testing import parameters_without_gradient

SMALL = dict(
    stage_channels=(8, 12, 16),
    stage_blocks=(1, 2, 1),
    in_channels=8,
    stem_channels=4,
    block_cfg=dict(se_ratio=4),
)


def small(**options):
    torch.manual_seed(0)
    options = {**SMALL, **options}
    if options.get('block') == 'BasicBlock':
        options.pop('block_cfg')
    return FortifiedHourglass(**options)


def test_it_is_mmposes_hourglass_weight_for_weight():
    torch.manual_seed(0)
    widths, blocks = (256, 8, 12), (1, 2, 1)
    theirs = HourglassNet(2, 1, widths, blocks, feat_channel=8)
    ours = FortifiedHourglass(
        widths, blocks, block='BasicBlock', in_channels=256, stem_channels=128
    )
    renamed = {
        key.replace('hourglass_modules.0.', 'hourglass.'): value
        for key, value in theirs.state_dict().items()
    }
    report = ours.load_state_dict(renamed, strict=False)
    assert not report.missing_keys
    # What is left: their last 3x3, and a block that they never use.
    assert {k.split('.')[0] for k in report.unexpected_keys} == {'out_convs', 'inters'}
    x = torch.randn(1, 3, 64, 32)
    with torch.no_grad():
        feats = ours(x)
        expected = theirs(x)[0]
        torch.testing.assert_close(theirs.out_convs[0](feats[0]), expected)


@pytest.mark.parametrize('size', [(64, 64), (96, 64), (32, 16)])
@pytest.mark.parametrize('block', ['RFM', 'BasicBlock'])
def test_all_scales_come_out(block, size):
    feats = small(block=block)(torch.randn(2, 3, *size))
    assert [tuple(f.shape) for f in feats] == [
        (2, c, size[0] // s, size[1] // s) for c, s in ((8, 4), (12, 8), (16, 16))
    ]


def test_the_full_network_takes_256x192_where_mmposes_fails():
    with torch.device('meta'):
        ours, theirs = FortifiedHourglass(), HourglassNet(num_stacks=1)
        x = torch.randn(1, 3, 256, 192)
        shapes = [tuple(f.shape[1:]) for f in ours(x)]
        assert shapes == [(64, 64, 48), (128, 32, 24), (256, 16, 12), (512, 8, 6)]
        with pytest.raises(RuntimeError, match='broadcast'):
            theirs(x)


@pytest.mark.parametrize('size', [(72, 64), (64, 65), (8, 8)])
def test_sizes_that_do_not_divide(size):
    with pytest.raises(ValueError, match='must be multiples of 16') as caught:
        small()(torch.randn(1, 3, *size))
    assert f'({size[1]}, {size[0]})' in str(caught.value)
    assert 'input_size' in str(caught.value)


@pytest.mark.parametrize('block', ['RFM', 'BasicBlock'])
def test_training_reaches_everything_from_the_finest_map(block):
    model = small(block=block)
    model.init_weights()
    model(torch.randn(2, 3, 64, 32))[0].square().sum().backward()
    assert parameters_without_gradient(model) == []


def test_the_block_is_chosen_by_name():
    kinds = {}
    for name in ('RFM', 'BasicBlock'):
        model = small(block=name)
        kinds[name] = {type(m) for m in model.modules() if isinstance(m, BasicBlock)}
    assert kinds == {'RFM': {RFM}, 'BasicBlock': {BasicBlock}}

    class OwnBlock(BasicBlock):
        pass

    MODELS.register_module(name='OwnBlockOfTheTest', module=OwnBlock, force=True)
    model = small(block='OwnBlockOfTheTest', block_cfg=None)
    assert any(type(m) is OwnBlock for m in model.modules())


def test_num_outs_keeps_the_finest():
    x = torch.randn(1, 3, 32, 32)
    assert len(small(num_outs=2)(x)) == 2
    torch.testing.assert_close(small(num_outs=1)(x)[0], small()(x)[0])


def test_block_options_arrive():
    x = torch.randn(1, 3, 32, 32)
    far = small(block_cfg=dict(se_ratio=4, rate=3))(x)[0]
    assert not torch.equal(far, small()(x)[0])


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(block='Bottleneck'), "block='Bottleneck' names no residual block"),
        (dict(block='SGE'), "block='SGE' names no residual block"),
        (dict(block=None), 'block=None names no residual block'),
        (dict(stage_blocks=(1, 2)), r'stage_blocks=\(1, 2\) must be a list of 3'),
        (dict(stage_channels=(8,), stage_blocks=(1,)), 'a list of 2 or more'),
        (dict(stage_channels=(8, 0, 16)), r'stage_channels=\(8, 0, 16\)'),
        (dict(stage_blocks=(1, 0, 1)), r'stage_blocks=\(1, 0, 1\)'),
        (
            dict(num_outs=4),
            'num_outs=4 is more than .*; choose from 1 to 3',
        ),
        (dict(num_outs=0), 'num_outs=0'),
        (dict(in_channels=-1), 'in_channels=-1'),
    ],
)
def test_bad_configs(options, message):
    with pytest.raises(ValueError, match=message):
        small(**options)
