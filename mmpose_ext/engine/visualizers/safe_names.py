"""Metric names that every experiment tracker accepts."""

import re
from typing import Any

import torch
from mmengine.dist import master_only
from mmengine.visualization import LocalVisBackend
from mmpose.registry import VISUALIZERS
from mmpose.visualization import PoseLocalVisualizer

# Characters that MLflow, the strictest of them, does not allow.
_NOT_ALLOWED = re.compile(r'[^A-Za-z0-9_\-.:/ ]+')
_BRACKETS = re.compile(r'[()\[\]{}]')


def safe_metric_name(name: str) -> str:
    """Return a metric's name with only letters, digits, ``_ - . : /`` and spaces.

    MLflow aborts the run at any other character. TensorBoard, W&B and Aim accept
    these names unchanged.

    >>> safe_metric_name('PCK@0.2')
    'PCK_0.2'
    >>> safe_metric_name('coco/AP (detector boxes)')
    'coco/AP detector boxes'

    Args:
        name (str): The name, such as ``PCK@0.2``.

    Returns:
        str: The name without brackets, and with ``_`` for other characters.
    """
    text = _NOT_ALLOWED.sub('_', _BRACKETS.sub('', name))
    # MLflow treats names as paths and rejects those that path normalization changes.
    parts = [part.strip() for part in text.split('/')]
    return '/'.join(part for part in parts if part.strip('.')) or '_'


@VISUALIZERS.register_module()
class SafeNamePoseVisualizer(PoseLocalVisualizer):
    """MMPose's visualizer, with metric names that every tracker accepts.

    The names are changed by :func:`safe_metric_name` on their way to TensorBoard,
    MLflow, W&B, Aim and the like. ``LocalVisBackend``'s JSON files, the log and
    ``save_best`` keep the metric's own names. Two metrics never share a name: the
    second one gets ``_2``.

    Args:
        name (str): See ``PoseLocalVisualizer``.
        **kwargs: Arguments of ``PoseLocalVisualizer``.
    """

    def __init__(self, name: str = 'visualizer', **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self._safe: dict[str, str] = {}

    @master_only
    def add_scalar(
        self, name: str, value: float | torch.Tensor, step: int = 0, **kwargs: Any
    ) -> None:
        """Record one value.

        Args:
            name (str): The metric's name.
            value (float | Tensor): The value.
            step (int): Step at which it was measured.
            **kwargs: Passed to the backends.
        """
        for backend in self._vis_backends.values():
            local = isinstance(backend, LocalVisBackend)
            tag = name if local else self._safe_name(name)
            backend.add_scalar(tag, value, step, **kwargs)

    @master_only
    def add_scalars(
        self,
        scalar_dict: dict,
        step: int = 0,
        file_path: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Record several values.

        Args:
            scalar_dict (dict): Values by the metric's name.
            step (int): Step at which they were measured.
            file_path (str, optional): An additional file for ``LocalVisBackend``.
            **kwargs: Passed to the backends.
        """
        safe = {self._safe_name(name): value for name, value in scalar_dict.items()}
        for backend in self._vis_backends.values():
            values = scalar_dict if isinstance(backend, LocalVisBackend) else safe
            # Each backend gets a copy, since some remove entries.
            backend.add_scalars(dict(values), step, file_path, **kwargs)

    def _safe_name(self, name: str) -> str:
        """Return the name for trackers, which is the same in every call."""
        if name not in self._safe:
            wanted = tag = safe_metric_name(name)
            number = 1
            while tag in self._safe.values():
                number += 1
                tag = f'{wanted}_{number}'
            self._safe[name] = tag
        return self._safe[name]
