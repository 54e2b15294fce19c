"""The table of everything that the doctor looks for.

``fatal`` means that training, validation or scoring stops, leaves people out without
a word, or has an outcome that means nothing; what has no fatal finding trains,
validates and scores.
"""

from .check import Check
from .field_checks import FIELD_CHECKS
from .label_checks import LABEL_CHECKS

CHECKS: dict[str, Check] = {**FIELD_CHECKS, **LABEL_CHECKS}
