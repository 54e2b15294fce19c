"""The rows of the networks compare what their names say."""

import torch
from torch import nn

from mmpose_ext.analysis.bench.networks import PAIRS, infer, tensors_of, train_step


class Net(nn.Module):
    """Takes images and samples, as an estimator in tensor mode does."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(3, 2, 1)
        self.seen = []

    def forward(self, images, samples):
        assert samples is None
        self.seen.append(torch.is_grad_enabled())
        return [self.layer(images), (self.layer(images),)]


def test_a_training_step_has_gradients_and_inference_none():
    net, images = Net(), torch.ones(1, 3, 2, 2)
    infer(net, images)
    assert net.layer.weight.grad is None
    for _ in range(2):  # gradients do not add up
        train_step(net, images)
    # Two outputs, four pixels of one.
    assert net.layer.weight.grad.unique().tolist() == [8.0]
    assert net.seen == [False, True, True]
    assert len(list(tensors_of(net(images, None)))) == 2


def test_every_paper_has_its_row(request):
    configs = request.config.rootpath / 'configs'
    for _, own, _, base, _ in PAIRS:
        assert (configs / own).is_file()
        assert '::' in base or (configs / base).is_file()
    papers = {path.parent.name for path in configs.glob('*/metafile.yml')}
    assert {own.split('/')[0] for _, own, *_ in PAIRS} == papers
