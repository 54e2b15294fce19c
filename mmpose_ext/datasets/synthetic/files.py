"""Image files of synthetic figures, written atomically and only once."""

from pathlib import Path

from ...figures import SyntheticFigures
from ...figures.scene import Scene
from ...utils.pictures import write_picture

#: Increased whenever the same arguments would give different images.
GENERATOR_VERSION = 2
#: Number of the first validation image, far beyond the training images of the seed.
VAL_START = 1_000_000


def render_file(
    figures: SyntheticFigures, index: int, path: Path, quality: int = 95
) -> Scene:
    """Write an image as JPEG unless the file exists.

    Args:
        figures (SyntheticFigures): The generator.
        index (int): Number of the image.
        path (Path): The file.
        quality (int): Quality of the JPEG.

    Returns:
        Scene: The annotations, and the image if it was written.

    Raises:
        UserError: If the file cannot be written.
    """
    missing = not path.exists()
    scene = figures.render(index, image=missing)
    if missing:
        assert scene.image is not None
        write_picture(path, scene.image, quality)
    return scene
