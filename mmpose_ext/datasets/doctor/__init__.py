"""The doctor: what is wrong with a data set, before it is trained on."""

from .examine import examine, files_of_config
from .findings import Diagnosis, Finding
from .records import load_pose_file

__all__ = ['Diagnosis', 'Finding', 'examine', 'files_of_config', 'load_pose_file']
