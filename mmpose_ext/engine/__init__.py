"""Hooks, optimizers, schedulers and a visualizer beyond MMEngine's and MMPose's."""

from .hooks import *  # noqa: F403
from .optim import *  # noqa: F403
from .schedulers import *  # noqa: F403
from .visualizers import *  # noqa: F403
