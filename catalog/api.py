"""The catalog in Python: `from catalog import Catalog`.

It reads, and never writes. Every answer is that of the site, the terminal and MCP: the same reads.
"""

import datetime as dt
import os
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from catalog.answer_rows import (
    BOARD,
    DigestPapers,
    FoundNumberRows,
    FoundPapers,
    ModelNumbers,
    PaperNumbers,
    Ranking,
)
from catalog.domain.errors import CatalogError
from catalog.domain.periods import asked_period, of_day
from catalog.domain.search_language import understand
from catalog.reads.asking import Read
from catalog.reads.boards import BoardSummary, Filters
from catalog.reads.digest import newest_day, of_period
from catalog.reads.drivers import run
from catalog.reads.finding import find_paper
from catalog.reads.for_you import ForYou
from catalog.reads.for_you import for_you as read_for_you
from catalog.reads.found_numbers import search_numbers
from catalog.reads.model_numbers import model_named
from catalog.reads.moved import Movement, moved_since
from catalog.reads.named_boards import board_named
from catalog.reads.number_conditions import NumberOrder
from catalog.reads.paper import Paper
from catalog.reads.paper import paper as read_paper
from catalog.reads.paper_results import paper_results
from catalog.reads.search import EVERY, Order
from catalog.reads.search import search as read_search
from catalog.reads.search_filters import FILTERS
from catalog.reads.similar import SimilarPaper, similar
from catalog.reads.tasks import listed_boards
from catalog.rows import Rows

if TYPE_CHECKING:
    from sqlalchemy import Engine

T = TypeVar("T")


class Catalog:
    """A catalog that is open for reading.

    Each answer shows the catalog as it is when asked, also what was loaded meanwhile. It may be
    used by several threads.

    >>> from catalog import Catalog
    >>> with Catalog.open("catalog.db") as c:  # doctest: +SKIP
    ...     for paper in c.search("diffusion code:yes"):
    ...         print(paper.key, paper.label)
    """

    def __init__(self, engine: "Engine", stack: ExitStack | None = None) -> None:
        if stack is None:
            msg = "open a catalog with Catalog.open(...), by its file or its address"
            raise TypeError(msg)
        self._engine = engine
        self._stack = stack
        self._is_closed = False

    @classmethod
    def open(cls, database: str | os.PathLike[str] = "catalog.db") -> Self:
        """Open a catalog by its file, or by a URL of SQLAlchemy such as `postgresql+psycopg://...`.

        Use it in a `with`, or call `close()` when done.

        Raises:
            CatalogError: there is none, or it needs `catalog db upgrade`.

        """
        from catalog.database.engine import reading

        with ExitStack() as stack:
            engine = stack.enter_context(reading(os.fspath(database)))
            return cls(engine, stack.pop_all())

    def close(self) -> None:
        """Close its connections; it answers nothing after that."""
        self._is_closed = True
        self._stack.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close its connections."""
        self.close()

    def search(
        self, text: str, *, size: int = 20, page: int = 1, sort: Order = "best"
    ) -> FoundPapers:
        """Search papers by words, filters and identifiers, as in the search box.

        Args:
            text: the search, such as `diffusion -video code:yes after:2025`; see
                docs/search-language.md.
                Parts that were not understood as typed are named in `found.remarks`.
            size: papers of a page.
            page: which page, from 1.
            sort: "best", "newest", "oldest", "title", "stars", "upvotes" or "results", the most
                first.

        Raises:
            CatalogError: a filter has a value that cannot be, or size or page is below 1.

        """
        _require_possible(text)
        _require_at_least(1, size=size, page=page)
        return FoundPapers(self._ask(read_search(text, size=size, number=page, order=sort)))

    def numbers(
        self,
        text: str,
        *,
        size: int = 20,
        page: int = 1,
        sort: NumberOrder = "best",
        unsure: bool = False,
    ) -> FoundNumberRows:
        """Search the numbers that papers report of their own, such as `speedup>2 after:2025-05`.

        Comparisons, `dataset:` and `metric:` choose the numbers, everything else their papers.

        Args:
            text: the search, as in `search`.
            size: numbers of a page.
            page: which page, from 1.
            sort: "best" (by value where they are of one metric, else the newest), "value",
                "newest", "upvotes" or "stars".
            unsure: whether numbers that were not read surely, and bounds, are given as well.

        Raises:
            CatalogError: a filter has a value that cannot be, or size or page is below 1.

        """
        _require_possible(text)
        _require_at_least(1, size=size, page=page)
        read = search_numbers(text, size=size, number=page, order=sort, unsure=unsure)
        return FoundNumberRows(self._ask(read))

    def paper(self, name: str) -> Paper:
        """Read one paper with its authors, numbers, links, digest days and sources.

        Args:
            name: its key, an identifier or address in any form, or words of its title.

        Raises:
            CatalogError: no paper fits, or several do; the message names them.

        """
        key = self._ask(find_paper(name))
        found = self._ask(read_paper(key.id))
        if found is None:  # pragma: no cover - deleted between the two questions
            raise CatalogError(
                f"cannot find the paper {name!r}", why="it is gone", hint="ask again"
            )
        return found

    def similar(self, name: str, *, limit: int = 6) -> list[SimilarPaper]:
        """List the papers most like one, with the datasets and code that they share.

        Raises:
            CatalogError: no paper has this name, or several do; or the limit is below 1.

        """
        _require_at_least(1, limit=limit)
        return self._ask(similar(self._ask(find_paper(name)).id, most=limit))

    def for_you(self, *, limit: int = 20) -> ForYou:
        """Recommend papers like those that were starred, with the stars that brought them up.

        Late stars count more than early ones; what is starred or read is left out.

        Raises:
            CatalogError: the limit is below 1.

        """
        _require_at_least(1, limit=limit)
        return self._ask(read_for_you(most=limit))

    def model(self, name: str, *, unsure: bool = False) -> ModelNumbers:
        """Read the numbers that papers report for a model: its sizes, then by dataset.

        `value` is as printed (per cent is 93.1, not 0.931; counts are in base units).

        Args:
            name: its name as papers print it, in any case.
            unsure: whether numbers that were not read surely are given as well.

        Raises:
            CatalogError: no paper reports a number for it; the message names the nearest.

        """
        return ModelNumbers(self._ask(model_named(name, with_unsure=unsure)))

    def board(
        self,
        dataset: str,
        metric: str,
        *,
        code: bool = False,
        year: int | None = None,
        max_parameters: float | None = None,
        confidence: float | None = None,
        origin: str = "",
        unit: str = "",
    ) -> Ranking:
        """Rank the results on a dataset by a metric, both by name, alias or slug in any case.

        Only absolute values of a paper's own method are ranked, in one unit; at most 200 of them.
        `value` and `error` are as printed (per cent is 93.1, not 0.931), `compared` is in `unit`.

        Args:
            dataset: such as "COCO".
            metric: such as "box AP".
            code: only papers with code.
            year: only papers first seen in this year.
            max_parameters: most parameters of the model, in millions; unknown sizes are left out.
            confidence: least certainty of a row, 0 to 1; None means the usual floor.
            origin: "abstract", "papers-with-code" or "curator"; empty for all.
            unit: one of `board.units`; empty for the most frequent one.

        Raises:
            CatalogError: there is no such leaderboard; the message names the nearest.

        """
        filters = Filters(
            origin=origin,
            confidence=confidence,
            code=code,
            year=year,
            max_parameters=max_parameters,
            unit=unit,
        )
        return Ranking(self._ask(board_named(dataset, metric, filters)))

    def boards(self, dataset: str = "") -> Rows[BoardSummary]:
        """List leaderboards, those of most papers first; of a dataset, of a task, or of all."""
        return Rows(self._ask(listed_boards(dataset)), BOARD)

    def moved(self, since: dt.date, dataset: str = "") -> Movement:
        """Find leaderboards with a new best value since a day; of a dataset, of a task, or all."""
        return self._ask(moved_since(since, dataset=dataset))

    def results(self, where: str = "", *, limit: int | None = None) -> PaperNumbers:
        """Read the numbers of papers, in the order of the papers' keys and of the abstract.

        `value` is as printed (per cent is 93.1, not 0.931; counts are in base units), with `unit`;
        a range ends at `value_max`. `kind` is absolute, delta (a difference) or ratio (a factor).
        `confidence` and `row_confidence` are shares from 0 to 1.

        Args:
            where: a search that chooses the papers; `dataset:` and `metric:` in it choose the
                numbers as well. Empty for all papers.
            limit: most numbers; None for all.

        Raises:
            CatalogError: a filter has a value that cannot be, or the limit is below 0.

        """
        _require_possible(where)
        _require_at_least(0, limit=EVERY if limit is None else limit)
        found = self._ask(paper_results(where, EVERY if limit is None else limit))
        return PaperNumbers(found.rows, found.remarks)

    def digest(self, day: str | dt.date = "latest") -> DigestPapers:
        """Read the papers of a day's digests, or of a week, month or year.

        Args:
            day: a date, or text such as "2026-02-27", "yesterday", "2026-W09", "2026-02", "latest".

        Raises:
            CatalogError: no digest of that time was loaded, or it is no day or period.

        """
        if day == "latest":
            newest = self._ask(newest_day())
            period = of_day(newest) if newest else None
        elif isinstance(day, dt.date):
            period = of_day(day)
        else:
            period = asked_period(day)
        issue = self._ask(of_period(period)) if period else None
        if issue is None or not issue.items:
            raise CatalogError(
                f"cannot find a digest of {period.name if period else 'any day'}",
                why="none was loaded",
                hint="load one with: catalog load FILE, or fetch them with: catalog sync",
            )
        return DigestPapers(issue)

    def _ask(self, read: Read[T]) -> T:
        if self._is_closed:
            raise CatalogError(
                "cannot read the catalog",
                why="it was closed",
                hint="open it again with: Catalog.open(...)",
            )
        with self._engine.connect() as connection:
            return run(connection, read)

    def __repr__(self) -> str:
        return f"<Catalog {self._engine.url.render_as_string(hide_password=True)}>"


def _require_possible(typed: str) -> None:
    """Refuse a search with a filter whose value cannot be, in the words of the terminal."""
    if refused := understand(typed, FILTERS).refused:
        raise CatalogError(
            f"cannot search for {typed!r}",
            why="; ".join(refused),
            hint="docs/search-language.md names the filters and their values",
        )


def _require_at_least(least: int, **numbers: int) -> None:
    for name, value in numbers.items():
        if value < least:
            raise CatalogError(
                f"cannot use {name}={value}",
                why=f"{name} is a number from {least}",
                hint=f"give {name}={least} or more",
            )
