"""A paper's tables of results, as :mod:`.table_files` reads them."""

from dataclasses import dataclass, field

from .families import COUNTS, FAMILIES, Family

#: Sections of the audit page's remarks.
AUDIT_SECTIONS = ('Specified', 'Not specified', 'Contradictions', 'Protocol')


@dataclass(frozen=True)
class Protocol:
    """Protocol of a figure, which must be equal for two figures to be comparable.

    Attributes:
        dataset (str): The data set, such as ``COCO``.
        split (str): Its split, such as ``val2017``.
        boxes (str): ``detector``, ``ground truth``, ``one-stage`` or ``not stated``.
        metric (str): A name in :data:`.FAMILIES`.
    """

    dataset: str
    split: str
    boxes: str
    metric: str

    @property
    def family(self) -> Family:
        """The metric's columns and tolerance."""
        return FAMILIES[self.metric]

    def differences(self, other: 'Protocol') -> list[str]:
        """List what differs from another protocol, as "boxes: detector, not ...".

        Boxes that are not stated differ from any that are.
        """
        return [
            f'{name}: {mine}, not {theirs}'
            for name in ('dataset', 'split', 'boxes', 'metric')
            if (mine := getattr(self, name)) != (theirs := getattr(other, name))
        ]


@dataclass(frozen=True)
class TableRow:
    """A row of a table.

    Attributes:
        name (str): The method, unique in its table.
        protocol (Protocol): How its figures were measured.
        values (dict[str, float]): Published figures by column, in percent; counts in
            millions and in the paper's GFLOPs.
        config (str, optional): The config that measures it.
        small (dict[str, str]): Configs for one CPU, by data set.
        ours (bool): Whether it is a network of this project.
        note (str): A remark on the row.
    """

    name: str
    protocol: Protocol
    values: dict[str, float]
    config: str | None = None
    small: dict[str, str] = field(default_factory=dict)
    ours: bool = False
    note: str = ''


@dataclass(frozen=True)
class Claim:
    """An ordering that the paper claims: row ``above`` beats row ``below``."""

    above: str
    below: str
    metric: str


@dataclass(frozen=True)
class Table:
    """A table of results.

    Attributes:
        number (str): Its number, or where the figures stand.
        title (str): The caption.
        place (str): The section.
        protocol (Protocol): Protocol of its rows, unless a row has its own.
        rows (list[TableRow]): Rows in the order of printing.
        claims (list[Claim]): Orderings of rows.
    """

    number: str
    title: str
    place: str
    protocol: Protocol
    rows: list[TableRow]
    claims: list[Claim]

    @property
    def columns(self) -> list[str]:
        """The columns of published figures, counts first, in the family's order."""
        used = {column for row in self.rows for column in row.values}
        order = [*COUNTS, *self.protocol.family.keys, *sorted(used)]
        return [column for column in dict.fromkeys(order) if column in used]


@dataclass(frozen=True)
class Board:
    """All tables of a paper, or a comparison without published figures.

    Attributes:
        folder (str): The folder's name below ``configs``, such as ``ca_hrnet``.
        paper (str): The network's name.
        tables (list[Table]): Tables in order.
        audit (dict[str, list[str]]): Remarks by section of :data:`AUDIT_SECTIONS`.
    """

    folder: str
    paper: str
    tables: list[Table]
    audit: dict[str, list[str]]
