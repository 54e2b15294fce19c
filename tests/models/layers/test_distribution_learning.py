import math

import pytest
import torch

from mmpose_ext.models.layers import DistributionLearning
from mmpose_ext.testing import count_parameters, parameters_without_gradient

SIZE = (64, 48)


def fresh(seed=0, spread=0.0, **options):
    """A DLM; ``spread`` moves its flow away from a Gaussian."""
    torch.manual_seed(seed)
    layer = DistributionLearning(**options)
    with torch.no_grad():
        for parameter in layer.flow.parameters():
            parameter += spread * torch.randn_like(parameter)
    return layer


def joints(dtype=torch.float32):
    torch.manual_seed(1)
    mu = 0.1 + 0.8 * torch.rand(2, 3, 2, dtype=dtype)
    sigma = 1 / 64 + 0.1 * torch.rand(2, 3, 2, dtype=dtype)
    return mu, sigma


def gaussian(mu, sigma, size=SIZE):
    y = torch.arange(size[0])[:, None] / size[0]
    x = torch.arange(size[1]) / size[1]
    mu, sigma = mu[..., None, None], sigma[..., None, None]
    dx = (x - mu[:, :, 0]) / sigma[:, :, 0]
    dy = (y - mu[:, :, 1]) / sigma[:, :, 1]
    return (-0.5 * (dx**2 + dy**2)).exp()


def identity_flow():
    layer = fresh()
    with torch.no_grad():
        for parameter in layer.flow.parameters():
            parameter.zero_()
    return layer


def test_a_flow_that_does_nothing_by_hand():
    layer = identity_flow()
    mean, std = layer.moments()
    torch.testing.assert_close(mean, torch.zeros(2), atol=1e-6, rtol=0)
    torch.testing.assert_close(std, torch.ones(2))
    mu = torch.tensor([[[0.25, 0.5]]])
    sigma = torch.tensor([[[1 / 16, 1 / 8]]])
    for maps in (layer(mu, sigma, SIZE), layer.exact(mu, sigma, SIZE)):
        # mu is pixel (12, 32); sigma is 3 pixels along x and 8 along y.
        assert maps[0, 0, 32, 12].item() == pytest.approx(1, abs=1e-6)
        assert maps[0, 0, 32, 15].item() == pytest.approx(math.exp(-0.5), abs=1.5e-3)
        assert maps[0, 0, 24, 12].item() == pytest.approx(math.exp(-0.5), abs=1.5e-3)
        assert maps[0, 0, 48, 18].item() == pytest.approx(math.exp(-4), abs=1.5e-3)


def test_at_initialization_it_is_the_gaussian_of_sigma():
    mu, sigma = joints()
    for seed in range(3):
        layer = fresh(seed)
        expected = gaussian(mu, sigma)
        exact = layer.exact(mu, sigma, SIZE)
        torch.testing.assert_close(exact, expected, atol=2e-3, rtol=0)
        assert layer.canonical().max().item() == pytest.approx(1, abs=2e-3)


def test_a_shifted_and_scaled_gaussian_is_standardized():
    # One coupling layer that adds a constant and scales: G is a Gaussian of mean
    # (0.7, 0) and standard deviation (e^tanh(0.4), 1), and I undoes both.
    layer = identity_flow()
    with torch.no_grad():
        layer.flow.t[0][4].bias[0] = 0.7
        layer.flow.s[0][4].bias[0] = 0.4
    mean, std = layer.moments()
    scale = math.exp(math.tanh(0.4))
    torch.testing.assert_close(mean, torch.tensor([0.7, 0.0]), atol=1e-3, rtol=0)
    torch.testing.assert_close(std, torch.tensor([scale, 1.0]), atol=1e-3, rtol=0)
    mu, sigma = joints()
    torch.testing.assert_close(
        layer.exact(mu, sigma, SIZE), gaussian(mu, sigma), atol=1e-3, rtol=0
    )


@pytest.mark.parametrize(('spread', 'bound'), [(0.0, 1.5e-3), (0.1, 3e-3)])
def test_the_canonical_grid_against_the_exact_evaluation(spread, bound):
    layer = fresh(spread=spread)
    mu, sigma = joints()
    with torch.no_grad():
        difference = layer(mu, sigma, SIZE) - layer.exact(mu, sigma, SIZE)
    assert difference.abs().max() < bound


def test_one_evaluation_serves_any_batch():
    layer = fresh()
    points = []
    layer.flow.t[0].register_forward_hook(lambda _, x, y: points.append(len(x[0])))
    counts = []
    for batch in (1, 5):
        points.clear()
        layer(torch.rand(batch, 3, 2), torch.full((batch, 3, 2), 0.1), SIZE)
        counts.append(sum(points))
    assert counts == [65**2 + 129**2] * 2


def test_mu_sigma_and_the_flow_learn():
    layer = fresh(spread=0.1, points=33).double()
    mu, sigma = joints(torch.float64)
    mu.requires_grad_()
    sigma.requires_grad_()
    weight = torch.rand(2, 3, 9, 7, dtype=torch.float64)
    (weight * layer(mu, sigma, (9, 7))).sum().backward()
    assert mu.grad.abs().min() > 0
    assert sigma.grad.abs().min() > 0
    assert parameters_without_gradient(layer) == []


def test_gradients_are_those_of_finite_differences():
    layer = fresh(spread=0.1, points=33, moment_points=17).double()
    mu = torch.tensor([[[0.41, 0.57]]], dtype=torch.float64, requires_grad=True)
    sigma = torch.tensor([[[0.13, 0.21]]], dtype=torch.float64, requires_grad=True)
    for function in (layer, layer.exact):
        assert torch.autograd.gradcheck(
            lambda m, s, f=function: f(m, s, (6, 5)), (mu, sigma)
        )
    bias = layer.flow.t[2][4].bias
    # Through the flow: the sum's slope along one of its weights.
    (total,) = torch.autograd.grad(layer(mu, sigma, (6, 5)).square().sum(), bias)
    slope, step = [], 1e-6
    for sign in (1, -1):
        with torch.no_grad():
            bias[0] += sign * step
            slope.append(layer(mu, sigma, (6, 5)).square().sum())
            bias[0] -= sign * step
    expected = (slope[0] - slope[1]) / (2 * step)
    torch.testing.assert_close(total[0], expected, rtol=1e-5, atol=1e-8)


def test_sigma_stays_above_its_floor_and_learns_there():
    layer = DistributionLearning()
    logit = torch.tensor([-50.0, 0.0, 50.0], requires_grad=True)
    sigma = layer.to_sigma(logit)
    torch.testing.assert_close(sigma, torch.tensor([1 / 64, (1 + 1 / 64) / 2, 1.0]))
    low = torch.tensor(-8.0, requires_grad=True)
    layer.to_sigma(low).backward()
    assert low.grad > 0
    assert DistributionLearning(sigma_min=0).to_sigma(torch.tensor(0.0)) == 0.5


def test_the_likelihood_is_rles():
    layer = fresh(spread=0.1)
    mu, sigma = joints()
    target, weight = torch.rand(2, 3, 2), torch.tensor([[1.0, 0, 1], [1, 1, 0.5]])
    expected = layer.rle(mu, torch.logit(sigma), target, weight[..., None])
    torch.testing.assert_close(layer.nll(mu, sigma, target, weight), expected)


@pytest.mark.parametrize('sigma', [1e-5, 1 / 64, 0.5, 1 - 1e-4])
def test_the_likelihood_by_hand(sigma):
    """A flow that does nothing: the Gaussian and Laplace densities written out.

    Of sigma near its ends, too, where the way through the logit loses it first.
    """
    layer = identity_flow()
    mu = torch.tensor([[[0.5, 0.25]]])
    error = (0.3, -1.7)  # in standard deviations
    target = mu - sigma * torch.tensor(error)
    sigmas = torch.full_like(mu, sigma)
    gauss = math.log(2 * math.pi) + sum(e**2 for e in error) / 2
    # MMPose's residual adds the density of a Laplace distribution along each axis,
    # and counts the joint's Gaussian with either.
    laplace = sum(math.log(2 * sigma) + abs(e) for e in error)
    expected = 2 * math.log(sigma) + 2 * gauss + laplace
    value = layer.nll(mu, sigmas, target, torch.ones(1, 1))
    assert value.item() == pytest.approx(expected, rel=1e-2 if sigma < 1e-4 else 2e-3)


def test_the_likelihood_at_the_ends_of_sigma():
    """Exactly 0 and 1 have no logit; both stay finite, and learn."""
    layer = fresh(spread=0.1)
    mu = torch.full((1, 2, 2), 0.5)
    sigma = torch.tensor([[[0.0, 1e-9], [1.0, 1 - 1e-9]]], requires_grad=True)
    value = layer.nll(mu, sigma, mu + 1e-7, torch.ones(1, 2))
    assert value.isfinite()
    value.backward()
    assert sigma.grad.isfinite().all()
    near = torch.tensor([[[1e-6, 1e-6], [1 - 1e-6, 1 - 1e-6]]])
    held = layer.nll(mu, near, mu + 1e-7, torch.ones(1, 2))
    torch.testing.assert_close(value, held, rtol=1e-4, atol=1e-4)


def test_it_has_the_parameters_of_the_flow_alone():
    layer = DistributionLearning()
    assert count_parameters(layer) == count_parameters(layer.flow) == 53784


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
def test_half_precision_stays_in_float32(dtype):
    layer = fresh(spread=0.1)
    mu, sigma = joints()
    mu, sigma = mu.to(dtype).float(), sigma.to(dtype).float()
    target, weight = torch.rand(2, 3, 2), torch.ones(2, 3)
    maps, nll = layer(mu, sigma, SIZE), layer.nll(mu, sigma, target, weight)
    with torch.autocast('cpu', dtype=dtype):
        narrow = layer(mu.to(dtype), sigma.to(dtype), SIZE)
        narrow_nll = layer.nll(mu.to(dtype), sigma.to(dtype), target, weight)
    torch.testing.assert_close(narrow, maps, rtol=0, atol=0)
    torch.testing.assert_close(narrow_nll, nll, rtol=0, atol=0)
    assert layer.to_sigma(mu.to(dtype)).dtype == torch.float32


def test_casting_the_model_leaves_the_flow_alone():
    model = torch.nn.ModuleDict(dict(dlm=fresh(), conv=torch.nn.Conv2d(1, 1, 1)))
    before = {k: v.clone() for k, v in model['dlm'].state_dict().items()}
    model.half()
    assert model['conv'].weight.dtype == torch.float16
    for name, tensor in model['dlm'].state_dict().items():
        assert tensor.dtype == torch.float32, name
        assert torch.equal(tensor, before[name]), name
    assert model['dlm'](*joints(), SIZE).isfinite().all()
    model.double()
    assert model['dlm'].flow.loc.dtype == torch.float64
    model.float()
    assert model['dlm'].flow.loc.dtype == torch.float32


def test_moments_of_the_default_grid_reach_eight():
    assert DistributionLearning().moment_radius == 8


def test_far_away_and_tiny_sigma_are_finite():
    layer = fresh(spread=0.3)
    mu = torch.tensor([[[1e4, -1e4], [0.5, 0.5]]], requires_grad=True)
    sigma = layer.to_sigma(torch.full((1, 2, 2), -100.0))
    maps = layer(mu, sigma, SIZE)
    assert maps.isfinite().all()
    assert maps[0, 0].abs().max() == 0
    maps.sum().backward()
    assert mu.grad.isfinite().all()


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (dict(points=128), 'DistributionLearning: points=128 must be odd'),
        (dict(moment_points=0), 'moment_points=0'),
        (dict(sigma_min=1), r'sigma_min=1 must be .* at least 0 and below 1'),
        (dict(sigma_min=-0.1), 'sigma_min=-0.1'),
        (dict(radius=0), 'radius=0 must be .* above 0'),
        (dict(moment_radius=-1), 'moment_radius=-1'),
        (dict(rle=dict(type='SmoothL1Loss')), 'has no flow_model'),
    ],
)
def test_bad_configs(options, message):
    with pytest.raises(ValueError, match=message):
        DistributionLearning(**options)
