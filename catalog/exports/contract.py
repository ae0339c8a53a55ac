"""Sources of an export: the papers, or the rows of one table, that a format writes."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from catalog.reads.drivers import run
from catalog.reads.paper import Paper, papers
from catalog.reads.whole_tables import Row, WholeTable, rows_of

PORTION = 200
"""Papers that are read at a time."""


class Papers(Struct, frozen=True):
    """The papers of an export, read while they are written."""

    connection: Connection
    """A connection that sees one state of the catalog, whatever is committed meanwhile."""
    ids: Sequence[int]
    """The papers, in the order of their keys."""
    is_excerpt: bool = False
    """A search has chosen them; otherwise they are all papers of the catalog."""
    remarks: list[str] = []
    """What a format says of the papers after it has written them, such as what it left out."""

    def __iter__(self) -> Iterator[Paper]:
        """Yield the papers in the order of their keys."""
        for start in range(0, len(self.ids), PORTION):
            yield from run(self.connection, papers(self.ids[start : start + PORTION]))

    def named(self) -> Iterator[Paper]:
        """Yield the papers without the rows of tables that name no paper."""
        return (paper for paper in self if not paper.is_row)


class TableRows(Struct, frozen=True):
    """One table or view of an export, read while it is written."""

    connection: Connection
    table: WholeTable
    papers: Sequence[int] | None = None
    """Only rows that tell of these; None means all rows."""

    def portions(self) -> Iterator[list[Row]]:
        """Yield the rows in the order of their keys, some at a time."""
        return rows_of(self.connection, self.table, self.papers)
