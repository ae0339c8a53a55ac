"""The rows that answers in Python are: papers, numbers, leaderboards, digests."""

import datetime as dt
from collections.abc import Sequence

from catalog.publish.paper_columns import PAPER_COLUMNS
from catalog.reads.board_context import Changes
from catalog.reads.board_context import changes as board_changes
from catalog.reads.boards import Board, Entry
from catalog.reads.digest import Issue, Item
from catalog.reads.found_numbers import FoundNumber, FoundNumbers
from catalog.reads.model_numbers import ModelNumber, ModelPage
from catalog.reads.paper_results import PaperResult
from catalog.reads.search import Found, Hit
from catalog.rows import Columns, Rows, flat

_ITEM = {**PAPER_COLUMNS, **flat(rank=int, upvotes=int, comments=int, stars_per_day=float)}
_ENTRY = {
    **flat(rank=int, compared=float, text=str),
    "title": (str, lambda entry: entry.label),
    **flat(key=str, day=dt.date, model=str, value=float, value_max=float, error=float, unit=str),
    **flat(parameters=float, repository=str, led=bool, metric_inferred=bool, origin=str),
    **flat(row_confidence=float),
}
BOARD = flat(dataset=str, metric=str, papers=int, results=int, dataset_slug=str, metric_slug=str)
_RESULT = flat(
    key=str, title=str, first_seen_on=dt.date, metric=str, dataset=str, task=str, value=float,
    value_max=float, error=float, unit=str, text=str, kind=str, role=str, sign=str, model=str,
    baseline=str, sentence=str, origin=str, rule=str, confidence=float, row_confidence=float,
    state=str, withdrawn=bool, metric_inferred=bool, is_bound=bool,
)  # fmt: skip
_OF_PAPER = {"key", "title", "first_seen_on", "withdrawn"}
_MODEL_NUMBER: Columns = {
    "key": (str, lambda number: number.key),
    "title": (str, lambda number: number.label),
    "first_seen_on": (dt.date, lambda number: number.day),
    **{name: made for name, made in _RESULT.items() if name not in _OF_PAPER},
}
_FOUND_NUMBER = {**_RESULT, **flat(is_sure=bool)}
del _FOUND_NUMBER["withdrawn"]


class FoundPapers(Rows[Hit]):
    """The papers that a search found, best first, with what the search understood."""

    def __init__(self, found: Found) -> None:
        super().__init__(found.papers, PAPER_COLUMNS)
        self.found = found
        """The whole answer: remarks, filters, order, number of the page."""

    @property
    def total(self) -> int:
        """The number of papers on all pages; at least so many where `found.is_total_exact` is not.

        `len()` counts those of this page.
        """
        return self.found.total

    @property
    def did_you_mean(self) -> list[str]:
        """Searches that find more, spelt as the catalog spells it."""
        return self.found.did_you_mean


class Ranking(Rows[Entry]):
    """A leaderboard: its results, the best first."""

    def __init__(self, board: Board) -> None:
        super().__init__(board.ranking, _ENTRY)
        self.board = board
        """The whole answer: dataset, metric, units, and claims that are not ranked."""

    @property
    def unit(self) -> str:
        """The unit in which values are compared; empty for bare scores."""
        return self.board.unit

    def changes(self, since: dt.date) -> Changes:
        """Tell what entered and left the first ten ranks since a day."""
        return board_changes(self.board, since)


class DigestPapers(Rows[Item]):
    """The papers of a day or period, the most upvoted first."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.items, _ITEM)
        self.issue = issue
        """The whole answer: title and summary."""


class PaperNumbers(Rows[PaperResult]):
    """Numbers that papers report, one row each, with the sentence that each was read from."""

    def __init__(self, rows: Sequence[PaperResult], remarks: Sequence[str]) -> None:
        super().__init__(rows, _RESULT)
        self.remarks = list(remarks)
        """Remarks on parts of the search that were not understood as typed."""


class FoundNumberRows(Rows[FoundNumber]):
    """The numbers that a search found, with their papers and sentences."""

    def __init__(self, found: FoundNumbers) -> None:
        super().__init__(found.numbers, _FOUND_NUMBER)
        self.found = found
        """The whole answer: remarks, order, how many are hidden as not sure or bounds."""

    @property
    def total(self) -> int:
        """The number of numbers on all pages; at least so many if `found.is_total_exact` is not."""
        return self.found.total


class ModelNumbers(Rows[ModelNumber]):
    """The numbers that papers report for one model, with their papers and sentences."""

    def __init__(self, found: ModelPage) -> None:
        super().__init__(found.every, _MODEL_NUMBER)
        self.found = found
        """The whole answer: sizes and datasets apart, how many are hidden as not sure."""
