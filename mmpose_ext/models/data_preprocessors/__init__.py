"""Data preprocessors: from the loader's batch to the network's input and targets."""

from .fast_pose_data_preprocessor import FastPoseDataPreprocessor

__all__ = ['FastPoseDataPreprocessor']
