"""One document into the catalog: new, changed, the same, a copy of another, or out again."""

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from etl.keys import short_hash, shortened
from etl.load.batch import Writer
from etl.load.resolve import Encoded, encoded, incoming
from etl.load.sql import chunks, insert_rows, table, update_rows
from etl.records import PaperRecord, Problem
from etl.sources.source import FormatError

BATCH = 5_000
"""Records in one transaction: a document up to this size is loaded whole or not at all."""

SEEN = Table(
    "seen_sources",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    prefixes=["TEMPORARY"],
)
"""Rows of paper_sources that the new version of a document still has."""

Transaction = Callable[[], AbstractContextManager[Any]]
"""Opens the transaction of one batch on the writer's connection."""


class DocumentFacts(Struct, frozen=True, kw_only=True):
    """What is known of a document before it is parsed."""

    name: str
    format: str
    rank: int
    sha256: str
    bytes: int
    read_at: dt.datetime


class Plan(Struct, frozen=True, kw_only=True):
    """What a document is to the catalog."""

    action: Literal["load", "resume", "replace", "copy", "skip"]
    document_id: int | None = None
    copy_of: str | None = None
    """Name of the document with the same bytes."""
    kept_day: dt.date | None = None
    kept_basis: Any = None


def plan_document(
    connection: Connection,
    facts: DocumentFacts,
    *,
    year: int | None = None,
    day: dt.date | None = None,
    again: bool = False,
) -> Plan:
    """Decide what is to be done with a document.

    Known by its name: with the same bytes it is skipped, unless it was not loaded to its end, is to
    be read as another format or `again`, or `year` or `day` ask for another digest day; with other
    bytes it replaces what it supplied. Bytes that came under another name are noted, not loaded.
    """
    document = table("documents")
    known = connection.execute(select(document).where(document.c.name == facts.name)).first()
    twin = connection.execute(
        select(document.c.id, document.c.name).where(
            document.c.sha256 == facts.sha256,
            document.c.state != "copy",
            document.c.name != facts.name,
        )
    ).first()
    if known is None:
        if twin and day is None and year is None:
            return Plan(action="copy", copy_of=twin.name)
        return Plan(action="load")
    kept = {"kept_day": known.digest_day, "kept_basis": known.day_basis}
    same = (
        not again
        and known.sha256 == facts.sha256
        and (
            known.format == facts.format
            and (day is None or known.digest_day in {None, day})
            and (year is None or known.digest_day is None or known.digest_day.year == year)
        )
    )
    if known.state == "copy":
        if same and twin:
            return Plan(action="skip", document_id=known.id, copy_of=twin.name)
        return Plan(action="load", document_id=known.id, **kept)
    if same and known.state == "complete":
        return Plan(action="skip", document_id=known.id)
    if same and known.state == "loading":
        return Plan(action="resume", document_id=known.id, **kept)
    if twin and known.sha256 != facts.sha256 and day is None and year is None:
        return Plan(action="copy", document_id=known.id, copy_of=twin.name)
    return Plan(action="replace", document_id=known.id, **kept)


def write_document(
    writer: Writer,
    facts: DocumentFacts,
    plan: Plan,
    items: Iterable[PaperRecord | Problem],
    *,
    run_id: int | None,
    transaction: Transaction,
) -> None:
    """Load a document as planned, in transactions of `BATCH` pieces.

    Raises:
        FormatError: the parser gave the document up, or not one of its pieces could be used; what
            was committed before stays, and nothing was if the document is no longer than a batch.

    """
    loading = _Loading(writer, facts, plan, run_id)
    batches = map(_encoded, chunks(enumerate(items), BATCH))
    batch = next(batches, _encoded([]))
    while True:
        following = next(batches, None)
        with transaction():
            loading.begin()
            if following:  # a long document: the next batch is extracted while this one is written
                writer.extract.prefetch(following.texts(loading.known(following.records)))
            loading.write(batch)
            if not following:
                loading.end()
        writer.extract.forget(batch.texts())
        if not following:
            return
        batch = following


class Held(Struct, frozen=True):
    """A record that a document has supplied."""

    id: int
    """In paper_sources."""
    position: int


class Batch(Struct, frozen=True):
    """Some pieces of a document, ready to be compared with what is there."""

    records: dict[int, Encoded]
    """By the hash that they have in paper_sources: equal ones say nothing new."""
    problems: list[Problem]
    usable: int
    """Records, equal ones included."""

    def texts(self, known: Container[int] = ()) -> list[tuple[str, str | None]]:
        """Abstracts and titles as extraction will most probably be asked for them."""
        return [
            (piece.record.abstract, piece.record.title)
            for hash_, piece in self.records.items()
            if piece.record.abstract and hash_ not in known
        ]


def _encoded(pieces: list[tuple[int, PaperRecord | Problem]]) -> Batch:
    records: dict[int, Encoded] = {}
    problems: list[Problem] = []
    for position, item in pieces:
        if isinstance(item, Problem):
            problems.append(item)
        else:
            piece = encoded(position, item)
            records.setdefault(shortened(piece.sha256), piece)
    return Batch(records, problems, len(pieces) - len(problems))


def note_copy(connection: Connection, facts: DocumentFacts, plan: Plan) -> None:
    """Note that a document has the bytes of another one."""
    document = table("documents")
    original = connection.scalar(select(document.c.id).where(document.c.name == plan.copy_of))
    connection.execute(delete(document).where(document.c.name == facts.name))
    connection.execute(
        insert(document).values(
            **_columns(facts), records_done=0, state="copy", copy_of_id=original
        )
    )


def forget_document(
    writer: Writer, document_id: int, *, transaction: Transaction, keep_row: bool = False
) -> str | None:
    """Take out what only this document supplied; the name of a copy that keeps it, or None.

    A copy steps in: its bytes are the same, so it supplies the same. With `keep_row` the document
    stays, empty, for what comes in its place.
    """
    connection, document = writer.connection, table("documents")
    with transaction():
        heir = promote_copy(connection, document_id)
        if heir:
            return heir
        connection.execute(
            update(document).where(document.c.id == document_id).values(state="replacing")
        )
    source = table("paper_sources")
    while True:
        with transaction():
            ids = list(
                connection.scalars(
                    select(source.c.id)
                    .where(source.c.document_id == document_id)
                    .order_by(source.c.id)
                    .limit(BATCH)
                )
            )
            if ids:
                writer.apply([], ids)
            else:
                if not keep_row:
                    connection.execute(delete(document).where(document.c.id == document_id))
                return None


def promote_copy(connection: Connection, document_id: int) -> str | None:
    """Let a copy of this document take its place, with all that it supplied; the copy's name."""
    document = table("documents")
    copies = connection.execute(
        select(document.c.id, document.c.name)
        .where(document.c.copy_of_id == document_id)
        .order_by(document.c.name)
    ).all()
    if not copies:
        return None
    heir = copies[0]
    connection.execute(delete(document).where(document.c.id == heir.id))
    connection.execute(update(document).where(document.c.id == document_id).values(name=heir.name))
    return str(heir.name)


def _columns(facts: DocumentFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "format": facts.format,
        "sha256": facts.sha256,
        "bytes": facts.bytes,
        "read_at": facts.read_at,
    }


class _Loading:
    """The state of one document's load, from batch to batch."""

    def __init__(
        self, writer: Writer, facts: DocumentFacts, plan: Plan, run_id: int | None
    ) -> None:
        self.writer = writer
        self.connection = writer.connection
        self.facts = facts
        self.plan = plan
        self.run_id = run_id
        self.document_id = plan.document_id or 0
        self.last_old = 0
        """Highest key in paper_sources of the document's old version."""
        self.begun = False
        self.records = 0
        self.pieces = 0
        self.first_problem: Problem | None = None
        self.problems: set[int] = set()

    @property
    def replacing(self) -> bool:
        return self.plan.action == "replace"

    def begin(self) -> None:
        """Write the document's row, once."""
        if self.begun:
            return
        self.begun = True
        document = table("documents")
        values = {
            **_columns(self.facts),
            "state": "replacing" if self.replacing else "loading",
            "copy_of_id": None,
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
        if self.replacing:
            source = table("paper_sources")
            self.last_old = self.connection.scalar(select(func.max(source.c.id))) or 0
            SEEN.create(self.connection, checkfirst=True)
            self.connection.execute(delete(SEEN))

    def write(self, batch: Batch) -> None:
        """Take in one batch of pieces."""
        self.records += batch.usable
        self.pieces += batch.usable + len(batch.problems)
        self._note_day(piece.record for piece in batch.records.values())
        fresh = self._fresh(batch.records)
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
        """Rows of records that the document supplied before, by their hash."""
        source = table("paper_sources")
        columns = (source.c.id, source.c.record_hash, source.c.position)
        found: dict[int, Held] = {}
        for chunk in chunks(hashes):
            rows = self.connection.execute(
                select(*columns).where(
                    source.c.document_id == self.document_id, source.c.record_hash.in_(chunk)
                )
            )
            found |= {hash_: Held(number, position) for number, hash_, position in rows}
        return found

    def _fresh(self, coming: dict[int, Encoded]) -> list[Encoded]:
        """Records that the document did not supply before; it is noted that it still has others."""
        known = self.known(coming)
        seen: set[int] = set()
        if self.replacing:
            for chunk in chunks([row.id for row in known.values()]):
                seen.update(self.connection.scalars(select(SEEN.c.id).where(SEEN.c.id.in_(chunk))))
            new = [{"id": row.id} for row in known.values() if row.id not in seen]
            if new:
                self.connection.execute(insert(SEEN), new)
        moved = [
            {"id": row.id, "position": coming[hash_].position}
            for hash_, row in known.items()
            if row.id not in seen and row.position != coming[hash_].position
        ]
        update_rows(self.connection, "paper_sources", moved)
        return [piece for hash_, piece in coming.items() if hash_ not in known]

    def _note_day(self, records: Iterable[PaperRecord]) -> None:
        """Keep the digest's day, so that its year is decided only once."""
        mention = next((record.digest for record in records if record.digest), None)
        if mention:
            document = table("documents")
            self.connection.execute(
                update(document)
                .where(document.c.id == self.document_id)
                .values(digest_day=mention.day, day_basis=mention.basis)
            )

    def _write_problems(self, problems: list[Problem]) -> None:
        """Write problems that are not open already; of equal ones the first, and count that."""
        if not problems:
            return
        self.first_problem = self.first_problem or problems[0]
        open_ = {key: row_id for row_id, key in self._open_problems()}
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
                        "place": problem.where,
                        "why": problem.why,
                        "raw": problem.raw,
                    }
                )
        insert_rows(self.connection, "problems", new)

    def _open_problems(self) -> Iterator[tuple[int, int]]:
        target = table("problems")
        for row in self.connection.execute(
            select(target.c.id, target.c.why, target.c.raw).where(
                target.c.document_id == self.document_id, target.c.closed_run_id.is_(None)
            )
        ):
            yield row.id, _problem_key(row.why, row.raw)

    def end(self) -> None:
        """Take out what the document no longer has, and close its row."""
        if self.first_problem and not self.records:
            problem = self.first_problem
            raise FormatError(
                f"not one of its {self.pieces} pieces could be used; {problem.where}: "
                f"{problem.why}",
                mend="check the file, or name its format with --format",
            )
        if self.replacing:
            self._remove_unseen()
        if self.run_id is not None:
            closed = [
                {"id": row_id, "closed_run_id": self.run_id}
                for row_id, key in self._open_problems()
                if key not in self.problems
            ]
            update_rows(self.connection, "problems", closed)
        document = table("documents")
        self.connection.execute(
            update(document)
            .where(document.c.id == self.document_id)
            .values(state="complete", records_done=self.pieces)
        )
        self.writer.counts.documents += 1
        self.writer.tidy()

    def _remove_unseen(self) -> None:
        source = table("paper_sources")
        unseen = list(
            self.connection.scalars(
                select(source.c.id).where(
                    source.c.document_id == self.document_id,
                    source.c.id <= self.last_old,
                    source.c.id.not_in(select(SEEN.c.id)),
                )
            )
        )
        for chunk in chunks(unseen, BATCH):
            self.writer.apply([], chunk)


def _problem_key(why: str, raw: str) -> int:
    return short_hash(f"{why}\n{raw}")
