"""Entries in the doctor's table of checks."""

from typing import NamedTuple


class Check(NamedTuple):
    """One check.

    Attributes:
        level (str): Its usual level.
        message (str): Description of the fault, a noun phrase.
        fix (str): How to fix it, an imperative.
    """

    level: str
    message: str
    fix: str
