"""Hooks that MMEngine and MMPose do not have."""

from .hooks import *  # noqa: F403
