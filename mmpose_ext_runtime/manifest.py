"""The description in a file that ``mmpose-ext export`` wrote.

The file's metadata hold one JSON text under the key ``mmpose_ext``. It has all that is
needed to use the network without its config: how a person is cut out of an image, what
the graph takes and returns, and what its key points are.
"""

import dataclasses
import json
import os
from dataclasses import dataclass, field
from typing import Any

from .container import read_metadata
from .errors import InputError

KEY = 'mmpose_ext'
#: Version of the description; a reader refuses a newer one.
FORMAT = 1
KINDS = ('topdown', 'onestage')
#: Names of the graph's inputs and outputs.
IMAGES, HEATMAPS = 'images', 'heatmaps'


@dataclass(frozen=True)
class Manifest:
    """Description of an exported network.

    Attributes:
        kind (str): ``'topdown'``, one person in a crop, or ``'onestage'``, all people
            of an image.
        input_size (tuple[int, int]): Width and height of the input.
        normalize (bool): Whether the graph normalizes: then it takes uint8
            (N, H, W, 3), else normalized float32 (N, 3, H, W).
        input_order (str): Order of the input's channels, ``'bgr'`` or ``'rgb'``.
        mean (tuple[float, ...]): Mean of the input's channels, in the order that the
            network was trained with.
        std (tuple[float, ...]): Standard deviation of the channels, in that order.
        network_order (str): Order of ``mean`` and ``std``, ``'bgr'`` or ``'rgb'``.
        keypoint_names (tuple[str, ...]): Names of the K predicted key points.
        skeleton (tuple[tuple[int, int], ...]): Pairs of key points to draw a line
            between.
        flip_pairs (tuple[tuple[int, int], ...]): Pairs of left and right key points.
        sigmas (tuple[float, ...]): Sigmas of the object key-point similarity; () if
            unknown.
        keypoint_colors (tuple): Red, green and blue for each key point.
        skeleton_colors (tuple): Red, green and blue for each line.
        precision (str): ``'float32'``, ``'fp16'``, ``'bf16'`` or ``'int8'``.
        padding (float): Top-down: factor by which a box is enlarged before it is cut
            out.
        udp (bool): Top-down: whether to measure from pixel center to pixel center
            (UDP).
        codec (dict): Top-down: ``name``, a key of :data:`.DECODERS`, ``heatmap_size``
            and whatever else the decoder needs.
        decode (bool): Top-down: whether the graph decodes its heat maps.
        flip_test (bool): Top-down: whether the graph averages with the mirrored crop.
        select (tuple[int, ...]): Top-down: indices of the heat maps whose key points
            are returned; () for all.
        pad_value (tuple[float, ...]): One-stage: color around the image, blue, green
            and red.
        nms (bool): One-stage: whether the graph does the non-maximum suppression.
        score_thr (float): One-stage: people with a higher score are kept.
        nms_thr (float): One-stage: IoU above which the weaker of two boxes is dropped.
        max_people (int): One-stage: maximum number of people; 0 for no limit.
        model (str): Name of the config.
        weights (str): Name of the checkpoint; '' for random weights.
        weights_sha256 (str): Checksum of the checkpoint.
        versions (dict[str, str]): Versions of the libraries that wrote the file.
        score (dict): For a reduced precision: name and value of the metric that was
            measured before and after.
    """

    kind: str
    input_size: tuple[int, int]
    normalize: bool
    input_order: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    network_order: str
    keypoint_names: tuple[str, ...]
    skeleton: tuple[tuple[int, int], ...]
    flip_pairs: tuple[tuple[int, int], ...]
    sigmas: tuple[float, ...] = ()
    keypoint_colors: tuple[tuple[int, int, int], ...] = ()
    skeleton_colors: tuple[tuple[int, int, int], ...] = ()
    precision: str = 'float32'
    padding: float = 1.25
    udp: bool = False
    codec: dict[str, Any] = field(default_factory=dict)
    decode: bool = False
    flip_test: bool = False
    select: tuple[int, ...] = ()
    pad_value: tuple[float, ...] = (0.0, 0.0, 0.0)
    nms: bool = False
    score_thr: float = 0.0
    nms_thr: float = 1.0
    max_people: int = 0
    model: str = ''
    weights: str = ''
    weights_sha256: str = ''
    versions: dict[str, str] = field(default_factory=dict)
    score: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the text that a file holds."""
        return json.dumps({'format': FORMAT, **dataclasses.asdict(self)})

    @property
    def mirrored(self) -> tuple[int, ...]:
        """The index of each key point's partner on the other side."""
        order = list(range(len(self.keypoint_names)))
        for a, b in self.flip_pairs:
            order[a], order[b] = b, a
        return tuple(order)


def parse_manifest(text: str, source: str) -> Manifest:
    """Read a description.

    Args:
        text (str): The JSON text.
        source (str): The file, for messages.

    Returns:
        Manifest: The description.

    Raises:
        InputError: If it was written by a newer version, or is damaged.
    """
    damaged = InputError(
        f'the description in the model {source} is damaged', 'export it again'
    )
    try:
        values = json.loads(text)
        version = values.pop('format')
    except (ValueError, KeyError, AttributeError, TypeError):
        raise damaged from None
    if version != FORMAT:
        raise InputError(
            f'the model {source} has a description of format {version}, but this '
            f'version of mmpose_ext reads {FORMAT}',
            'install the version that exported it, or export it again',
        )
    try:
        manifest = Manifest(**{key: _tuples(value) for key, value in values.items()})
        if manifest.kind not in KINDS or len(manifest.input_size) != 2:
            raise damaged
    except TypeError:
        raise damaged from None
    return manifest


def read_manifest(path: str | os.PathLike) -> Manifest:
    """Read the description in an exported file.

    Args:
        path (str | os.PathLike): The ONNX file.

    Returns:
        Manifest: The description.

    Raises:
        InputError: If the file is missing, truncated, not an ONNX file, or not written
            by ``mmpose-ext export``.
    """
    metadata = read_metadata(path)
    if KEY not in metadata:
        raise InputError(
            f'the model {path} has no description of mmpose_ext: another program wrote '
            'it, or its end is missing',
            'export the network with mmpose-ext export',
        )
    return parse_manifest(metadata[KEY], str(path))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
