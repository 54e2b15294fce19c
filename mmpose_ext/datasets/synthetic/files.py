"""Image files of figures: written whole, and only once."""

from pathlib import Path

from ...figures import SyntheticFigures
from ...figures.scene import Scene
from ...utils.pictures import write_picture

#: Grows when the same arguments would give other images.
GENERATOR_VERSION = 2
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
        write_picture(path, scene.image, quality)
    return scene
