"""Compare papers side by side, by metric, dataset and kind of their own numbers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from catalog.reads.asking import Read, rows
from catalog.reads.cards import Card, cards
from catalog.reads.numbers import Number, numbers_of

MOST = 5
"""Papers that are compared at once."""

PAPERS = """
SELECT p.id, p.key,
       (SELECT count(*) FROM digest_entries e WHERE e.paper_id = p.id) AS digest_days
  FROM papers p WHERE p.key IN :keys
"""


class Row(Struct, kw_only=True):
    """One metric on one dataset, with the numbers of each paper."""

    metric: str | None
    dataset: str | None
    kind: str
    cells: list[list[Number]]
    """In the order of the papers."""
    papers: int
    """Papers that have such a number."""


class Comparison(Struct):
    """Papers side by side."""

    papers: list[Card]
    digest_days: list[int]
    """Days on which each paper stood in a digest."""
    rows: list[Row]
    missing: list[str]
    """Keys that no paper has."""


class _PaperRow(Struct):
    id: int
    key: str
    digest_days: int


def compare(keys: Sequence[str]) -> Read[Comparison]:
    """Read papers by their keys, in that order, with their own numbers side by side."""
    found = {row.key: row for row in (yield from rows(PAPERS, _PaperRow, keys=keys))}
    here = [found[key] for key in keys if key in found]
    ids = [row.id for row in here]
    shown = yield from cards(ids)
    numbers = yield from numbers_of(ids)
    return Comparison(
        papers=shown,
        digest_days=[row.digest_days for row in here],
        rows=side_by_side(ids, numbers),
        missing=[key for key in keys if key not in found],
    )


def side_by_side(papers: Sequence[int], numbers: Mapping[int, Sequence[Number]]) -> list[Row]:
    """Group numbers by metric, dataset and kind; what more papers report comes first."""
    cells: dict[tuple[str | None, str | None, str], dict[int, list[Number]]]
    cells = defaultdict(lambda: defaultdict(list))
    for number in (number for paper in papers for number in numbers.get(paper, [])):
        if number.role == "own":
            subject = (number.metric, number.dataset, number.kind)
            cells[subject][number.paper_id].append(number)
    found = [
        Row(
            metric=metric,
            dataset=dataset,
            kind=kind,
            cells=[of_subject.get(paper, []) for paper in papers],
            papers=len(of_subject),
        )
        for (metric, dataset, kind), of_subject in cells.items()
    ]
    return sorted(
        found,
        key=lambda row: (
            -row.papers,
            row.metric is None,
            row.dataset is None,
            row.metric or "",
        ),
    )
