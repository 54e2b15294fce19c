"""Metric that writes the predictions for MPII's test set instead of scoring them."""

import os
from collections.abc import Sequence

import numpy as np
from mmengine.evaluator import BaseMetric
from mmpose.registry import METRICS

from ...datasets.formats.mpii import SUBMISSION_FILE
from ..mpii_export import export_mpii_submission, load_test_index


@METRICS.register_module()
class MpiiSubmission(BaseMetric):
    """Write the file that MPII's authors evaluate, when testing on the hidden test set.

    See :func:`~mmpose_ext.evaluation.mpii_export.export_mpii_submission`. The joints
    are written as predicted: MMPose's ``MpiiDataset`` trains on labels that count
    from 1, as the benchmark does.

    Args:
        release_file (str | os.PathLike): ``mpii_human_pose_v1_u12_1.mat``.
        test_file (str | os.PathLike): ``mpii_test.json``, as the converter writes
            it and the test loader reads it.
        out_file (str | os.PathLike): The file to write.
        offset (float): Pixels to add to the predictions.
        collect_device (str): ``'cpu'`` or ``'gpu'``, for distributed runs.
        prefix (str, optional): Prefix of the keys, followed by a slash.

    Raises:
        UserError: If ``test_file`` cannot be read or was not written by the converter.

    Example:
        >>> from pathlib import Path
        >>> _ = Path('mpii_test.json').write_text('[{"release_index": [4, 1]}]')
        >>> metric = MpiiSubmission('release.mat', 'mpii_test.json', offset=1)
        >>> found = dict(keypoints=np.zeros((1, 16, 2)))
        >>> metric.process(None, [dict(id=0, pred_instances=found)])
        >>> row, joints = metric.results[0]
        >>> row, float(joints[0, 0])
        (0, 1.0)
    """

    def __init__(
        self,
        release_file: str | os.PathLike,
        test_file: str | os.PathLike,
        out_file: str | os.PathLike = SUBMISSION_FILE,
        offset: float = 0.0,
        collect_device: str = 'cpu',
        prefix: str | None = None,
    ) -> None:
        super().__init__(collect_device=collect_device, prefix=prefix)
        # Read now, so that a missing file is found before the test run.
        self.index = load_test_index(test_file)
        self.release_file = release_file
        self.out_file = out_file
        self.offset = offset

    def process(self, data_batch: object, data_samples: Sequence[dict]) -> None:
        """Keep the predicted joints of a batch.

        Args:
            data_batch (object): Not used.
            data_samples (Sequence[dict]): Samples with ``id``, the row in the
                annotation file, and ``pred_instances.keypoints``, shape (1, 16, 2).
        """
        for sample in data_samples:
            joints = np.asarray(sample['pred_instances']['keypoints'])[0, :, :2]
            self.results.append((int(sample['id']), joints + self.offset))

    def compute_metrics(self, results: list[tuple[int, np.ndarray]]) -> dict:
        """Write the file.

        Args:
            results (list[tuple[int, np.ndarray]]): Results from all processes.

        Returns:
            dict: ``persons``, the number of persons written.
        """
        # A distributed sampler may repeat a few samples to equalize the shards.
        rows = dict(results)
        index = [self.index[row] for row in rows]
        written = export_mpii_submission(
            self.release_file, np.stack([*rows.values()]), index, self.out_file
        )
        return dict(persons=written)
