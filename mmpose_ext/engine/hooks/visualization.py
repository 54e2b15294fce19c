"""Hook that draws predictions, also on synthetic images without a file."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mmengine.runner import Runner
from mmpose.engine.hooks import PoseVisualizationHook
from mmpose.registry import HOOKS
from mmpose.structures import PoseDataSample

from ...utils.pictures import write_picture


@HOOKS.register_module()
class PaintedVisualizationHook(PoseVisualizationHook):
    """MMPose's hook behind ``--show-dir``, for synthetic data sets as well.

    MMPose's hook reads the file that ``img_path`` names. If it does not exist and the
    data set can paint the image (it has a method ``image``, like
    ``SyntheticPoseDataset``), the image is written to a temporary file while the hook
    draws.

    Args:
        **kwargs: Arguments of ``PoseVisualizationHook``.
    """

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[PoseDataSample],
    ) -> None:
        """Draw the first sample of a batch.

        Args:
            runner (Runner): The runner.
            batch_idx (int): Number of the batch.
            data_batch (dict): The batch.
            outputs (Sequence[PoseDataSample]): Its predictions.
        """
        if not self.enable:
            return
        samples = data_batch['data_samples'][:1]
        with images_on_disk(runner.val_dataloader.dataset, samples):
            super().after_val_iter(runner, batch_idx, data_batch, outputs)

    def after_test_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[PoseDataSample],
    ) -> None:
        """Draw every sample of a batch.

        Args:
            runner (Runner): The runner.
            batch_idx (int): Number of the batch.
            data_batch (dict): The batch.
            outputs (Sequence[PoseDataSample]): Its predictions.
        """
        if not self.enable:
            return
        with images_on_disk(runner.test_dataloader.dataset, outputs):
            super().after_test_iter(runner, batch_idx, data_batch, outputs)


@contextmanager
def images_on_disk(dataset: Any, samples: Sequence[PoseDataSample]) -> Iterator[None]:
    """Make ``img_path`` of samples name existing files, inside a ``with`` block.

    Args:
        dataset (BaseDataset): The samples' data set, or a wrapper of data sets.
        samples (Sequence[PoseDataSample]): Samples with ``img_path`` and ``img_id``;
            they are restored on exit.
    """
    painters = [*_painters(dataset)]
    paths = [sample.get('img_path') for sample in samples]
    with tempfile.TemporaryDirectory() as folder:
        for sample, path in zip(samples, paths, strict=True):
            if path is None or Path(path).exists():
                continue
            index = sample.get('img_id', 0) - 1
            painter = next((p for p in painters if _painted(p, path, index)), None)
            if painter is None:  # MMPose's own message names the missing file
                continue
            file = Path(folder, *Path(path).parts[-2:])
            if not file.exists():
                write_picture(file, painter.image(index))
            sample.set_metainfo(dict(img_path=str(file)))
        try:
            yield
        finally:
            for sample, path in zip(samples, paths, strict=True):
                sample.set_metainfo(dict(img_path=path))


def _painted(painter: Any, path: str, index: int) -> bool:
    """Check whether a data set paints the image of this path and number."""
    own = f'seed{painter.figures.seed}' == Path(path).parent.name
    return own and index in painter.indices_drawn


def _painters(dataset: Any) -> Iterator[Any]:
    """Yield the data sets that paint their images, also inside wrappers."""
    if hasattr(dataset, 'image') and hasattr(dataset, 'indices_drawn'):
        yield dataset
    for part in [*getattr(dataset, 'datasets', ()), getattr(dataset, 'dataset', None)]:
        if part is not None:
            yield from _painters(part)
