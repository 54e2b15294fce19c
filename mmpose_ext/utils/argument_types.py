"""Types of command-line arguments."""

import argparse

# Largest seed that both NumPy's and PyTorch's generators take.
_LARGEST = 2**32 - 1


def seed_number(text: str) -> int:
    """Parse the seed of a random generator.

    >>> seed_number('7')
    7

    Args:
        text (str): A whole number from 0 to 2^32 - 1.

    Raises:
        argparse.ArgumentTypeError: If it is not such a number.
    """
    try:
        value = int(text)
    except ValueError:
        value = -1
    if 0 <= value <= _LARGEST:
        return value
    raise argparse.ArgumentTypeError(
        f'{text!r} is not a whole number from 0 to {_LARGEST}'
    )
