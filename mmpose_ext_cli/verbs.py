"""Verbs of ``mmpose-ext``."""

from typing import NamedTuple


class Verb(NamedTuple):
    """A verb of the command.

    Attributes:
        name (str): What the user types.
        summary (str): One line for the help.
        target (str): Code to run, with ``sys.argv`` set as for a script: the function
            ``main`` of a script below ``tools/``, or ``package.module:function``, whose
            module must not import PyTorch before the command line is read. Both may
            return an exit status.
    """

    name: str
    summary: str
    target: str


VERBS = (
    Verb(
        'predict',
        'find the key points of people in images, folders and videos',
        'mmpose_ext_cli.predict:main',
    ),
    Verb(
        'camera',
        'find key points live in the pictures of a camera, a stream or a video',
        'mmpose_ext_cli.camera:main',
    ),
    Verb('train', 'train the model of a config', 'train.py'),
    Verb('test', 'score a checkpoint on the test data of its config', 'test.py'),
    Verb('check', 'check a data set before training', 'misc/check_dataset.py'),
    Verb('browse', 'draw samples as the network gets them', 'misc/browse_dataset.py'),
    Verb('export', 'write a network as an ONNX file and compare the two', 'export.py'),
    Verb('complexity', 'count parameters and operations', 'analysis/complexity.py'),
    Verb('leaderboard', "run and report a paper's tables", 'leaderboard.py'),
    Verb(
        'convert',
        'convert weights from .pth to .safetensors, and back',
        'mmpose_ext_cli.convert:main',
    ),
    Verb(
        'run',
        'run a script of MMPose or of this project by its name',
        'mmpose_ext_cli.run_script:main',
    ),
)
