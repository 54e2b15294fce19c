"""Leeds Sports Pose and its extension: the official files."""

from typing import NamedTuple

NUM_JOINTS = 14
Range = tuple[int, int]


class LspForm(NamedTuple):
    """One official ``joints.mat``.

    Attributes:
        name (str): Short name, the prefix of the files written.
        title (str): The name in messages.
        shape (tuple[int, ...]): The shape of the field ``joints``.
        image_name (str): Template of the image's file name; number from 1.
        splits (dict): Name to first and last image number, both included.
    """

    name: str
    title: str
    shape: tuple[int, int, int]
    image_name: str
    splits: dict[str, Range]


LSP = LspForm(
    'lsp',
    'LSP',
    (3, 14, 2000),
    'im{:04d}.jpg',
    {'train': (1, 1000), 'test': (1001, 2000)},
)
LSPET = LspForm(
    'lspet', 'LSP-extended', (14, 3, 10000), 'im{:05d}.jpg', {'train': (1, 10000)}
)
FORMS = (LSP, LSPET)
