"""Find the papers that a record touches: those with the same identifiers, title or abstract."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from catalog.database.long_lists import is_among
from catalog.domain.identity import NONE_DECIDED, Anchor, Trace
from catalog.domain.keys import match_hashes, sha256_of
from catalog.domain.records import Identifier, PaperRecord
from catalog.models import table
from etl.ingest.sql_helpers import LISTED, chunks

CANDIDATES = 50
"""Papers of one title that are looked at: two are enough to know that it does not decide."""

HASHED = {"title", "abstract"}
"""Schemes of anchors that hold a hash."""

UNKNOWN_RANK = 99
"""Of a format that this version does not know: after all others."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(PaperRecord).decode


class Row(msgspec.Struct, kw_only=True):
    """A record that is in the catalog or about to enter it."""

    id: int | None
    """Key in paper_sources; None until it is written."""
    paper_id: int | None
    document_id: int
    position: int
    rank: int
    record: PaperRecord
    json: str
    sha256: str
    title_hash: int | None
    abstract_hash: int | None
    item: int | None = None
    """Hash of the item that it was read from, where that says nothing else."""
    abstract_key: str | None = None
    """None where it has not been worked out."""
    disputed: tuple[Identifier, ...] = ()
    """Identifiers that the record states, but that do not name its paper."""

    @property
    def is_named(self) -> bool:
        """Whether the record has an identifier."""
        return bool(self.record.identifiers)

    @property
    def trace(self) -> Trace:
        """The identifiers and hashes by which the record is matched to papers."""
        return Trace(
            identifiers=self.record.identifiers,
            title_hash=self.title_hash,
            abstract_hash=self.abstract_hash,
        )

    def rekey(self) -> bool:
        """Make the keys of title and abstract anew; whether they differ from those that it had."""
        before = (self.title_hash, self.abstract_hash)
        found = match_hashes(self.record)
        self.title_hash, self.abstract_hash = found.title_hash, found.abstract_hash
        return before != (self.title_hash, self.abstract_hash)

    def keep_names(self, names: tuple[Identifier, ...]) -> None:
        """Leave out identifiers of the record that do not name its paper."""
        if names != self.record.identifiers:
            kept = set(names)
            self.disputed = tuple(n for n in self.record.identifiers if n not in kept)
            self.record = msgspec.structs.replace(self.record, identifiers=names)


def incoming(document_id: int, rank: int, piece: "Encoded") -> Row:
    """Make a row of a new record, with the hashes by which it can be found again."""
    found = match_hashes(piece.record)
    return Row(
        id=None,
        paper_id=None,
        document_id=document_id,
        position=piece.position,
        rank=rank,
        record=piece.record,
        json=piece.json,
        sha256=piece.sha256,
        title_hash=found.title_hash,
        abstract_hash=found.abstract_hash,
        item=piece.item,
        abstract_key=found.abstract_key,
    )


class Encoded(msgspec.Struct, frozen=True):
    """A record as it is stored."""

    position: int
    record: PaperRecord
    json: str
    sha256: str
    item: int | None
    """Hash of the item that it was read from, where that says nothing else."""


def encoded(position: int, record: PaperRecord, item: int | None) -> Encoded:
    """Encode a record; equal records have the same hash."""
    json = _encode(record).decode()
    return Encoded(position, record, json, sha256_of(json), item)


class Resolver:
    """Finds the records whose paper may change when other records come or go."""

    def __init__(self, connection: Connection, ranks: dict[str, int]) -> None:
        self.connection = connection
        self.ranks = ranks
        """Format -> rank of its source."""
        self.decisions = NONE_DECIDED

    def touched(
        self,
        coming: Sequence[Row],
        going: Sequence[Row],
        anchors: Iterable[Anchor] = (),
        papers: Iterable[int] = (),
    ) -> list[Row]:
        """Return rows of `papers`, and of all that these records may join, leave or separate.

        Papers are reached by identifiers, disputed ones among them; and, because records without
        any attach themselves by title or abstract: from a named record, and from all those of a
        paper that may gain or lose one, to the nameless ones with its title or abstract; and from a
        nameless one to all with its title or abstract. What people have decided of `anchors`, and
        of what the records are held by, leads on.
        """
        anchors = list(anchors)
        papers = set(papers)
        papers |= self._by_identifier(_names(coming))
        papers |= {row.paper_id for row in going if row.paper_id is not None}
        papers |= self._held_by(anchors)
        papers |= self._disputing(_names(coming) | _names_in(anchors), papers)
        if self.decisions is not NONE_DECIDED:
            moved = (*coming, *going, *self.rows_of(papers))
            papers |= self._partners(anchor for row in moved for anchor in row.trace.anchors())
            papers |= self._disputing((), papers)
        rows: dict[int | None, Row] = {row.id: row for row in self.rows_of(papers)}
        seen_papers = set(papers)
        changing = (*coming, *going, *rows.values())
        named = _hashes(row for row in changing if row.is_named)
        papers |= self._holders(named, nameless_only=True)
        pending = _hashes(row for row in changing if not row.is_named)
        searched: set[tuple[str, int]] = set()
        while True:
            papers |= self._holders(pending - searched)
            papers |= self._disputing((), papers - seen_papers)
            searched |= pending
            for row in self.rows_of(papers - seen_papers):
                rows[row.id] = row
            seen_papers |= papers
            pending = _hashes(row for row in rows.values() if not row.is_named)
            if pending <= searched:
                return list(rows.values())

    def _partners(self, anchors: Iterable[Anchor]) -> set[int]:
        """Return the papers that decisions tie to these anchors, directly or by others."""
        seen = set(anchors)
        new = self.decisions.partners(seen)
        papers: set[int] = set()
        while new:
            found = self._held_by(new) - papers
            papers |= found
            seen |= new
            held = {a for row in self.rows_of(found) for a in row.trace.anchors()}
            new = self.decisions.partners(seen | held) - seen
            seen |= held
        return papers

    def _held_by(self, anchors: Iterable[Anchor]) -> set[int]:
        """Return the papers whose records have these anchors."""
        anchors = list(anchors)
        parts = (anchor.partition(":") for anchor in anchors)
        hashes = {(f"{scheme}_hash", int(value)) for scheme, _, value in parts if scheme in HASHED}
        named = self._by_identifier(_names_in(anchors))
        return named | self._holders(hashes, nameless_only=True)

    def papers_of(self, anchor: Anchor) -> set[int]:
        """Return the papers that a decision on a paper or its numbers is about.

        A title counts of records without identifier, an abstract of all.
        """
        scheme, _, value = anchor.partition(":")
        if scheme == "abstract":
            return self._holders({("abstract_hash", int(value))})
        return self._held_by([anchor])

    def _disputing(self, names: Iterable[Identifier], papers: set[int]) -> set[int]:
        """Return these papers, and those that dispute an identifier with them, in any steps."""
        if not papers and not names:
            return papers
        target = table("disputed_identifiers")
        if self.connection.scalar(select(target.c.paper_id).limit(1)) is None:
            return papers
        found, new, stated = set(papers), papers, set(names)
        while True:
            stated |= _names(self.rows_of(new))
            reached = self._by_identifier(stated, "disputed_identifiers")
            new = (reached | self._by_identifier(stated)) - found
            if not new:
                return found
            found |= new

    def _by_identifier(
        self, names: Iterable[Identifier], stated_in: str = "identifiers"
    ) -> set[int]:
        target = table(stated_in)
        by_scheme: dict[str, set[str]] = {}
        for name in names:
            by_scheme.setdefault(name.scheme, set()).add(name.value)
        return {
            paper_id
            for scheme, values in by_scheme.items()
            for chunk in chunks(sorted(values), LISTED)
            for paper_id in self.connection.scalars(
                select(target.c.paper_id).where(
                    target.c.scheme == scheme,
                    is_among(self.connection, target.c.value, chunk),
                )
            )
        }

    def _holders(
        self, hashes: Iterable[tuple[str, int]], *, nameless_only: bool = False
    ) -> set[int]:
        """Return at most `CANDIDATES` papers for each hash."""
        target = table("paper_sources")
        by_column: dict[str, set[int]] = {}
        for column, hash_ in hashes:
            by_column.setdefault(column, set()).add(hash_)
        found: dict[tuple[str, int], set[int]] = {}
        for column, values in by_column.items():
            for chunk in chunks(sorted(values), LISTED):
                statement = select(target.c[column], target.c.paper_id).where(
                    is_among(self.connection, target.c[column], chunk)
                )
                if nameless_only:
                    statement = statement.where(target.c.is_named.is_(False))
                for hash_, paper_id in self.connection.execute(statement):
                    holders = found.setdefault((column, hash_), set())
                    if len(holders) < CANDIDATES:
                        holders.add(paper_id)
        return set().union(*found.values())

    def rows_of(self, papers: set[int]) -> Iterator[Row]:
        """Return every record of these papers."""
        source, document = table("paper_sources"), table("documents")
        for chunk in chunks(sorted(papers), LISTED):
            statement = (
                select(
                    source.c.id,
                    source.c.paper_id,
                    source.c.document_id,
                    source.c.position,
                    source.c.title_hash,
                    source.c.abstract_hash,
                    source.c.record,
                    document.c.format,
                )
                .join(document, document.c.id == source.c.document_id)
                .where(is_among(self.connection, source.c.paper_id, chunk))
                .order_by(source.c.id)
            )
            for found in self.connection.execute(statement):
                yield self.row(found)

    def row(self, found: Any) -> Row:
        """Return one stored record."""
        return Row(
            id=found.id,
            paper_id=found.paper_id,
            document_id=found.document_id,
            position=found.position,
            rank=self.ranks.get(found.format, UNKNOWN_RANK),
            record=_decode(found.record),
            json=found.record,
            sha256=sha256_of(found.record),
            title_hash=found.title_hash,
            abstract_hash=found.abstract_hash,
        )

    def rows(self, ids: Iterable[int]) -> list[Row]:
        """Return stored records by their keys in paper_sources."""
        source = table("paper_sources")
        papers = {
            paper_id
            for chunk in chunks(sorted(ids))
            for paper_id in self.connection.scalars(
                select(source.c.paper_id).where(source.c.id.in_(chunk))
            )
        }
        wanted = set(ids)
        return [row for row in self.rows_of(papers) if row.id in wanted]


def _names_in(anchors: Iterable[Anchor]) -> set[Identifier]:
    """Return the anchors that are identifiers."""
    parts = (anchor.partition(":") for anchor in anchors)
    return {
        msgspec.convert({"scheme": scheme, "value": value}, Identifier)
        for scheme, _, value in parts
        if scheme not in HASHED
    }


def _names(rows: Iterable[Row]) -> set[Identifier]:
    """Collect every identifier that the rows' records state."""
    return {name for row in rows for name in row.record.identifiers}


def _hashes(rows: Iterable[Row]) -> set[tuple[str, int]]:
    """Return the columns and values of all hashes in the rows."""
    return {
        (column, hash_)
        for row in rows
        for column, hash_ in (
            ("title_hash", row.title_hash),
            ("abstract_hash", row.abstract_hash),
        )
        if hash_ is not None
    }
