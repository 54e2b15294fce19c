"""Operations and parameters of models, and the tables of the documents."""

from .complexity import (
    Complexity,
    ModuleCost,
    count_complexity,
    count_config,
    count_operations,
)
from .report import complexity_report

__all__ = [
    'Complexity',
    'ModuleCost',
    'complexity_report',
    'count_complexity',
    'count_config',
    'count_operations',
]
