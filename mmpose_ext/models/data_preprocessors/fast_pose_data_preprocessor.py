"""MMPose's data preprocessor in one pass, with targets made on the device."""

from collections.abc import Sequence
from typing import Any

import torch
from mmpose.models.data_preprocessors import PoseDataPreprocessor
from mmpose.registry import MODELS
from torch import Tensor

from ...utils.errors import ConfigError
from .lean_samples import TargetMaker, is_lean, stack_lists
from .normalization import BufferPool, TableNormalizer


@MODELS.register_module()
class FastPoseDataPreprocessor(PoseDataPreprocessor):
    """``PoseDataPreprocessor`` that makes the same inputs in less time.

    On a CPU each value is looked up in a table and written once, to a buffer that is
    reused as soon as no tensor refers to the last batch; MMPose converts, subtracts,
    divides and stacks in turn. On a GPU the batch travels as 8 bits in one copy.
    Images of several sizes or other types, or that need padding, go through MMPose's
    own code.

    With ``codec`` it also makes the targets of batches that come with key points
    instead of heat maps; see :class:`.PackLeanInputs`.

    Args:
        codec (dict, optional): Codec with ``batch_encode``, such as
            :class:`.BatchMSRAHeatmap`. Default: None, for samples that hold targets.
        **kwargs: Arguments of :class:`mmpose.models.PoseDataPreprocessor`.

    Raises:
        ConfigError: If the codec cannot make the targets of a batch.
    """

    def __init__(self, codec: dict | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.make_targets = None if codec is None else TargetMaker(codec)
        self._pool = BufferPool()
        self._normalizer: TableNormalizer | None = None

    def forward(self, data: dict, training: bool = False) -> dict:
        """Return the network's input and the samples.

        Args:
            data (dict): The loader's batch: ``inputs``, a list of (3, H, W) or a
                tensor (B, 3, H, W), and ``data_samples`` or key points.
            training (bool): Whether to apply ``batch_augments``. Default: False.

        Returns:
            dict: ``inputs`` (B, 3, H, W), float32, and ``data_samples``.
        """
        inputs = data['inputs']
        if is_lean(data):
            data = dict(inputs=inputs, data_samples=self._with_targets(data))
        if not self._plain(inputs):
            if isinstance(inputs, Tensor):  # MMPose pads only lists of images
                data = dict(data, inputs=list(inputs.unbind(0)))
            return super().forward(data, training)
        samples = data.get('data_samples')
        if self.device.type != 'cpu':
            samples = self.cast_data(samples)
        batch = self._normalized(inputs)
        shape = tuple(batch.shape[-2:])
        for sample in samples or ():
            sample.set_metainfo(dict(batch_input_shape=shape, pad_shape=shape))
        if training and self.batch_augments is not None:
            for augment in self.batch_augments:
                batch, samples = augment(batch, samples)
        return dict(inputs=batch, data_samples=samples)

    def _with_targets(self, data: dict) -> list:
        if self.make_targets is None:
            raise ConfigError(
                self,
                'codec',
                None,
                'is needed for samples without heat maps',
                "give data_preprocessor the head's codec, or use GenerateTarget",
            )
        rest = {name: value for name, value in data.items() if name != 'inputs'}
        return self.make_targets(self.cast_data(stack_lists(rest)))

    def _plain(self, inputs: Any) -> bool:
        """Check for 8-bit images of three channels and one size, without padding."""
        if not isinstance(inputs, Tensor):
            if not isinstance(inputs, Sequence) or not len(inputs):
                return False
            first = inputs[0]
            kinds = {(i.shape, i.dtype) for i in inputs if isinstance(i, Tensor)}
            if len(kinds) != 1 or not all(isinstance(i, Tensor) for i in inputs):
                return False
            shape = (len(inputs), *first.shape)
        else:
            first, shape = inputs, tuple(inputs.shape)
        return (
            self._enable_normalize
            and first.dtype == torch.uint8
            and first.device.type == 'cpu'
            and len(shape) == 4
            and shape[1] == 3
            and not any(side % self.pad_size_divisor for side in shape[2:])
        )

    def _normalized(self, inputs: Sequence[Tensor] | Tensor) -> Tensor:
        if self.device.type == 'cpu':
            if self._normalizer is None:
                self._normalizer = TableNormalizer(
                    self.mean, self.std, self._channel_conversion
                )
            batch = self._pool.take((len(inputs), *inputs[0].shape))
            self._normalizer(inputs, batch)
            return batch
        stacked = inputs if isinstance(inputs, Tensor) else torch.stack(list(inputs))
        stacked = stacked.to(self.device, non_blocking=self._non_blocking)
        if self._channel_conversion:
            stacked = stacked.flip(1)
        return stacked.float().sub_(self.mean).div_(self.std)
