"""Hooks, optimizers, schedulers and a visualizer that MMEngine and MMPose lack."""

from .hooks import *  # noqa: F403
from .optim import *  # noqa: F403
from .schedulers import *  # noqa: F403
from .visualizers import *  # noqa: F403
