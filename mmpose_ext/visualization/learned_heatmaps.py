"""SADI-Net's two heat maps of a sample, and its learned density (Fig. 1)."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.dataset import BaseDataset, pseudo_collate
from torch import Tensor, nn

from ..utils.errors import UserError
from ..utils.evaluating import evaluating
from ..utils.pictures import check_picture, write_picture
from .heatmap_comparison import input_image, joint_index, joint_names, overlay_heatmap


def sadi_head(model: nn.Module) -> nn.Module:
    """Return a model's head if it makes H1 and H2.

    Raises:
        UserError: If it does not.
    """
    head = getattr(model, 'head', None)
    if head is None or not all(hasattr(head, name) for name in ('h1', 'h2', 'dlm')):
        raise UserError(
            f'the head {type(head).__name__} has no H1 and H2',
            'choose a model with SADIHead',
        )
    return head


@torch.no_grad()
def both_heatmaps(
    model: nn.Module, dataset: BaseDataset, index: int
) -> dict[str, np.ndarray]:
    """Return the true heat maps of a sample beside H1 and H2.

    Args:
        model (nn.Module): SADI-Net.
        dataset (BaseDataset): Data set in test mode, with the config's test pipeline.
        index (int): Index of the sample.

    Returns:
        dict[str, np.ndarray]: ``truth``, ``h1`` and ``h2``, (K, h, w), and ``sigma``,
        (K,), the mean over x and y in units of the input.

    Raises:
        UserError: If the model has no H1 and H2.
    """
    head = sadi_head(model)
    with evaluating(model):
        data = model.data_preprocessor(pseudo_collate([dataset[index]]), False)
        sample = data['data_samples'][0]
        feats = model.extract_feat(data['inputs'])
        maps = dict(h1=head.h1(feats), h2=head.h2(feats))
        _, sigma = head.distribution(feats)
    info, truth = sample.metainfo, sample.gt_instances
    corner = info['input_center'] - 0.5 * info['input_scale']
    points = (truth.keypoints - corner) / info['input_scale'] * info['input_size']
    seen = (truth.keypoints_visible > 0).astype(np.float32)
    encoded = head.decoder.encode(points.astype(np.float32), seen)
    return {
        'truth': encoded['heatmaps'],
        'sigma': sigma[0].mean(dim=-1).cpu().numpy(),
        **{name: m[0].float().cpu().numpy() for name, m in maps.items()},
    }


def save_h1_h2(
    model: nn.Module,
    dataset: BaseDataset,
    index: int,
    out: str | os.PathLike,
    joints: Sequence[str] = (),
) -> Path:
    """Draw the true heat maps of a sample, H1, and H2 below each other.

    Args:
        model (nn.Module): SADI-Net.
        dataset (BaseDataset): Data set in test mode; its pipeline makes the crop.
        index (int): Index of the sample.
        out (str | os.PathLike): The picture to write, by its suffix.
        joints (Sequence[str]): Names of the joints. Default: all.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If the model has no H1 and H2, or the data set no such sample or
            joint.
    """
    check_picture(out, figure=True)
    from matplotlib.figure import Figure

    names = joint_names(dataset)
    chosen = [joint_index(names, joint) for joint in joints or names]
    crop = input_image(dataset, index)
    maps = both_heatmaps(model, dataset, index)
    rows = dict(truth='true map', h1='H1', h2='H2')
    figure = Figure(figsize=(1.3 * len(chosen) + 0.3, 4.6), layout='constrained')
    panels = figure.subplots(3, len(chosen), squeeze=False)
    for row, (key, label) in zip(panels, rows.items(), strict=True):
        for axes, joint in zip(row, chosen, strict=True):
            heat = maps[key][joint]
            axes.imshow(overlay_heatmap(crop, heat, mark=heat.max() > 0))
            title = f'max {heat.max():.2f}'
            if key == 'truth':
                title = names[joint] + ('' if heat.max() > 0 else '\n(not annotated)')
            elif key == 'h2':
                title += f', σ {maps["sigma"][joint]:.3f}'
            axes.set_title(title, fontsize='x-small')
            axes.set(xticks=[], yticks=[])
        row[0].set_ylabel(label)
    return write_picture(out, figure)


@torch.no_grad()
def density_maps(dlm: nn.Module) -> dict[str, Tensor]:
    """Return the densities on the DLM's canonical grid, times 2 pi.

    Args:
        dlm (nn.Module): A ``DistributionLearning``.

    Returns:
        dict[str, Tensor]: ``axis`` (n,), in standard deviations, and (n, n) maps:
        ``gaussian`` Q, ``mixed`` P = (Q + I) / 2 and ``learned`` I.
    """
    mixed = dlm.canonical().cpu()
    axis = torch.linspace(-dlm.radius, dlm.radius, len(mixed))
    gaussian = torch.exp(-0.5 * (axis[:, None] ** 2 + axis**2))
    return dict(axis=axis, gaussian=gaussian, mixed=mixed, learned=2 * mixed - gaussian)


def plot_density(model: nn.Module, out: str | os.PathLike) -> Path:
    """Draw the Gaussian, the learned density, their difference and sections.

    Args:
        model (nn.Module): SADI-Net, trained.
        out (str | os.PathLike): The picture to write, by its suffix.

    Returns:
        Path: ``out``.

    Raises:
        UserError: If the model has no DLM.
    """
    check_picture(out, figure=True)
    from matplotlib.figure import Figure

    dlm = sadi_head(model).dlm
    maps = {name: value.numpy() for name, value in density_maps(dlm).items()}
    axis, limit = maps['axis'], 3.5
    # Rows run downwards, as in the image.
    edges = (axis[0], axis[-1], axis[-1], axis[0])
    look: dict[str, Any] = dict(extent=edges, interpolation='bilinear')
    figure = Figure(figsize=(14, 3.6), layout='constrained')
    panels = figure.subplots(1, 4)
    top = max(maps['gaussian'].max(), maps['mixed'].max())
    shown = (('gaussian', '(a) Gaussian, Q'), ('mixed', '(b) learned, P = (Q + I) / 2'))
    for axes, (name, title) in zip(panels, shown, strict=False):
        image = axes.imshow(maps[name], **look, cmap='jet', vmin=0, vmax=top)
        axes.set_title(title)
    figure.colorbar(image, ax=panels[1])
    gap = maps['mixed'] - maps['gaussian']
    most = max(float(np.abs(gap).max()), 1e-6)
    image = panels[2].imshow(gap, **look, cmap='RdBu_r', vmin=-most, vmax=most)
    panels[2].set_title(f'P - Q, at most {most:.3f} of the peak')
    figure.colorbar(image, ax=panels[2])
    for axes in panels[:3]:
        axes.set(xlim=(-limit, limit), ylim=(limit, -limit), xlabel='x / σ')
    panels[0].set_ylabel('y / σ')
    middle = len(axis) // 2
    lines = panels[3]
    lines.plot(axis, maps['gaussian'][middle], 'k', label='Q')
    for name, label in (('mixed', 'P'), ('learned', 'I')):
        style = '-' if name == 'mixed' else ':'
        lines.plot(axis, maps[name][middle], f'C0{style}', label=f'{label} along x')
        lines.plot(axis, maps[name][:, middle], f'C1{style}', label=f'{label} along y')
    lines.set(xlim=(-limit, limit), xlabel='distance from the joint / σ')
    lines.set_title('sections, times 2π')
    lines.grid(alpha=0.3)
    lines.legend(fontsize='small')
    return write_picture(out, figure)
