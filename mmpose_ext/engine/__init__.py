"""Hooks, optimiser constructors and schedulers MMEngine and MMPose do not have."""

from .hooks import *  # noqa: F403
from .optim import *  # noqa: F403
from .schedulers import *  # noqa: F403
