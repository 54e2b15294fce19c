"""Files of figures: written whole, made once, never mixed with others."""

import json
from pathlib import Path
from typing import Any

from ...figures import SyntheticFigures
from ...figures.scene import Scene
from ...utils import UserError, write_json_atomic
from ...utils.jpeg import write_jpeg

#: Grows when the same arguments would give other images.
GENERATOR_VERSION = 1
#: Validation images come from far behind the training images of the same seed.
VAL_START = 1_000_000


def render_file(
    figures: SyntheticFigures, index: int, path: Path, quality: int = 95
) -> Scene:
    """Write an image as JPEG unless it is there already.

    Args:
        figures (SyntheticFigures): The generator.
        index (int): Which image.
        path (Path): The file.
        quality (int): Of the JPEG.

    Returns:
        Scene: With the annotations; painted only if it was written.

    Raises:
        UserError: If the file cannot be written.
    """
    missing = not path.exists()
    scene = figures.render(index, image=missing)
    if missing:
        assert scene.image is not None
        write_jpeg(path, scene.image, quality)
    return scene


def claim(folder: Path, marker: Path, config: dict[str, Any]) -> None:
    """Check that what a folder holds was made with the same arguments.

    Args:
        folder (Path): Where the images go.
        marker (Path): The json file that keeps the arguments.
        config (dict): The arguments, as json would keep them.

    Raises:
        UserError: If the folder holds something else, or cannot be written to.
    """
    if marker.exists():
        try:
            found = json.loads(marker.read_text(encoding='utf-8'))
        except (OSError, ValueError) as error:
            raise UserError(f'cannot read {marker}: {error}', 'delete it') from error
        if found != config:
            raise UserError(
                f'{folder} holds figures made with other arguments (see {marker})',
                'choose another folder, the same arguments, or delete it',
            )
        return
    if folder.is_dir() and any(folder.iterdir()):
        raise UserError(
            f'{folder} holds files that were not made by this tool',
            'choose another folder',
        )
    write_json_atomic(marker, config, indent=1)
