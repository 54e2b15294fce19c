import pickle
from pathlib import Path

import pytest
import torch
from torch import nn

from mmpose_ext.checkpoints import convert_yolopose, read_published_state
from mmpose_ext.checkpoints.yolopose import reorder_focus
from mmpose_ext.testing import build_from_config

ROOT = Path(__file__).resolve().parents[2]
TOOL = 'model_converters/yolopose2mmpose.py'
CONFIGS = ROOT / 'configs' / 'lrfg_yolopose'
ANCHORS = torch.tensor(
    [
        [19, 27, 44, 40, 38, 94],
        [96, 68, 86, 152, 180, 137],
        [140, 301, 303, 264, 238, 542],
        [436, 615, 739, 380, 925, 792],
    ]
)
STRIDES = (8, 16, 32, 64)


class Conv(nn.Module):
    def __init__(self, c1, c2, k=1, s=1, g=1):
        super().__init__()
        self.conv = nn.Conv2d(c1, c2, k, s, k // 2, groups=g, bias=False)
        self.bn = nn.BatchNorm2d(c2, eps=1e-3, momentum=0.03)

    def forward(self, x):
        return nn.functional.silu(self.bn(self.conv(x)))


class FirstConv(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = Conv(12, width, 3)

    def forward(self, x):
        # Patches in reading order: row by row, column by column.
        rows = [x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)]
        return self.conv(torch.cat(rows, 1))


class Block(nn.Module):
    def __init__(self, c, shortcut):
        super().__init__()
        self.cv1, self.cv2, self.shortcut = Conv(c, c), Conv(c, c, 3), shortcut

    def forward(self, x):
        y = self.cv2(self.cv1(x))
        return x + y if self.shortcut else y


class C3(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=False):
        super().__init__()
        self.cv1, self.cv2 = Conv(c1, c2 // 2), Conv(c1, c2 // 2)
        self.cv3 = Conv(c2, c2)
        self.m = nn.Sequential(*(Block(c2 // 2, shortcut) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


class Pools(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.cv1, self.cv2 = Conv(c, c // 2), Conv(2 * c, c)

    def forward(self, x):
        x = self.cv1(x)
        pools = [nn.functional.max_pool2d(x, k, 1, k // 2) for k in (3, 5, 7)]
        return self.cv2(torch.cat((x, *pools), 1))


class Detect(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer('anchors', ANCHORS.float().view(4, 3, 2))
        self.anchors /= torch.tensor(STRIDES).view(4, 1, 1)
        self.register_buffer('anchor_grid', torch.zeros(4, 1, 3, 1, 1, 2))
        self.m = nn.ModuleList(nn.Conv2d(c, 18, 1) for c in channels)
        self.m_kpt = nn.ModuleList()
        for c in channels:
            steps = [m for _ in range(5) for m in (Conv(c, c, 3, g=c), Conv(c, c))]
            steps += [Conv(c, c, 3, g=c), nn.Conv2d(c, 153, 1)]
            self.m_kpt.append(nn.Sequential(*steps))

    def forward(self, feats):
        joined = [
            torch.cat((m(x), k(x)), 1)
            for m, k, x in zip(self.m, self.m_kpt, feats, strict=True)
        ]
        # As published: 18 + 153 channels are read as 3 x 57.
        return [j.view(len(j), 3, 57, *j.shape[2:]) for j in joined]


class Reference(nn.Module):
    """YOLOv5s6-pose by its published numbering, at a chosen width."""

    def __init__(self, w=32):
        super().__init__()
        c = [w, 2 * w, 4 * w, 8 * w, 12 * w, 16 * w]
        parts = {0: FirstConv(c[0]), 10: Pools(c[5]), 33: Detect(c[2:])}
        for i, n in zip(range(1, 6), (1, 3, 3, 1, 1), strict=True):
            parts[2 * i - 1] = Conv(c[i - 1], c[i], 3, 2)
            parts[11 if i == 5 else 2 * i] = C3(c[i], c[i], n, shortcut=i < 5)
        for i in range(3):
            deep, low = c[5 - i], c[4 - i]
            parts[12 + 4 * i] = Conv(deep, low)
            parts[15 + 4 * i] = C3(2 * low, low)
            parts[24 + 3 * i] = Conv(c[2 + i], c[2 + i], 3, 2)
            parts[26 + 3 * i] = C3(2 * c[2 + i], c[3 + i])
        self.model = nn.ModuleList(parts.get(i, nn.Identity()) for i in range(34))

    def forward(self, x):
        m, kept = self.model, {}
        for i in range(12):
            x = kept[i] = m[i](x)
        for i, skip in ((12, 8), (16, 6), (20, 4)):
            x = kept[i] = m[i](x)
            x = nn.functional.interpolate(x, scale_factor=2)
            x = kept[i + 3] = m[i + 3](torch.cat((x, kept[skip]), 1))
        outs = [x]
        for i, side in ((24, 20), (27, 16), (30, 12)):
            x = m[i + 2](torch.cat((m[i](x), kept[side]), 1))
            outs.append(x)
        return m[33](outs)


@pytest.fixture(scope='module')
def reference():
    torch.manual_seed(0)
    net = Reference(8).eval()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.weight, 0.8, 1.2)
    return net


@pytest.fixture(scope='module')
def network():
    """The published baseline at a quarter of its width."""
    channels = [32, 64, 96, 128]
    return build_from_config(
        CONFIGS / 'yolopose_2xb32-80e_coco-960_published.py',
        model__backbone__widen_factor=0.125,
        model__neck__in_channels=channels,
        model__head__head_module__in_channels=channels,
    ).eval()


def test_the_reference_has_the_published_size():
    assert sum(p.numel() for p in Reference().parameters()) == 15_114_860


def test_converted_weights_predict_the_same(reference, network):
    converted = convert_yolopose(reference.state_dict(), network.state_dict())
    network.load_state_dict(converted.state, strict=False)
    image = torch.rand(1, 3, 128, 192)
    with torch.no_grad():
        boxes, points = network.head(network.extract_feat(image))
        expected = reference(image)
    for box, kpt, joint in zip(boxes, points, expected, strict=True):
        ours = torch.cat((box.unflatten(1, (3, 6)), kpt.unflatten(1, (3, 51))), 2)
        torch.testing.assert_close(ours, joint, rtol=1e-4, atol=1e-4)


def test_the_split_view_would_not(reference, network):
    converted = convert_yolopose(reference.state_dict(), network.state_dict())
    network.load_state_dict(converted.state, strict=False)
    split = build_from_config(
        CONFIGS / 'yolopose_2xb32-80e_coco-960.py',
        model__backbone__widen_factor=0.125,
        model__neck__in_channels=[32, 64, 96, 128],
        model__head__head_module__in_channels=[32, 64, 96, 128],
    ).eval()
    split.load_state_dict(network.state_dict())
    image = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        ours, theirs = (m.head(m.extract_feat(image))[0][0] for m in (split, network))
    torch.testing.assert_close(ours[:, :6], theirs[:, :6])
    assert not torch.allclose(ours[:, 6:], theirs[:, 6:])


def test_every_tensor_is_used_once(reference, network):
    # Number the tensors and see each number once.
    state = {
        name: torch.full_like(t, i)
        for i, (name, t) in enumerate(reference.state_dict().items())
    }
    converted = convert_yolopose(state, network.state_dict()).state
    seen = sorted(int(t.flatten()[0]) for t in converted.values())
    skipped = {i for i, n in enumerate(state) if n.startswith('model.33.anchor')}
    assert seen == [i for i in range(len(state)) if i not in skipped]


def test_anchors_come_back_in_pixels(reference, network):
    converted = convert_yolopose(reference.state_dict(), network.state_dict())
    torch.testing.assert_close(converted.anchors.flatten(), ANCHORS.float().flatten())
    torch.testing.assert_close(network.head.anchors, converted.anchors)


def test_patches_1_and_2_change_places():
    weight = torch.arange(12.0).view(1, 12, 1, 1)
    swapped = reorder_focus(weight).flatten().tolist()
    assert swapped == [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11]


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda s: s.pop('model.7.conv.weight'), 'missing, such as backbone.stage4.0'),
        (lambda s: s.update({'model.40.x': torch.zeros(1)}), 'such as model.40.x'),
        (lambda s: s.update({'model.2.cv9.bias': torch.zeros(1)}), 'model.2.cv9.bias'),
        (
            lambda s: s.update({'model.33.m.0.bias': torch.zeros(18, 2)}),
            r'box_branches.0.layers.bias has the shape \(18, 2\), the network \(18,\)',
        ),
        (lambda s: s.clear(), 'tensors are missing'),
    ],
)
def test_what_does_not_fit_is_named(reference, network, change, message):
    state = dict(reference.state_dict())
    change(state)
    with pytest.raises(ValueError, match=message) as error:
        convert_yolopose(state, network.state_dict())
    assert '\n' not in str(error.value)


def test_half_precision_and_missing_counters(reference, network):
    state = {
        n: t.half() if t.is_floating_point() else t
        for n, t in reference.state_dict().items()
        if not n.endswith('num_batches_tracked')
    }
    converted = convert_yolopose(state, network.state_dict()).state
    assert {t.dtype for t in converted.values()} == {torch.float32, torch.int64}


@pytest.mark.parametrize('key', [None, 'model', 'ema', 'state_dict'])
def test_plain_files_are_read(tmp_path, key):
    state = {'model.0.conv.conv.weight': torch.zeros(2)}
    torch.save({key: state, 'epoch': 3} if key else state, tmp_path / 's.pth')
    assert read_published_state(tmp_path / 's.pth').keys() == state.keys()


class _Code:
    """What the published files hold: an object of the author's own classes."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('code was run')",))


@pytest.mark.parametrize(
    ('write', 'message'),
    [
        (lambda p: torch.save({'model': _Code()}, p), "['model'].float().state_dict()"),
        (lambda p: p.write_bytes(pickle.dumps(_Code())), 'error: '),
        (lambda p: torch.save({'epoch': 3}, p), 'holds no tensors by name'),
        (lambda p: p.write_bytes(b'PK\3\4 cut off'), 'truncated'),
        (lambda p: None, 'does not exist'),
        (lambda p: torch.save({'a': torch.zeros(1)}, p), '1 tensors are not known'),
    ],
)
def test_bad_files_are_one_line(run_tool, capsys, tmp_path, write, message):
    source = tmp_path / 'last.pt'
    write(source)
    assert run_tool(TOOL, source, tmp_path / 'out.pth') == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert [line for line in lines if line.startswith('error: ')] == lines[-1:]
    assert message in lines[-1]
    assert not (tmp_path / 'out.pth').exists()


def test_the_tool_writes_what_mmpose_loads(run_tool, capsys, tmp_path):
    torch.manual_seed(1)
    published = Reference()
    torch.save(published.state_dict(), tmp_path / 'state.pth')
    target = tmp_path / 'new' / 'yolopose.pth'
    assert run_tool(TOOL, tmp_path / 'state.pth', target) == 0
    assert 'tensors written' in capsys.readouterr().out
    state = torch.load(target, weights_only=True)['state_dict']
    torch.testing.assert_close(
        state['neck.downsamples.1.conv.weight'], published.model[27].conv.weight.data
    )
    split = CONFIGS / 'yolopose_2xb32-80e_coco-960.py'
    arguments = (tmp_path / 'state.pth', target, '--config', split)
    assert run_tool(TOOL, *arguments) == 0
    assert "layout='joint'" in capsys.readouterr().out


def test_other_anchors_are_named(run_tool, capsys, tmp_path):
    state = Reference().state_dict()
    state['model.33.anchors'] = state['model.33.anchors'] * 2
    torch.save(state, tmp_path / 'state.pth')
    assert run_tool(TOOL, tmp_path / 'state.pth', tmp_path / 'o.pth') == 2
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert 'set model.head.anchors=[[[38.0, 54.0], [88.0, 80.0]' in line
