"""Options of an export."""

from dataclasses import dataclass

from ..utils.errors import check_choice

PRECISIONS = ('float32', 'fp16', 'bf16', 'int8')
ORDERS = ('bgr', 'rgb')
#: Largest difference from PyTorch, in pixels of the image, allowed for a float32 file.
TOLERANCE = 0.01


@dataclass(frozen=True)
class ExportOptions:
    """What the exported graph has besides the network.

    Attributes:
        normalize (bool): Normalization: the file takes uint8 (N, H, W, 3) instead of
            normalized float32 (N, 3, H, W).
        input_order (str): Order of the channels that the file takes, ``'bgr'`` or
            ``'rgb'``; without ``normalize`` it is the network's.
        decode (bool): Top-down: decoding of the heat maps to key points. One-stage
            predictions are always decoded.
        flip_test (bool): Top-down: the average with the mirrored image, as the config's
            ``test_cfg`` describes it.
        nms (bool): One-stage: non-maximum suppression.
        opset (int): ONNX operator set.

    Raises:
        ConfigError: If the order is unknown.

    Example:
        >>> ExportOptions(normalize=True, decode=True).input_order
        'bgr'
    """

    normalize: bool = False
    input_order: str = 'bgr'
    decode: bool = False
    flip_test: bool = False
    nms: bool = False
    opset: int = 17

    def __post_init__(self) -> None:
        check_choice('ExportOptions', 'input_order', self.input_order, ORDERS)
