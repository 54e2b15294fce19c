"""Names of NTU RGB+D 60's folders, files and samples, and its splits."""

import re
from typing import NamedTuple

VIDEOS, SKELETONS = 'nturgb+d_rgb', 'nturgb+d_skeletons'
VIDEO_SUFFIX, SKELETON_SUFFIX = '_rgb.avi', '.skeleton'
NUM_JOINTS = 25
#: Frames per second of the videos.
FRAME_RATE = 30.0
NUM_ACTIONS = 60
NUM_SUBJECTS = 40
#: Training subjects of the cross-subject (X-Sub) protocol.
XSUB_TRAIN = frozenset(
    {1, 2, 4, 5, 8, 9, 13, 14, 15, 16, 17, 18, 19, 25, 27, 28, 31, 34, 35, 38}
)
SUBJECTS: dict[str, frozenset[int]] = {
    'xsub-val': frozenset(range(1, NUM_SUBJECTS + 1)) - XSUB_TRAIN,
    'xsub-train': XSUB_TRAIN,
    'all': frozenset(range(1, NUM_SUBJECTS + 1)),
}
MISSING_LIST = 'NTU_RGBD_samples_with_missing_skeletons.txt'
_NAME = re.compile(r'S(\d{3})C(\d{3})P(\d{3})R(\d{3})A(\d{3})')


class NtuName(NamedTuple):
    """A sample's name, ``SsssCcccPpppRrrrAaaa``.

    Attributes:
        name (str): The whole name.
        setup (int): Number of the camera setup.
        camera (int): Camera, 1 to 3.
        subject (int): Performer.
        replication (int): Repetition, 1 or 2.
        action (int): Action class, from 1.
    """

    name: str
    setup: int
    camera: int
    subject: int
    replication: int
    action: int

    @classmethod
    def parse(cls, text: str) -> 'NtuName | None':
        """Parse a name; None if it has another form.

        Args:
            text (str): E.g. ``'S001C001P001R001A001'``.

        Returns:
            NtuName | None: Its parts.
        """
        match = _NAME.fullmatch(text)
        return cls(text, *map(int, match.groups())) if match else None
