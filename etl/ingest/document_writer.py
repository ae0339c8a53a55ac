"""Write a document in batches: add its new records, then delete those it no longer has."""

from collections.abc import Callable, Container, Iterable, Iterator
from operator import itemgetter

from msgspec import Struct
from sqlalchemy import func, insert, select, update

from catalog.database.long_lists import is_among
from catalog.domain.keys import short_hash, shortened
from catalog.domain.plain_text import plain_abstract, plain_or_none
from catalog.domain.records import PaperRecord, Problem
from catalog.models import table
from etl.formats.contract import FormatError, ItemRecord, Piece, Unchanged
from etl.ingest.affected_records import Encoded, encoded, incoming
from etl.ingest.document_plan import (
    BATCH,
    DocumentFacts,
    Plan,
    Transaction,
    columns_of,
    promote_copy,
)
from etl.ingest.known_items import FETCHED, Held, KnownItems, Marked
from etl.ingest.paper_writer import Writer
from etl.ingest.problem_rows import SECOND, UNREAD, has_unread
from etl.ingest.sql_helpers import LISTED, chunks, insert_rows, update_rows

NONE_KNOWN = KnownItems()


def write_document(
    writer: Writer,
    facts: DocumentFacts,
    plan: Plan,
    items: Iterable[Piece],
    *,
    known: KnownItems = NONE_KNOWN,
    run_id: int | None,
    transaction: Transaction,
) -> None:
    """Load a document as planned, in transactions of `BATCH` items.

    Raises:
        FormatError: the parser gave the document up, or not one of its pieces could be used; what
            was committed before stays, and nothing was if the document is no longer than a batch.

    """
    loading = _Loading(writer, facts, plan, known, run_id)
    batches = map(_encoded, chunks(enumerate(items), BATCH))
    batch = next(batches, _encoded([]))
    while True:
        following = next(batches, None)
        if writer.extract.asks:
            with transaction():
                texts = list(batch.texts(loading.known))
            writer.extract.ask(texts)
        with transaction():
            loading.begin()
            # In a long document the next batch is extracted while this one is written.
            coming = following or _encoded([])
            writer.extract.prefetch(coming.texts(loading.known))
            loading.write(batch)
            if not following:
                loading.end()
        writer.extract.forget()
        if not following:
            return
        batch = following


class Batch(Struct, frozen=True):
    """Some items of a document, ready to be compared with stored records."""

    records: dict[int, Encoded]
    """By the hash that they have in paper_sources: equal ones say nothing new."""
    unchanged: dict[int, int]
    """Hashes of items whose records are held, with their positions."""
    problems: list[Problem]
    usable: int
    """Records, equal ones included."""

    def texts(
        self, known: Callable[[Iterable[int]], Container[int]]
    ) -> Iterator[tuple[str, str | None]]:
        """Yield the abstracts and titles that extraction will probably need.

        `known` is asked which records are there already, once somebody takes the first text.
        """
        held = known(self.records)
        for hash_, piece in self.records.items():
            if piece.record.abstract and hash_ not in held:
                yield plain_abstract(piece.record.abstract), plain_or_none(piece.record.title)


def _encoded(pieces: list[tuple[int, Piece]]) -> Batch:
    records: dict[int, Encoded] = {}
    unchanged: dict[int, int] = {}
    problems: list[Problem] = []
    for position, found in pieces:
        match found:
            case ItemRecord(record, item):
                piece = encoded(position, record, item)
                records.setdefault(shortened(piece.sha256), piece)
            case Unchanged(item):
                unchanged.setdefault(item, position)
            case Problem():
                problems.append(found)
            case record:
                piece = encoded(position, record, None)
                records.setdefault(shortened(piece.sha256), piece)
    return Batch(records, unchanged, problems, len(pieces) - len(problems))


class _Loading:
    """The state of one document's load, from batch to batch."""

    def __init__(
        self,
        writer: Writer,
        facts: DocumentFacts,
        plan: Plan,
        known: KnownItems,
        run_id: int | None,
    ) -> None:
        self.writer = writer
        self.connection = writer.connection
        self.facts = facts
        self.plan = plan
        self.run_id = run_id
        self.document_id = plan.document_id or 0
        self.last_old = 0
        """Highest key in paper_sources before this load."""
        self.items = known
        self.seen = Marked()
        """Keys of older records that the document still has."""
        self.begun = False
        self.records = 0
        self.pieces = 0
        self.first_problem: Problem | None = None
        self.problems: set[int] = set()

    @property
    def replacing(self) -> bool:
        return self.plan.action == "replace"

    def begin(self) -> None:
        """Insert or update the document's row, once."""
        if self.begun:
            return
        self.begun = True
        document = table("documents")
        values = {
            **columns_of(self.facts),
            "state": "replacing" if self.replacing else "loading",
            "copy_of_id": None,
            "parser_version": None,
        }
        if self.replacing and promote_copy(self.connection, self.document_id):
            self.document_id, self.plan = 0, Plan(action="load")
            values["state"] = "loading"
        if self.plan.document_id:
            self.connection.execute(
                update(document).where(document.c.id == self.document_id).values(**values)
            )
        else:
            self.connection.execute(insert(document).values(**values, records_done=0))
            self.document_id = self.connection.execute(
                select(document.c.id).where(document.c.name == self.facts.name)
            ).scalar_one()
        source = table("paper_sources")
        self.last_old = self.connection.scalar(select(func.max(source.c.id))) or 0

    def write(self, batch: Batch) -> None:
        """Write one batch of items."""
        self.records += batch.usable
        self.pieces += batch.usable + len(batch.problems)
        self._note_day(piece.record for piece in batch.records.values())
        fresh = self._fresh(batch)
        rank = self.facts.rank
        self.writer.apply([incoming(self.document_id, rank, piece) for piece in fresh])
        self._write_problems(batch.problems)
        document = table("documents")
        self.connection.execute(
            update(document)
            .where(document.c.id == self.document_id)
            .values(records_done=self.pieces)
        )
        self.writer.tidy()

    def known(self, hashes: Iterable[int]) -> dict[int, Held]:
        """Return the records that the document supplied before, by their hash."""
        source = table("paper_sources")
        columns = (source.c.record_hash, source.c.id, source.c.position, source.c.item_hash)
        found: dict[int, Held] = {}
        for chunk in chunks(hashes, LISTED):
            rows = self.connection.execute(
                select(*columns).where(
                    source.c.document_id == self.document_id,
                    is_among(self.connection, source.c.record_hash, chunk),
                )
            ).all()  # in a third of the time of one after the other
            found |= {hash_: Held(*rest) for hash_, *rest in rows}
        return found

    def _fresh(self, batch: Batch) -> list[Encoded]:
        """Return records that are new to the document, and note those that it still has."""
        known = self.known(batch.records)
        found: list[tuple[int, Held, int | None]] = [
            (where, self.items.held(item), item) for item, where in batch.unchanged.items()
        ]
        for hash_, row in known.items():
            piece = batch.records[hash_]
            found.append((piece.position, row, piece.item))
        found.sort(key=itemgetter(0))
        moved = [
            {"id": row.id, "position": position, "item_hash": item}
            for position, row, item in found
            if row.id <= self.last_old  # of two that are alike the first one counts
            and self.seen.mark(row.id)
            and (row.position, row.item) != (position, item)
        ]
        update_rows(self.connection, "paper_sources", moved)
        return [piece for hash_, piece in batch.records.items() if hash_ not in known]

    def _note_day(self, records: Iterable[PaperRecord]) -> None:
        """Store the digest's day, so that its year is decided only once."""
        mention = next((record.digest for record in records if record.digest), None)
        if mention:
            document = table("documents")
            self.connection.execute(
                update(document)
                .where(document.c.id == self.document_id)
                .values(digest_day=mention.day, day_basis=mention.basis)
            )

    def _write_problems(self, problems: list[Problem]) -> None:
        """Insert problems that are not open yet; of equal ones the first, with a count."""
        if not problems:
            return
        self.first_problem = self.first_problem or problems[0]
        open_ = {key for _, _, key in self._open_problems()}
        new = []
        for problem in problems:
            key = _problem_key(problem.why, problem.raw)
            if key in self.problems:
                continue
            self.problems.add(key)
            self.writer.counts.problems += 1
            if key not in open_:
                new.append(
                    {
                        "document_id": self.document_id,
                        "run_id": self.run_id,
                        "location": problem.where,
                        "why": problem.why,
                        "raw": problem.raw,
                    }
                )
        insert_rows(self.connection, "problems", new)

    def _has_unread(self) -> bool:
        return has_unread(self.connection, self.document_id)

    def _open_problems(self) -> Iterator[tuple[int, str, int]]:
        target = table("problems")
        for row in self.connection.execute(
            select(target.c.id, target.c.why, target.c.raw).where(
                target.c.document_id == self.document_id, target.c.closed_run_id.is_(None)
            )
        ):
            yield row.id, row.why, _problem_key(row.why, row.raw)

    def end(self) -> None:
        """Delete what the document no longer has, and complete its row."""
        if self.first_problem and not self.records:
            problem = self.first_problem
            several = f"not one of its {self.pieces:,} pieces could"
            raise FormatError(
                f"{several if self.pieces > 1 else 'its only piece could not'} be used; "
                f"{problem.where}: {problem.why}",
                hint="check the file, or name its format with --format",
            )
        if self.replacing:
            self._remove_unseen()
        if self.run_id is not None:
            closed = [
                {"id": row_id, "closed_run_id": self.run_id}
                for row_id, why, key in self._open_problems()
                if key not in self.problems
                and not why.startswith(SECOND)  # closed once the paper is read again
                and not (why.startswith(UNREAD) and self._has_unread())
            ]
            update_rows(self.connection, "problems", closed)
        document = table("documents")
        self.connection.execute(
            update(document)
            .where(document.c.id == self.document_id)
            .values(
                state="complete",
                records_done=self.pieces,
                parser_version=self.facts.parser_version,
            )
        )
        self.writer.counts.documents += 1
        self.writer.tidy()

    def _remove_unseen(self) -> None:
        source = table("paper_sources")
        held = self.connection.scalars(
            select(source.c.id)
            .where(source.c.document_id == self.document_id, source.c.id <= self.last_old)
            .execution_options(yield_per=FETCHED)
        )
        unseen = [number for number in held if number not in self.seen]
        for chunk in chunks(unseen, BATCH):
            self.writer.apply([], chunk)


def _problem_key(why: str, raw: str) -> int:
    return short_hash(f"{why}\n{raw}")
