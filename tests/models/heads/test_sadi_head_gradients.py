"""Where the gradients of SADIHead's losses arrive."""

import pytest
import torch
from test_sadi_head import feats, head_of, samples, total

NAMES = ('loss_h1', 'loss_h2', 'loss_rle')


def gradients(detach_rle):
    """Return the losses, and each one's gradients at the scales and the parameters."""
    head = head_of(rle_weight=0.5, detach_rle=detach_rle)
    scales = [f.requires_grad_() for f in feats()]
    losses = head.loss(scales, samples())
    parts = dict(head.sfm.named_parameters(prefix='sfm'))
    parts.update(head.dlm.named_parameters(prefix='dlm'))
    at_scales, at_parts = {}, {}
    for name in NAMES:
        grads = torch.autograd.grad(
            losses[name],
            [*scales, *parts.values()],
            retain_graph=True,
            allow_unused=True,
        )
        at_scales[name] = grads[:2]
        at_parts[name] = dict(zip(parts, grads[2:], strict=True))
    return losses, at_scales, at_parts


def test_detached_likelihood_trains_sfm_and_dlm_but_not_the_backbone():
    losses, at_scales, at_parts = gradients(detach_rle=False)
    detached, kept_scales, kept_parts = gradients(detach_rle=True)
    for name in NAMES:
        torch.testing.assert_close(detached[name], losses[name])
        for part, grad in at_parts[name].items():
            torch.testing.assert_close(kept_parts[name][part], grad)
    assert all(grad.abs().max() > 0 for grad in at_scales['loss_rle'])
    assert kept_scales['loss_rle'] == (None, None)
    # H2's own gradient still reaches every scale, H1's the first.
    for name, reached in (('loss_h1', 1), ('loss_h2', 2)):
        for kept, grad in zip(
            kept_scales[name][:reached], at_scales[name][:reached], strict=True
        ):
            assert grad.abs().max() > 0
            torch.testing.assert_close(kept, grad)


def test_second_pass_leaves_the_running_statistics_alone():
    buffers = []
    for detach_rle in (False, True):
        head = head_of(rle_weight=0.5, detach_rle=detach_rle)
        head.loss(feats(), samples())
        buffers.append(dict(head.named_buffers()))
        tracked = [m for m in head.modules() if hasattr(m, 'track_running_stats')]
        assert tracked
        assert all(m.track_running_stats for m in tracked)
    torch.testing.assert_close(buffers[1], buffers[0], rtol=0, atol=0)
    assert buffers[0]['sfm.final.bn.num_batches_tracked'] == 1


def test_detached_evaluation_has_the_same_losses():
    one, two = (
        head_of(rle_weight=0.5, detach_rle=detach).eval().loss(feats(), samples())
        for detach in (False, True)
    )
    torch.testing.assert_close(total(one), total(two))


def test_detach_rle_is_a_bool():
    with pytest.raises(ValueError, match="SADIHead: detach_rle='yes'"):
        head_of(detach_rle='yes')
