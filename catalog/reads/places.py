"""Find the places of a paper's claims on their leaderboards: 2nd of 14 on GAIA."""

from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.claims import is_sure
from catalog.domain.headline import headline
from catalog.reads.asking import Read, first
from catalog.reads.boards import DATASET, METRIC, NamedDataset, NamedMetric, Standing, standing_of
from catalog.reads.numbers import Number

BOARDS = 6
"""Boards that are looked at."""

BEST = 500
"""Results of a board that are ranked; a place behind them is not told."""


class Claim(Struct, kw_only=True):
    """A sure claim of a paper, with its place on its board."""

    number: Number
    rank: int | None = None
    """1 leads; None where there is no board, or too few papers on it."""
    of: int = 0
    """Ranked results of the board, the best of each paper and model."""
    is_cut: bool = False
    """There are more than these."""

    @property
    def place(self) -> str:
        """The place in words.

        >>> Claim(number=None, rank=2, of=14).place
        '2nd of 14'
        """
        if self.rank is None:
            return ""
        return f"{ordinal(self.rank)} of {self.of:,}{'+' if self.is_cut else ''}"


def ordinal(number: int) -> str:
    """Write a place in a ranking.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 21, 113)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st', '113th']
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{'th' if number % 100 in {11, 12, 13} else ending}"


def claims_of(paper_id: int, numbers: Sequence[Number]) -> Read[list[Claim]]:
    """Choose a paper's sure claims, and find their places on the leaderboards."""
    ranked: list[Claim] = []
    for number in _on_boards(numbers):
        ranked.append((yield from _placed(paper_id, number)))
    shown = {(one.number.metric, one.number.dataset) for one in ranked}
    others = [
        Claim(number=one)
        for one in headline(numbers)
        if one.kind != "absolute" or (one.metric, one.dataset) not in shown
    ]
    return sorted(ranked, key=lambda one: (one.rank is None, one.rank or 0)) + others


def _on_boards(numbers: Sequence[Number]) -> list[Number]:
    """Choose the own, sure values on boards, one of each board."""
    boards: dict[tuple[str | None, str | None], Number] = {}
    for one in numbers:
        is_value = one.kind == "absolute" and one.role == "own" and one.value is not None
        if is_value and is_sure(one) and one.dataset_slug and one.metric_slug:
            boards.setdefault((one.dataset_slug, one.metric_slug), one)
    return list(boards.values())[:BOARDS]


def _placed(paper_id: int, number: Number) -> Read[Claim]:
    """Find a paper's best place on the board of one of its numbers."""
    on = yield from first(DATASET, NamedDataset, slug=number.dataset_slug)
    by = yield from first(METRIC, NamedMetric, slug=number.metric_slug)
    if on is None or by is None:
        return Claim(number=number)
    standing = yield from standing_of(on, by, most=BEST)
    return _place_in(standing, paper_id, number)


def _place_in(standing: Standing, paper_id: int, number: Number) -> Claim:
    mine = [one for one in standing.ranking if one.result.paper_id == paper_id]
    if standing.is_thin or not mine:
        return Claim(number=number)
    return Claim(number=number, rank=mine[0].rank, of=len(standing.ranking), is_cut=standing.is_cut)
