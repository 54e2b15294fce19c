"""Graphs to export: a network, and the steps that the options put around it."""

from collections.abc import Sequence
from typing import Any

import torch
from mmpose.models.utils.tta import flip_heatmaps
from torch import Tensor, nn

from ..utils import ConfigError
from .heatmap_decoding import HeatmapDecoding
from .options import ExportOptions
from .suppression import Suppression

#: Name of the submodule that a reduced precision applies to.
NETWORK = 'network'


class Normalization(nn.Module):
    """Converts images as OpenCV reads them to the network's normalized input.

    Args:
        mean (Sequence[float]): Mean of each of the network's channels.
        std (Sequence[float]): Standard deviation of each of the network's channels.
        swap (bool): Whether the image has the channels in the other order.
    """

    def __init__(self, mean: Sequence[float], std: Sequence[float], swap: bool) -> None:
        super().__init__()
        self.register_buffer('mean', torch.tensor(mean, dtype=torch.float32))
        self.register_buffer('std', torch.tensor(std, dtype=torch.float32))
        order = [2, 1, 0] if swap else [0, 1, 2]
        self.register_buffer('order', torch.tensor(order))

    def forward(self, images: Tensor) -> Tensor:
        """Return (N, 3, H, W) float32 of uint8 (N, H, W, 3)."""
        pixels = images.float()[..., self.order]
        return ((pixels - self.mean) / self.std).permute(0, 3, 1, 2)


class HeatmapNetwork(nn.Module):
    """Backbone, neck and heat-map head; a head with several stages gives its last maps.

    Args:
        model (nn.Module): A top-down estimator.
        head (nn.Module): Its heat-map head.
    """

    def __init__(self, model: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.model, self.head = model, head

    def forward(self, images: Tensor) -> Tensor:
        """Return heat maps (N, C, H, W) of normalized images (N, 3, H, W)."""
        maps = self.head(self.model.extract_feat(images))
        while isinstance(maps, (list, tuple)):
            maps = maps[-1]
        return maps.float()


class FlipTest(nn.Module):
    """Averages the maps with those of the mirrored image, as ``test_cfg`` says.

    Args:
        network (nn.Module): Converts images to heat maps.
        mirrored (Sequence[int]): Index of each key point's partner on the other side.
        flip_mode (str): See MMPose's ``flip_heatmaps``.
        shift_heatmap (bool): See MMPose's ``flip_heatmaps``.
    """

    def __init__(
        self,
        network: nn.Module,
        mirrored: Sequence[int],
        flip_mode: str = 'heatmap',
        shift_heatmap: bool = False,
    ) -> None:
        super().__init__()
        self.network = network
        self.flip = dict(
            flip_indices=list(mirrored),
            flip_mode=flip_mode,
            shift_heatmap=shift_heatmap,
        )

    def forward(self, images: Tensor) -> Tensor:
        """Return heat maps (N, C, H, W) of normalized images (N, 3, H, W)."""
        # In one pass, so that the graph contains the weights once.
        maps = self.network(torch.cat((images, images.flip(3))))
        number = images.shape[0]
        return (maps[:number] + flip_heatmaps(maps[number:], **self.flip)) * 0.5


class OneStageNetwork(nn.Module):
    """Backbone, neck and one-stage head, with the predictions of all levels together.

    Args:
        model (nn.Module): A one-stage estimator.
        dense (nn.Module): Decodes its head's output; see :mod:`.dense`.
    """

    def __init__(self, model: nn.Module, dense: nn.Module) -> None:
        super().__init__()
        self.model, self.dense = model, dense

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Return the predictions on normalized images (N, 3, H, W)."""
        return self.dense(self.model.head(self.model.extract_feat(images)))


class Graph(nn.Module):
    """Exported graph: preparation, network and postprocessing.

    Args:
        prepare (nn.Module): Converts the file's input to the network's.
        network (nn.Module): The network.
        finish (nn.Module): Converts the network's output to the file's.
        outputs (Sequence[str]): Names of the file's outputs.
    """

    def __init__(
        self,
        prepare: nn.Module,
        network: nn.Module,
        finish: nn.Module,
        outputs: Sequence[str],
    ) -> None:
        super().__init__()
        self.prepare, self.finish = prepare, finish
        self.network = network
        self.outputs = tuple(outputs)

    def forward(self, images: Tensor) -> Any:
        """Return the file's outputs."""
        return self.finish(self.network(self.prepare(images)))


def preparation(options: ExportOptions, manifest: Any) -> nn.Module:
    """Return the part before the network."""
    if not options.normalize:
        return nn.Identity()
    swap = manifest.input_order != manifest.network_order
    return Normalization(manifest.mean, manifest.std, swap)


def topdown_graph(
    model: nn.Module, head: nn.Module, manifest: Any, options: ExportOptions
) -> Graph:
    """Build the graph of a top-down network.

    Args:
        model (nn.Module): The estimator, in evaluation mode.
        head (nn.Module): Its heat-map head.
        manifest (Manifest): The description that the file will have.
        options (ExportOptions): What goes into the graph.
    """
    network: nn.Module = HeatmapNetwork(model, head)
    if options.flip_test:
        flip = {
            key: model.test_cfg[key]
            for key in ('flip_mode', 'shift_heatmap')
            if key in model.test_cfg
        }
        network = FlipTest(network, model.dataset_meta['flip_indices'], **flip)
    finish, outputs = nn.Identity(), ['heatmaps']
    if options.decode:
        decoding = HeatmapDecoding(manifest.codec, manifest.input_size, manifest.select)
        finish, outputs = decoding, ['keypoints', 'scores']
    return Graph(preparation(options, manifest), network, finish, outputs)


def onestage_graph(
    model: nn.Module, dense: nn.Module, manifest: Any, options: ExportOptions
) -> Graph:
    """Build the graph of a one-stage network; see :func:`topdown_graph`.

    Args:
        model (nn.Module): The estimator, in evaluation mode.
        dense (nn.Module): Decodes its head's output.
        manifest (Manifest): The description that the file will have.
        options (ExportOptions): What goes into the graph.
    """
    if options.flip_test:
        raise ConfigError(
            'export', 'flip_test', True, 'is for top-down networks', 'leave it out'
        )
    network = OneStageNetwork(model, dense)
    finish: nn.Module = nn.Identity()
    outputs = ['boxes', 'scores', 'keypoints', 'keypoint_scores']
    if options.nms:
        finish, outputs = Suppression(manifest), ['image', *outputs]
    return Graph(preparation(options, manifest), network, finish, outputs)
