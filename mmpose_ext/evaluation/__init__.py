"""Metrics and baselines."""

from .metrics import *  # noqa: F403
