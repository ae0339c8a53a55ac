"""Tell the size of the model that each number is of, or what else the model costs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from catalog.reads.asking import Read, rows

NUMBERS = """
SELECT s.id, s.paper_id, s.value, s.model, s.sentence,
       CASE WHEN s.metric_id = :metric THEN 0 ELSE 1 END AS is_size
  FROM results s
 WHERE s.paper_id IN :papers AND s.kind = 'absolute' AND s.state <> 'rejected'
   AND s.value IS NOT NULL
   AND ((s.metric_id = :metric AND s.dataset_id = :dataset)
        OR s.metric_id = (SELECT id FROM metrics WHERE name = :cost))
 ORDER BY s.paper_id, s.span_start, s.id
"""


class Number(Struct):
    """A number of a board, or a size, in the order of its paper's text."""

    id: int
    paper_id: int
    value: float
    model: str | None
    sentence: str | None
    is_size: bool


class Ranked(Protocol):
    """A number whose model's size is to be found."""

    @property
    def id(self) -> int: ...  # noqa: D102

    @property
    def paper_id(self) -> int: ...  # noqa: D102


def sizes_of(
    entries: Sequence[Ranked], *, dataset: int, metric: int, cost: str = "parameters"
) -> Read[dict[int, float]]:
    """Map the numbers of a board whose model's size is known to that size, in parameters.

    `cost` is the name of another metric that a model is measured by, such as latency.
    """
    papers = sorted({entry.paper_id for entry in entries})
    found = yield from rows(
        NUMBERS, Number, papers=papers, dataset=dataset, metric=metric, cost=cost
    )
    sizes: dict[int, float] = {}
    for numbers in _by_paper(found).values():
        sizes |= matched(numbers)
    return sizes


def _by_paper(numbers: Sequence[Number]) -> Mapping[int, list[Number]]:
    papers: dict[int, list[Number]] = defaultdict(list)
    for number in numbers:
        papers[number.paper_id].append(number)
    return papers


def matched(numbers: Sequence[Number]) -> dict[int, float]:
    """Match the numbers of one paper with the sizes in it.

    A size belongs to a number that has the same model; else to the one at its place, where a
    sentence has as many numbers as sizes ("84.3 and 84.9 with 51M and 90M"); else to all, where
    the paper has only one.
    """
    sizes = [one for one in numbers if one.is_size]
    values = [one for one in numbers if not one.is_size]
    if not sizes:
        return {}
    found = {}
    for value in values:
        size = _of_model(value, sizes) or _at_place(value, values, sizes)
        if size is None and len({one.value for one in sizes}) == 1:
            size = sizes[0]
        if size is not None:
            found[value.id] = size.value
    return found


def _of_model(value: Number, sizes: Sequence[Number]) -> Number | None:
    """Find the only size that the text gives for the number's model."""
    name = (value.model or "").casefold()
    of_it = [size for size in sizes if name and (size.model or "").casefold() == name]
    return of_it[0] if len({size.value for size in of_it}) == 1 else None


def _at_place(value: Number, values: Sequence[Number], sizes: Sequence[Number]) -> Number | None:
    """Find the size at the number's place among as many sizes in its sentence."""
    beside = [one for one in values if one.sentence == value.sentence]
    there = [size for size in sizes if size.sentence == value.sentence]
    if value.sentence is None or len(beside) != len(there):
        return None
    return there[beside.index(value)]
