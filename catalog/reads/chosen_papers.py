"""Choose papers for an export: all of them, or those that a search finds, in a lasting order."""

from collections.abc import Sequence

from msgspec import Struct

from catalog.reads.asking import Read, column, dialect
from catalog.reads.search import EVERY, find_all

CODE_POINTS = {"sqlite": "", "postgresql": ' COLLATE "C"'}

ALL = "SELECT p.id FROM papers p ORDER BY p.key{collation}"
SOME = "SELECT p.id FROM papers p WHERE p.id IN :papers ORDER BY p.key{collation}"


class Chosen(Struct, frozen=True):
    """The papers of an export, in the order of their keys: the same in every copy of a catalog."""

    papers: Sequence[int]
    remarks: Sequence[str] = ()
    """Remarks on parts of the search that were not understood as typed."""


def chosen_papers(where: str = "") -> Read[Chosen]:
    """Choose the papers that a search finds, without guessing; without a search all of them."""
    collation = CODE_POINTS[(yield from dialect())]
    if not where:
        return Chosen((yield from column(ALL.format(collation=collation), int)))
    matched = yield from find_all(where, size=EVERY)
    ids = yield from column(SOME.format(collation=collation), int, papers=matched.papers)
    return Chosen(ids, matched.remarks)
