"""Mappings between the joints of different data sets, and their differences."""

from dataclasses import dataclass, field

from mmpose.datasets.datasets.utils import parse_pose_metainfo

from ..utils import ConfigError, choose_from
from .conventions import metainfo_file

_LIMBS = tuple(
    f'{side}_{joint}'
    for side in ('left', 'right')
    for joint in ('shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle')
)


@dataclass(frozen=True)
class JointMapping:
    """Mapping from the joints of one convention to those of another.

    Attributes:
        source (str): Convention mapped from: ``coco``, ``mpii``, ``lsp``, ``ntu``.
        target (str): Convention mapped to.
        pairs (dict[str, str]): Maps joints of the target to joints of the source.
            Joints of the target that it lacks stay unannotated.
        differs (dict[str, str]): Maps joints of the target to a description of how
            the source's joint differs, or why it has none.
    """

    source: str
    target: str
    pairs: dict[str, str]
    differs: dict[str, str] = field(default_factory=dict)

    def converter(self) -> dict:
        """Make MMPose's transform for this mapping.

        Returns:
            dict: Config of a ``KeypointConverter``.
        """
        source, target = (
            parse_pose_metainfo(dict(from_file=metainfo_file(convention)))
            for convention in (self.source, self.target)
        )
        index, number = source['keypoint_name2id'], target['keypoint_name2id']
        return dict(
            type='KeypointConverter',
            num_keypoints=target['num_keypoints'],
            mapping=[
                (index[theirs], number[ours]) for ours, theirs in self.pairs.items()
            ],
        )


_SAME_LIMBS = {name: name for name in _LIMBS}
# Kinect's color images are mirrored: the left arm of a person who faces the camera is
# on the left of the image, where ordinary photographs show the right arm. A model
# sees a right arm there, so left and right are exchanged.
_MIRRORED = {
    name: name.replace(*(('left', 'right') if 'left' in name else ('right', 'left')))
    for name in _LIMBS
}
_EXCHANGED = dict.fromkeys(
    _LIMBS, "left and right exchanged: Kinect's images are mirrored"
)
# Lengths in torsos (middle of the shoulders to middle of the hips): medians of three
# skeletons of NTU, and of the 1,313 people of MPII's validation split who face the
# camera.
_KINECT = {
    **_EXCHANGED,
    **{
        f'{side}_hip': f'{_EXCHANGED[f"{side}_hip"]}; closer together, 0.27 torsos '
        'apart, MPII 0.40'
        for side in ('left', 'right')
    },
    **{
        f'{side}_shoulder': f'{_EXCHANGED[f"{side}_shoulder"]}; a little closer '
        'together, 0.62 to 0.66 torsos, MPII 0.70'
        for side in ('left', 'right')
    },
}

MAPPINGS: dict[tuple[str, str], JointMapping] = {
    (mapping.source, mapping.target): mapping
    for mapping in (
        JointMapping(
            'mpii',
            'lsp',
            {**_SAME_LIMBS, 'neck': 'upper_neck', 'head_top': 'head_top'},
            {
                'neck': 'upper_neck, not thorax: MPII derives its thorax as the '
                'middle of the shoulders, and LSP annotates above that, where '
                'upper_neck is'
            },
        ),
        JointMapping(
            'ntu',
            'mpii',
            {
                **_MIRRORED,
                'pelvis': 'spine_base',
                'thorax': 'spine_shoulder',
                'upper_neck': 'neck',
            },
            {
                **_KINECT,
                'head_top': "none: Kinect's head is the center of the head",
                'pelvis': 'spine_base, where the spine meets it; MPII derives the '
                'middle of the hips',
                'upper_neck': "Kinect's neck, higher: 0.16 to 0.25 torsos above the "
                'middle of the shoulders, MPII 0.12',
                'thorax': 'spine_shoulder, 0.03 to 0.10 torsos above the middle of the '
                'shoulders, which is what MPII derives',
            },
        ),
        JointMapping(
            'ntu',
            'coco',
            dict(_MIRRORED),
            {
                **_KINECT,
                **dict.fromkeys(
                    ('nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear'),
                    'none: Kinect has no point of the face',
                ),
            },
        ),
    )
}


def joint_mapping(
    source: str, target: str, owner: str = 'joint_mapping'
) -> JointMapping:
    """Look up a mapping.

    >>> joint_mapping('mpii', 'lsp').pairs['neck']
    'upper_neck'

    Args:
        source (str): Convention mapped from.
        target (str): Convention mapped to.
        owner (str): Name of the caller, for the error.

    Returns:
        JointMapping: The mapping.

    Raises:
        ConfigError: If the mapping does not exist.
    """
    if (source, target) not in MAPPINGS:
        raise ConfigError(
            owner,
            'joints from, to',
            (source, target),
            'have no mapping',
            choose_from(MAPPINGS, (source, target)),
        )
    return MAPPINGS[source, target]
