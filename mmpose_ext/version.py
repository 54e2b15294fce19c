"""The version of mmpose_ext, its one home."""

__version__ = '0.1.0'
