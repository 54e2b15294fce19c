"""The table of all checks of the doctor.

``fatal`` means that training, validation or scoring stops, silently leaves people
out, or has a meaningless result. A data set without fatal findings can be used for
training, validation and scoring.
"""

from .check import Check
from .field_checks import FIELD_CHECKS
from .label_checks import LABEL_CHECKS

CHECKS: dict[str, Check] = {**FIELD_CHECKS, **LABEL_CHECKS}
