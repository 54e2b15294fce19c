"""Human pose estimation from an exported network, without PyTorch.

Runs what ``mmpose-ext export`` writes, with only NumPy, OpenCV and ONNX Runtime (or
OpenVINO)::

    from mmpose_ext_runtime import PoseModel

    model = PoseModel('pose.onnx')
    people = model(image, boxes=[[10, 20, 110, 220]])
    people.keypoints  # (n, K, 2), in pixels of the image
"""

from .errors import InputError
from .images import load_image
from .manifest import Manifest, read_manifest
from .pose_model import People, PoseModel

__all__ = [
    'InputError',
    'Manifest',
    'People',
    'PoseModel',
    'load_image',
    'read_manifest',
]
