"""Rank the results of a board in one unit, once for each paper and model."""

import datetime as dt
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from catalog.domain.ranking import (
    Ranked,
    has_percent,
    ranked,
    records,
    reranked,
    scale,
    unit_of,
)

FEWEST = 3
"""Papers from which on a board ranks; fewer make a list of claims."""


class OnBoard(Protocol):
    """A result with a value, which learns its rank."""

    id: int
    paper_id: int
    is_row: bool
    model: str | None
    value: float | None
    unit: str | None
    day: dt.date | None
    rank: int | None
    led: bool
    others: int


R = TypeVar("R", bound=OnBoard)


class Standing(Struct, Generic[R], kw_only=True):
    """The results of a board in their order, before anything is added for people."""

    ranking: list[Ranked[R]]
    unit: str
    units: list[str]
    papers: int
    is_thin: bool
    is_cut: bool
    """There are more results than were ranked."""


def stand(
    found: Sequence[R], *, higher_is_better: bool | None, is_cut: bool, unit: str = ""
) -> Standing[R]:
    """Rank results in a unit, else in the most frequent one; of fewer than three papers none ranks.

    Where results are cut, there may be more papers than were read.
    """
    in_percent = has_percent(found)
    units = sorted({unit_of(one, in_percent) for one in found})
    unit = unit if unit in units else scale(found)
    ranking = folded(ranked(found, unit=unit, higher_is_better=higher_is_better))
    is_thin = len({one.result.paper_id for one in ranking}) < FEWEST and not is_cut
    if not is_thin:
        _add_ranks(ranking, higher_is_better=higher_is_better)
    return Standing(
        ranking=ranking,
        unit=unit,
        units=units,
        papers=len({one.result.paper_id for one in ranking if not one.result.is_row}),
        is_thin=is_thin,
        is_cut=is_cut,
    )


def folded(ranking: Sequence[Ranked[R]]) -> list[Ranked[R]]:
    """Keep the best result of each paper and model, and rank these again."""
    kept: dict[tuple[int, str], Ranked[R]] = {}
    for one in ranking:
        subject = (one.result.paper_id, one.result.model or "")
        if subject in kept:
            kept[subject].result.others += 1
        else:
            kept[subject] = one
    return reranked(list(kept.values()))


def _add_ranks(ranking: Sequence[Ranked[R]], *, higher_is_better: bool | None) -> None:
    """Add ranks to the results, and whether they were the best when they appeared."""
    led = {one.result.id for one in records(ranking, higher_is_better=higher_is_better)}
    for one in ranking:
        one.result.rank, one.result.led = one.rank, one.result.id in led
