"""Videos and cameras: reading, writing, tracking and smoothing.

``open_source`` opens a camera, a network stream, a file or a folder; ``Stream`` runs it
through a network; ``PersonTracker`` tracks people and ``PoseSmoother`` smooths their
key points.
"""

from .live import Statistics, Stream
from .reader import read_video
from .smoothing import OneEuroFilter, PoseSmoother
from .sources import CameraSource, FileSource, FolderSource, Frame, open_source
from .tracking import PersonTracker
from .writer import VideoFile, check_video

__all__ = [
    'CameraSource',
    'FileSource',
    'FolderSource',
    'Frame',
    'OneEuroFilter',
    'PersonTracker',
    'PoseSmoother',
    'Statistics',
    'Stream',
    'VideoFile',
    'check_video',
    'open_source',
    'read_video',
]
