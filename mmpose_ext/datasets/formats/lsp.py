"""The official files of Leeds Sports Pose and its extension."""

from typing import NamedTuple

NUM_JOINTS = 14
Range = tuple[int, int]


class LspForm(NamedTuple):
    """Layout of one official ``joints.mat``.

    Attributes:
        name (str): Short name, the prefix of converted files.
        title (str): Name used in messages.
        shape (tuple[int, ...]): Shape of the field ``joints``.
        image_name (str): Template of the images' file names, numbered from 1.
        splits (dict): Maps a split to its first and last image number, both
            included.
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
