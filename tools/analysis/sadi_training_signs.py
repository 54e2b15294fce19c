r"""Follow SADI-Net's losses over its first training steps.

It trains a config's model from scratch on its own training loader. Every few steps it
prints the accuracy of H1 and H2, sigma, the share of joints whose mu is outside the
image, and the norm of each weighted loss's gradient at F_1. For a config without SFM
and DLM it prints the accuracy and its one gradient. A loss that does not reach F_1,
such as the likelihood with ``detach_rle``, has a norm of 0. ``--figure`` also draws the
norms.

Example::

    python tools/analysis/sadi_training_signs.py \
        configs/sadinet/small/td-hm_sadinet-w16_1xb32-8e_synthetic-128x128.py \
        --cfg-options model.head.rle_weight=0 model.head.sfm.sigma_init=0.5
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.logging import MMLogger
from mmengine.runner import Runner, set_random_seed
from torch import Tensor, nn

from mmpose_ext.apis import build_model
from mmpose_ext.utils import UserError, run_cli
from mmpose_ext.utils.argument_types import seed_number
from mmpose_ext.utils.config import add_config_arguments, load_config, require
from mmpose_ext.utils.pictures import check_picture, write_picture

LOSSES = ('loss_h1', 'loss_h2', 'loss_rle')


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_config_arguments(parser, 'a top-down config, of SADI-Net or an ablation')
    parser.add_argument('--steps', type=int, default=60)
    parser.add_argument('--every', type=int, default=20, help='steps per line')
    parser.add_argument('--lr', type=float, default=1e-3, help="Adam's learning rate")
    parser.add_argument('--warmup', type=int, default=20, help='steps up to --lr')
    parser.add_argument('--seed', type=seed_number, default=0)
    parser.add_argument('--figure', type=Path, help='draw the norms to this picture')
    return parser.parse_args()


def main() -> None:
    """Train and print."""
    args = parse_args()
    if args.steps < 1 or args.every < 1 or args.warmup < 1 or not args.lr > 0:
        raise UserError(
            f'--steps {args.steps} --every {args.every} --warmup {args.warmup} '
            f'--lr {args.lr} cannot be trained',
            'give positive numbers',
        )
    if args.figure:
        check_picture(args.figure, figure=True)
    config = load_config(args.config, args.cfg_options)
    settings = require(config, 'train_dataloader')
    require(config, 'train_dataloader.dataset.type')
    model = build(config, args.seed)
    optimizer = torch.optim.Adam(model.parameters(), args.lr)
    recent: list[dict[str, float]] = []
    curves: dict[str, list[tuple[int, float]]] = {}
    batches = endless(Runner.build_dataloader(settings, seed=args.seed))
    print(header())
    for step in range(1, args.steps + 1):
        for group in optimizer.param_groups:
            group['lr'] = args.lr * min(1, step / args.warmup)
        data = model.data_preprocessor(next(batches), True)
        feats = model.extract_feat(data['inputs'])
        losses = model.head.loss(feats, data['data_samples'], {})
        recent.append({k: float(v) for k, v in losses.items() if k.startswith('acc')})
        if step % args.every == 0:
            norms = norms_of(losses, feats[0])
            print(line(step, recent, model, feats, norms), flush=True)
            recent.clear()
            for name, value in norms.items():
                curves.setdefault(name, []).append((step, value))
        optimizer.zero_grad()
        sum(v for k, v in losses.items() if 'loss' in k).backward()
        optimizer.step()
    if args.figure:
        print(draw(curves, args.figure, Path(args.config).stem))


def build(config: Config, seed: int) -> nn.Module:
    """Build the config's model, initialized, in training mode."""
    set_random_seed(seed)
    # init_weights logs every tensor.
    MMLogger.get_current_instance().setLevel('WARNING')
    model: Any = build_model(config)
    model.init_weights()
    model.train()
    return model


def endless(loader: torch.utils.data.DataLoader) -> Iterator[Any]:
    """Yield the loader's batches endlessly."""
    while True:
        yield from loader


def header() -> str:
    """Return the names of the columns."""
    names = ('step', 'acc H1', 'acc H2', 'sigma', 'off image')
    return ''.join(f'{n:>11}' for n in (*names, *(f'|{n[5:]}|' for n in LOSSES)))


def line(
    step: int,
    recent: list[dict[str, float]],
    model: nn.Module,
    feats: tuple[Tensor, ...],
    norms: dict[str, float],
) -> str:
    """Format one line: means of ``recent``, and the state at this step."""
    cells = [f'{step:>11}']
    for name in ('acc_pose', 'acc_h2'):
        known = [r[name] for r in recent if name in r]
        cells.append(f'{sum(known) / len(known):11.3f}' if known else f'{"":>11}')
    if 'loss_h1' in norms:
        with torch.no_grad():
            mu, sigma = model.head.distribution(feats)
            off = ((mu < 0) | (mu > 1)).any(dim=-1).float().mean()
        cells.append(f'{float(sigma.mean()):11.3f}{float(off):11.2f}')
        shown = [norms.get(name) for name in LOSSES]
    else:
        cells.append(' ' * 22)
        shown = [norms['loss_kpt']]
    cells += [f'{"-" if value is None else f"{value:.1e}":>11}' for value in shown]
    return ''.join(cells)


def norms_of(losses: dict[str, Tensor], feature: Tensor) -> dict[str, float]:
    """Compute the norm of each loss's gradient at a feature map.

    Args:
        losses (dict[str, Tensor]): Scalars by name; names without ``loss`` are skipped.
        feature (Tensor): The map.

    Returns:
        dict[str, float]: The norms by name, 0 for a loss that does not depend on it.
    """
    norms = {}
    for name, loss in losses.items():
        if 'loss' in name:
            (grad,) = torch.autograd.grad(
                loss, feature, retain_graph=True, allow_unused=True
            )
            norms[name] = 0.0 if grad is None else float(grad.norm())
    return norms


def draw(curves: dict[str, list[tuple[int, float]]], out: Path, title: str) -> Path:
    """Draw the norms over the steps, leaving out those that are 0."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout='constrained')
    axes = figure.subplots()
    for name, points in curves.items():
        above = [(step, value) for step, value in points if value > 0]
        if above:
            axes.plot(*zip(*above, strict=True), marker='.', label=name[5:].upper())
    axes.set(xlabel='step', ylabel='norm of the gradient at F_1', yscale='log')
    axes.grid(alpha=0.3)
    axes.legend(fontsize='small')
    axes.set_title(title, fontsize='small')
    return write_picture(out, figure)


if __name__ == '__main__':
    run_cli(main)
