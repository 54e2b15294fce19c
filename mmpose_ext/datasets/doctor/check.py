"""One entry of the doctor's table."""

from typing import NamedTuple


class Check(NamedTuple):
    """One check.

    Attributes:
        level (str): Its usual level.
        message (str): What is wrong, as the subject of a line.
        fix (str): What to do about it.
    """

    level: str
    message: str
    fix: str
