"""Command-line options that several converters share."""

import argparse


def add_image_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--allow-missing`` and ``--verify``.

    Args:
        parser (argparse.ArgumentParser): The tool's parser.
    """
    parser.add_argument(
        '--allow-missing',
        action='store_true',
        help='leave out missing and unreadable images instead of stopping',
    )
    parser.add_argument(
        '--verify',
        action='store_true',
        help='decode every image, to find truncated ones',
    )


def add_padding_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--padding``, the margin of boxes around joints.

    Args:
        parser (argparse.ArgumentParser): The tool's parser.
    """
    parser.add_argument(
        '--padding',
        type=float,
        default=1.2,
        help="ratio of the box's longer side to that of the joints (%(default)s)",
    )
