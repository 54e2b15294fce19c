"""Moving pictures: reading, writing, following people, and cameras."""

from .reader import read_video
from .writer import VideoFile, check_video

__all__ = ['VideoFile', 'check_video', 'read_video']
