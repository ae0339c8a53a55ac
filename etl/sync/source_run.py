"""One source run: how a source asks its publisher, archives answers and loads them."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

from msgspec import Struct, field
from sqlalchemy import Engine, select

from catalog.database.locks import locked
from catalog.domain.errors import CatalogError
from catalog.domain.safe_text import printable
from catalog.models import table
from etl.extract.reader import ChosenReader
from etl.fetch import Answer, Fetcher, FetchError, Pace, World
from etl.formats.toolkit.unread_fields import listed
from etl.ingest.forgetting import forget
from etl.ingest.inputs import Input
from etl.ingest.loading import Options, Outcome, load_inputs
from etl.ingest.run import Run
from etl.sync import response_archive, watermarks
from etl.sync.known_fields import unread_before
from etl.sync.response_archive import Receipt
from etl.sync.shrinking import shrinks

log = logging.getLogger("catalog.sync")

SHOWN_PROBLEMS = 20
"""Problems that are logged one by one."""

AHEAD = dt.timedelta(days=1)
"""How far this machine's clock may be ahead of a publisher's."""

T = TypeVar("T")


class Asking(TypedDict, total=False):
    """Options of a request, those of `Fetcher.get`."""

    headers: Mapping[str, str]
    accept: frozenset[int]
    passing: frozenset[int]
    pace: Pace | None


class Window(Struct, frozen=True, kw_only=True):
    """A range of days that the user asked for."""

    first: dt.date
    last: dt.date


class SourceReport(Struct, kw_only=True):
    """The report on a source run: counts, notes, warnings, problems, error."""

    name: str
    documents: int = 0
    papers_added: int = 0
    papers_changed: int = 0
    papers_removed: int = 0
    requests: int = 0
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Records that could not be used."""
    unread: Counter[str] = field(default_factory=Counter)
    """Fields of what came that are neither read nor known to be ignored, with their number."""
    error: str | None = None
    hint: str | None = None
    skipped: str | None = None
    """Why it was not run at all."""
    locked: bool = False
    """Whether that was because another command runs it."""

    @property
    def well(self) -> bool:
        """Whether nothing failed and every record could be used."""
        return self.error is None and not self.problems


class SourceRun:
    """A source run in progress, which a source uses to fetch, archive, load and report."""

    def __init__(
        self,
        *,
        name: str,
        key: int,
        url: str,
        engine: Engine,
        run: Run,
        fetcher: Fetcher,
        world: World,
        spool: Path,
        wait: float,
        window: Window | None = None,
        accept: bool = False,
        reader: ChosenReader | None = None,
    ) -> None:
        self.name = name
        self.key = key
        """Of the row in scheduled_sources."""
        self.url = url
        self.engine = engine
        self.run = run
        self.fetcher = fetcher
        self.world = world
        self.spool = spool
        self.wait = wait
        """Seconds to wait for another command that writes."""
        self.window = window
        self.accept = accept
        """Whether answers may take most of what an earlier one supplied out of the catalog."""
        self.reader = reader
        """What reads abstracts; None for the built-in reader."""
        self.report = SourceReport(name=name)
        self.today = world.today
        self.began = world.now()

    def ask(self, address: str, **options: Unpack[Asking]) -> Answer:
        """Request an address, and check that both clocks agree on the day.

        Raises:
            FetchError: there was no such answer, or this machine's clock is ahead.

        """
        answer = self.fetcher.get(address, **options)
        theirs = answer.server_time
        if theirs and answer.received_at - theirs > AHEAD:
            raise FetchError(
                f"cannot use the answer from {address}",
                why=f"this machine's clock says {answer.received_at:%Y-%m-%d %H:%M}, the "
                f"publisher's {theirs:%Y-%m-%d %H:%M}, so days would be closed too early",
                hint="set the clock, then run the command again",
            )
        return answer

    def ask_until_whole(
        self,
        address: str,
        receipt: Callable[[Answer], Receipt],
        read: Callable[[bytes], T],
        *,
        pace: Pace | None,
    ) -> tuple[int, T]:
        """Request, archive and read an answer; request it once more if it is broken.

        `read` returns what the next request depends on.

        Raises:
            FetchError: both answers were broken, or there was none.

        """
        for last in (False, True):
            answer = self.ask(address, pace=pace)
            kept = self.keep(receipt(answer))
            try:
                return kept, read(answer.body)
            except ValueError as error:
                with self.engine.begin() as connection:
                    response_archive.set_state(connection, [kept], "refused")
                if last:
                    raise FetchError(
                        f"cannot use the answer from {address}",
                        why=f"it is broken: {error}",
                        hint="wait: the next run asks again. If it keeps failing, the publisher's "
                        "format has changed",
                        status=answer.status,
                    ) from error
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def keep(self, receipt: Receipt) -> int:
        """Archive an answer before it is parsed; return its key."""
        with self.engine.begin() as connection:
            return response_archive.keep(connection, receipt)

    def load(self, kept: Sequence[int], surplus: Sequence[str] = ()) -> None:
        """Load archived answers as documents, and forget the `surplus` documents of earlier ones.

        Answers that hold nothing, or much less than what they would replace, are kept apart and
        warned of: publishers have bad moments.

        Raises:
            CatalogError: one of them could not be loaded as a whole.

        """
        with self.engine.begin() as connection:
            inputs = [response_archive.as_input(connection, key, self.spool) for key in kept]
            names = [*(item.name for item in inputs), *surplus]
            shrinkage = None if self.accept else shrinks(connection, inputs, names)
        if shrinkage:
            self._keep_apart(inputs, kept, shrinkage)
            return
        refused = self.load_inputs(inputs)
        for item in inputs:
            item.path.unlink()
        with self.engine.begin() as connection:
            response_archive.set_state(connection, list(kept), "refused" if refused else "used")
        if refused:
            raise refused[0]
        for name in surplus:
            with locked(self.url, f"sync {self.name}", wait=self.wait):
                _, counts = forget(self.run, name)
            self.report.papers_removed += counts.papers_removed

    def _keep_apart(self, inputs: Sequence[Input], kept: Sequence[int], shrinkage: str) -> None:
        """Leave the catalog as it is; the answers stay in the archive as refused ones."""
        for item in inputs:
            item.path.unlink()
        with self.engine.begin() as connection:
            response_archive.set_state(connection, list(kept), "refused")
        self.warn(
            f"{inputs[0].name}: {shrinkage}: the new answer was kept apart, nothing was removed; "
            "if the publisher did withdraw these papers, run the same command with --accept"
        )

    def load_inputs(self, inputs: Sequence[Input]) -> list[CatalogError]:
        """Load documents; return the errors of those that could not be loaded at all."""
        refused: list[CatalogError] = []
        with locked(self.url, f"sync {self.name}", wait=self.wait):
            options = Options(jobs=1, reader=self.reader, accept=self.accept)
            loading = load_inputs(self.run, inputs, options, clock=self.world.now)
            for outcome in loading:
                self._tell(outcome)
                if outcome.why:
                    hint = outcome.hint or "check the document"
                    refused.append(
                        CatalogError(f"cannot load {outcome.name}", why=outcome.why, hint=hint)
                    )
        return refused

    def _tell(self, outcome: Outcome) -> None:
        report = self.report
        report.documents += outcome.counts.documents
        report.papers_added += outcome.counts.papers_added
        report.papers_changed += outcome.counts.papers_changed
        report.papers_removed += outcome.counts.papers_removed
        report.unread.update(outcome.unread)
        for problem in outcome.problems:
            text = f"{outcome.name}: {problem.where}: {problem.why}"
            report.problems.append(text)
            if len(report.problems) <= SHOWN_PROBLEMS:
                log.warning("%s: %s", self.name, text)
            elif len(report.problems) == SHOWN_PROBLEMS + 1:
                log.warning(
                    "%s: there are more problems; list them with: catalog status --problems",
                    self.name,
                )

    def pages_after(self, name: str, pages: int, page_name: Callable[[str, int], str]) -> list[str]:
        """List a document's pages beyond the last one, where it had more before."""
        documents, found = table("documents"), list[str]()
        with self.engine.begin() as connection:
            while True:
                page = page_name(name, pages + len(found))
                known = select(documents.c.id).where(documents.c.name == page)
                if connection.scalar(known) is None:
                    return found
                found.append(page)

    def watermark(self, part: str = "") -> dt.date | None:
        """Return the last day up to which a part's data is in the catalog."""
        with self.engine.begin() as connection:
            return watermarks.watermark(connection, self.key, part)

    def move(self, part: str, through: dt.date | None) -> None:
        """Advance a part's watermark, now that its data is committed."""
        if through is not None:
            with self.engine.begin() as connection:
                watermarks.move_watermark(connection, self.key, part, through, self.world.now())

    def note(self, text: str) -> None:
        """Report something that is as it should be."""
        self.report.notes.append(text)
        log.info("%s: %s", self.name, text)

    def note_unread(self) -> None:
        """Report which fields are new and were not read, where no earlier answer had them."""
        if not self.report.unread:
            return
        with self.engine.begin() as connection:
            known = unread_before(connection, self.name, self.began, self.spool)
        if new := Counter({k: n for k, n in self.report.unread.items() if k not in known}):
            self.note(f"new fields that were not read: {printable(listed(new))}")

    def warn(self, text: str) -> None:
        """Report something that somebody should look at."""
        self.report.warnings.append(text)
        log.warning("%s: %s", self.name, text)
