"""What the tools share: models and data sets of configs, with one-line errors."""

from .from_config import build_dataset, build_model, load_model

__all__ = ['build_dataset', 'build_model', 'load_model']
