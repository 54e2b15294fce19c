"""The data-set doctor, which finds faults in a data set before training."""

from .config_files import files_of_config
from .examine import examine
from .findings import Diagnosis, Finding
from .records import PoseFile, load_pose_file
from .usage import Usage

__all__ = [
    'Diagnosis',
    'Finding',
    'PoseFile',
    'Usage',
    'examine',
    'files_of_config',
    'load_pose_file',
]
