"""Crops of a test-time image pyramid (SADI-Net, Section IV-C)."""

import copy
from collections.abc import Sequence
from typing import Any

from mmcv.transforms import TestTimeAug
from mmpose.registry import TRANSFORMS

from ...utils import ConfigError
from ...utils.checks import check_number_lists, is_list

SCALES = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3)


def check_scales(owner: str, scales: Any) -> tuple[float, ...]:
    """Check the scales of a pyramid.

    Args:
        owner (str): The class whose argument they are.
        scales (Any): The value in the config.

    Returns:
        tuple[float, ...]: The scales.

    Raises:
        ConfigError: If they are not one or more positive, finite numbers.
    """
    check_number_lists(owner, above=0, scales=scales)
    return tuple(scales)


@TRANSFORMS.register_module()
class TopdownPyramid(TestTimeAug):
    """Crop a person at several scales, for :class:`PyramidTTAModel`.

    At scale s the person appears s times as large in the network's input as in
    the plain test: the box is 1/s as large about the same center, and is cut from
    the original image, so a small scale shows more of its surroundings and a large
    one more detail. The paper says "image pyramids with six scales" without listing
    them; 0.8 to 1.3 in steps of 0.1 is this project's choice.

    It follows ``GetBBoxCenterScale`` and contains the rest of the plain test's
    pipeline. It does not flip: the model flips its input itself, as in MMPose, if
    ``test_cfg.flip_test`` is set.

    Required Keys:

        - bbox_center, bbox_scale
        - the keys that the transforms need

    Args:
        transforms (list[dict]): The plain test's transforms after
            ``GetBBoxCenterScale``: ``TopdownAffine`` to ``PackPoseInputs``.
        scales (Sequence[float]): Positive numbers. Default: 0.8 to 1.3 in steps of
            0.1.

    Raises:
        ConfigError: If there are no scales, or not all are positive numbers.

    Example:
        >>> import numpy as np
        >>> crop = dict(type='mmpose.TopdownAffine', input_size=(48, 64))
        >>> pack = dict(type='mmpose.PackPoseInputs')
        >>> pyramid = TopdownPyramid([crop, pack], scales=(0.8, 1.0))
        >>> person = dict(img=np.zeros((80, 60, 3), np.uint8))
        >>> person['bbox_center'] = np.array([[30.0, 40.0]])
        >>> person['bbox_scale'] = np.array([[60.0, 80.0]])
        >>> [tuple(crop.shape) for crop in pyramid(person)['inputs']]
        [(3, 64, 48), (3, 64, 48)]
    """

    def __init__(
        self, transforms: Sequence[dict], scales: Sequence[float] = SCALES
    ) -> None:
        self.scales = check_scales('TopdownPyramid', scales)
        if not is_list(transforms) or not all(isinstance(t, dict) for t in transforms):
            raise ConfigError(
                'TopdownPyramid',
                'transforms',
                transforms,
                'must be a list of dicts',
                "write [dict(type='TopdownAffine', ...), dict(type='PackPoseInputs')]",
            )
        super().__init__([[step] for step in transforms])

    def transform(self, results: dict[str, Any]) -> dict[str, list]:
        """Crop and pack at every scale.

        Args:
            results (dict): Sample of one person.

        Returns:
            dict[str, list]: ``inputs``, one (3, H, W) tensor per scale, and
            ``data_samples``, which hold the scale as ``pyramid_scale``.

        Raises:
            ConfigError: If it does not follow ``GetBBoxCenterScale``, or does not end
                with ``PackPoseInputs``.
        """
        if 'bbox_scale' not in results:
            raise ConfigError(
                self,
                'results',
                sorted(results),
                'has no bbox_scale yet',
                'put TopdownPyramid after GetBBoxCenterScale',
            )
        # MMPose puts the data set itself into the sample; it must not be copied.
        dataset = results.get('dataset')
        packed = []
        for scale in self.scales:
            crop = copy.deepcopy(results, {id(dataset): dataset})
            crop['bbox_scale'] = crop['bbox_scale'] / scale
            crop = self.subroutines[0](crop)
            if 'data_samples' not in crop:
                raise ConfigError(
                    self,
                    'transforms',
                    self.subroutines[0],
                    'does not pack a data sample',
                    "end it with dict(type='PackPoseInputs')",
                )
            crop['data_samples'].set_metainfo(dict(pyramid_scale=float(scale)))
            packed.append(crop)
        return {key: [crop[key] for crop in packed] for key in packed[0]}

    def __repr__(self) -> str:
        """Return the scales and the steps."""
        return f'TopdownPyramid(scales={self.scales}, {self.subroutines[0]})'
