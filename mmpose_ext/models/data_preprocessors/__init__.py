"""Data preprocessors that turn the loader's batch into inputs and targets."""

from .fast_pose_data_preprocessor import FastPoseDataPreprocessor

__all__ = ['FastPoseDataPreprocessor']
