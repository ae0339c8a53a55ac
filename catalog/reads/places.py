"""Find the places of a paper's claims on their leaderboards: 2nd of 14 on GAIA."""

from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.claims import is_sure
from catalog.domain.headline import headline
from catalog.reads.asking import Read, first
from catalog.reads.board_ranking import Standing
from catalog.reads.board_records import BriefResult, brief_standing
from catalog.reads.boards import DATASET, METRIC, NamedDataset, NamedMetric
from catalog.reads.numbers import Number

BOARDS = 6
"""Boards that are looked at."""


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
    for own in _by_board(numbers):
        ranked.append((yield from _placed(paper_id, own)))
    shown = {(one.number.metric, one.number.dataset) for one in ranked}
    others = [
        Claim(number=one)
        for one in headline(numbers)
        if one.kind != "absolute" or (one.metric, one.dataset) not in shown
    ]
    return sorted(ranked, key=lambda one: (one.rank is None, one.rank or 0)) + others


def _by_board(numbers: Sequence[Number]) -> list[list[Number]]:
    """Group the own values that boards rank by board."""
    boards: dict[tuple[str, str], list[Number]] = {}
    for one in numbers:
        is_value = one.kind == "absolute" and one.role == "own" and one.value is not None
        is_shown = is_sure(one) and not one.is_bound
        if is_value and is_shown and one.dataset_slug and one.metric_slug:
            boards.setdefault((one.dataset_slug, one.metric_slug), []).append(one)
    return list(boards.values())[:BOARDS]


def _placed(paper_id: int, own: Sequence[Number]) -> Read[Claim]:
    """Find a paper's best place on a board on which these numbers of its own stand."""
    on = yield from first(DATASET, NamedDataset, slug=own[0].dataset_slug)
    by = yield from first(METRIC, NamedMetric, slug=own[0].metric_slug)
    if on is None or by is None:
        return Claim(number=own[0])
    return _place_in((yield from brief_standing(on, by)), paper_id, own)


def _place_in(standing: Standing[BriefResult], paper_id: int, own: Sequence[Number]) -> Claim:
    """Tell the best place with the number that has it; the first number where none has one."""
    known = {one.id: one for one in own}
    mine = [one for one in standing.ranking if one.result.paper_id == paper_id]
    best = next((one for one in mine if one.result.id in known), None)
    if standing.is_thin or best is None:
        return Claim(number=own[0])
    return Claim(
        number=known[best.result.id],
        rank=best.rank,
        of=len(standing.ranking),
        is_cut=standing.is_cut,
    )
