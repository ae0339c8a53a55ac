"""Load invented documents without files, for tests of the loader."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, structs
from sqlalchemy import Connection, Engine, select

from catalog.domain.keys import item_hash
from catalog.domain.records import Extraction, LinkRecord, PaperRecord, Problem, ResultRecord
from catalog.models import table
from etl.formats.contract import ItemRecord, Piece, Unchanged
from etl.ingest import moved_documents
from etl.ingest.document_plan import DocumentFacts, forget_document, note_copy, plan_document
from etl.ingest.document_writer import write_document
from etl.ingest.known_items import KnownItems, known_items
from etl.ingest.paper_writer import Writer

NOW = dt.datetime(2026, 3, 20, 6, tzinfo=dt.UTC)
RANKS = {"publisher": 10, "digest": 30, "list": 40}
STANDING_ALONE = ("publisher", "list")
"""Formats whose items are known again by their bytes."""


class Doc(Struct, frozen=True):
    """An invented document."""

    name: str
    pieces: tuple[PaperRecord | Problem, ...]
    format: str = "digest"
    bytes_of: "Doc | None" = None
    """The document whose bytes it has, where only the hour differs at which it is read."""

    def observed(self, at: dt.datetime) -> "Doc":
        """The same document as it is read at an hour; upvotes keep theirs, of which they tell."""
        read = tuple(_observed(piece, at) for piece in self.pieces)
        return structs.replace(self, pieces=read, bytes_of=self)

    @property
    def facts(self) -> DocumentFacts:
        pieces = (self.bytes_of or self).pieces
        sha256 = hashlib.sha256(repr((self.format, pieces)).encode()).hexdigest()
        return DocumentFacts(
            name=self.name,
            format=self.format,
            rank=RANKS[self.format],
            sha256=sha256,
            bytes=len(self.pieces),
            read_at=NOW,
            parser_version=f"{self.format} 1" if self.format in STANDING_ALONE else None,
        )

    def read(self, known: KnownItems) -> Iterator[Piece]:
        """What its parser yields: of items that stand alone, at odd places spelt otherwise."""
        for position, piece in enumerate(self.pieces):
            item = item_hash(f"{position % 2} {piece!r}".encode())
            if self.facts.parser_version is None or isinstance(piece, Problem) or piece.digest:
                yield piece
            else:
                yield Unchanged(item) if item in known else ItemRecord(piece, item)


def _observed(piece: PaperRecord | Problem, at: dt.datetime) -> PaperRecord | Problem:
    if isinstance(piece, Problem) or piece.digest is None or piece.digest.upvotes is not None:
        return piece
    return structs.replace(piece, digest=structs.replace(piece.digest, observed_at=at))


class FakeExtract:
    """Extracts as `fake_extract` does, nothing ahead."""

    asks = False

    def __call__(self, texts: Sequence[tuple[str, str | None]]) -> list[Extraction]:
        return fake_extract(texts)

    def prefetch(self, coming: Iterable[tuple[str, str | None]]) -> None:
        pass

    def forget(self) -> None:
        pass

    def ask(self, texts: Iterable[tuple[str, str | None]]) -> None:
        raise AssertionError("it asks nobody")


def fake_extract(texts: Sequence[tuple[str, str | None]]) -> list[Extraction]:
    """Reads "91% accuracy on SET" and addresses, and nothing else."""
    return [
        Extraction(
            results=tuple(
                ResultRecord(
                    text=found.group(1),
                    value=float(found.group(1)[:-1]),
                    unit="%",
                    metric=found.group(2),
                    dataset=found.group(3),
                    start=found.start(1),
                    end=found.end(1),
                    confidence=0.95,
                    rule="fake",
                )
                for found in re.finditer(r"(\d+%) (\w+) on (\w+)", abstract)
            ),
            links=tuple(
                LinkRecord(url=found.group(), kind="github", start=found.start(), end=found.end())
                for found in re.finditer(r"https://github\.com/\w+/\w+", abstract)
            ),
        )
        for abstract, _ in texts
    ]


def writer_on(connection: Connection) -> Writer:
    return Writer(connection, extract=FakeExtract(), version="fake-1", ranks=RANKS)


def load(engine: Engine, *docs: Doc, run_id: int | None = None) -> list[str]:
    """Load documents as the command does; what was done with each."""
    actions: list[str] = []
    with engine.connect() as connection:
        for doc in docs:
            writer = writer_on(connection)
            with connection.begin():
                plan = plan_document(connection, doc.facts)
            actions.append(plan.action)
            if plan.action == "copy":
                if plan.document_id is not None:
                    forget_document(writer, plan.document_id, transaction=connection.begin)
                with connection.begin():
                    note_copy(connection, doc.facts, plan)
            elif plan.action != "skip":
                held = KnownItems()
                if plan.action == "replace" and plan.document_id and doc.facts.parser_version:
                    with connection.begin():
                        held = known_items(connection, plan.document_id, doc.facts.parser_version)
                write_document(
                    writer,
                    doc.facts,
                    plan,
                    doc.read(held),
                    known=held,
                    run_id=run_id,
                    transaction=connection.begin,
                )
    return actions


def follow(engine: Engine, doc: Doc) -> None:
    """Rename the document that this one was at another path, as the command does first."""
    with engine.begin() as connection:
        moved_documents.follow(connection, doc.name, doc.facts.sha256)


def forget(engine: Engine, names: Iterable[str]) -> None:
    with engine.connect() as connection:
        for name in names:
            writer = writer_on(connection)
            documents = table("documents")
            with connection.begin():
                number = connection.execute(
                    select(documents.c.id).where(documents.c.name == name)
                ).scalar_one()
            forget_document(writer, number, transaction=connection.begin)
