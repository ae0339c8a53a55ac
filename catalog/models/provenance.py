"""Provenance: what was read, what it supplied, in which run, and what could not be used."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class Document(Base):
    """One file or response that was read, under its path or address."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint(
            "state IN ('loading', 'replacing', 'complete', 'copy')", name="state_known"
        ),
        CheckConstraint("(state = 'copy') = (copy_of_id IS NOT NULL)", name="copies_name_theirs"),
        {"comment": "One file or response that was read, under its path or address."},
    )

    id: Mapped[IntPK]
    name: Mapped[str] = mapped_column(
        unique=True, comment="Absolute path, address, or sha256: and the digest for standard input"
    )
    format: Mapped[str] = mapped_column(index=True, comment="Format it was read as")
    sha256: Mapped[str] = mapped_column(
        index=True, comment="SHA-256 of its bytes as received, hexadecimal"
    )
    bytes: Mapped[int] = mapped_column(BigInteger, comment="Size as received, in bytes")
    read_at: Mapped[dt.datetime] = mapped_column(comment="When it was last read, UTC")
    records_done: Mapped[int] = mapped_column(
        comment="Records and problems of it that are in the catalog"
    )
    state: Mapped[str] = mapped_column(
        comment="complete; loading or replacing (a long one, begun and not ended); copy (the same "
        "bytes as another document, so not loaded)"
    )
    copy_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"),
        index=True,
        comment="Document with the same bytes that was loaded instead",
    )
    digest_day: Mapped[dt.date | None] = mapped_column(
        comment="Day of the digest that the page prints; its year, once decided, is kept"
    )
    day_basis: Mapped[str | None] = mapped_column(
        comment="How that day is known: printed, given, name, weekday or reading"
    )
    parser_version: Mapped[str | None] = mapped_column(
        comment="Version of the parser that read all of it; null where that is not known"
    )

    def __repr__(self) -> str:
        return f"<Document {self.name}>"


class PaperSource(Base):
    """One record as a document supplied it; papers are computed from these."""

    __tablename__ = "paper_sources"
    __table_args__ = (
        UniqueConstraint("document_id", "record_hash"),
        Index(None, "paper_id"),
        # Papers without identifiers are found again by title or abstract.
        Index(
            None,
            "title_hash",
            sqlite_where=text("title_hash IS NOT NULL"),
        ),
        Index(
            None,
            "abstract_hash",
            sqlite_where=text("abstract_hash IS NOT NULL"),
        ),
        # All that is asked of a document's items stands in the index.
        Index(
            None,
            "document_id",
            "item_hash",
            "position",
            sqlite_where=text("item_hash IS NOT NULL"),
        ),
        {"comment": "One record as a document supplied it; papers are computed from these."},
    )

    id: Mapped[IntPK]
    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), comment="Document that supplied it"
    )
    position: Mapped[int] = mapped_column(
        comment="Position of the record in the document, 0 for the first"
    )
    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="RESTRICT"), comment="Paper that it describes"
    )
    is_named: Mapped[bool] = mapped_column(
        comment="Whether the record has an identifier; if not, title or abstract decide"
    )
    record_hash: Mapped[int] = mapped_column(
        BigInteger,
        comment="First 8 bytes of the record's SHA-256: a document that repeats itself says "
        "nothing new, and a new version of it keeps what is unchanged",
    )
    title_hash: Mapped[int | None] = mapped_column(
        BigInteger,
        comment="First 8 bytes of the SHA-256 of the folded title; null where too short to match",
    )
    abstract_hash: Mapped[int | None] = mapped_column(
        BigInteger,
        comment="First 8 bytes of the SHA-256 of the folded abstract; null where too short",
    )
    item_hash: Mapped[int | None] = mapped_column(
        BigInteger,
        comment="First 8 bytes of the SHA-256 of the item that it was read from, which is not read "
        "again where a new version of the document has it; null where the item says more",
    )
    record: Mapped[str] = mapped_column(comment="The record itself, as JSON")

    def __repr__(self) -> str:
        return f"<PaperSource {self.document_id}:{self.position}>"


class Run(Base):
    """One run of a command that brings data in."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint(
            "state IN ('running', 'done', 'problems', 'failed', 'interrupted')",
            name="state_known",
        ),
        Index(None, "started_at"),
        {"comment": "One run of a command that brings data in."},
    )

    id: Mapped[IntPK]
    command: Mapped[str] = mapped_column(comment="The command, e.g. load")
    version: Mapped[str] = mapped_column(comment="Version of the program")
    started_at: Mapped[dt.datetime] = mapped_column(comment="When it began, UTC")
    finished_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When it ended, UTC; null while it runs, or where it was killed"
    )
    state: Mapped[str] = mapped_column(comment="running, done, problems, failed or interrupted")
    message: Mapped[str | None] = mapped_column(comment="Why it failed")
    documents: Mapped[int] = mapped_column(comment="Documents that were loaded")
    skipped: Mapped[int] = mapped_column(comment="Documents unchanged or copies of another")
    records: Mapped[int] = mapped_column(comment="Records that were new to the catalog")
    papers_added: Mapped[int] = mapped_column(comment="Papers added")
    papers_changed: Mapped[int] = mapped_column(comment="Papers that changed")
    papers_removed: Mapped[int] = mapped_column(comment="Papers removed")
    entries_added: Mapped[int] = mapped_column(comment="Digest entries added")
    results_added: Mapped[int] = mapped_column(comment="Results added")
    links_added: Mapped[int] = mapped_column(comment="Links added")
    problems: Mapped[int] = mapped_column(comment="Records that could not be used")

    def __repr__(self) -> str:
        return f"<Run {self.id} {self.command} {self.state}>"


class Problem(Base):
    """One record that could not be used, with the reason."""

    __tablename__ = "problems"
    __table_args__ = (
        Index(None, "document_id", "closed_run_id"),
        {"comment": "One record that could not be used, with the reason."},
    )

    id: Mapped[IntPK]
    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), comment="Document that contains it"
    )
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("runs.id", ondelete="SET NULL"), index=True, comment="Run that found it first"
    )
    closed_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("runs.id", ondelete="SET NULL"),
        index=True,
        comment="Run in which the document no longer had it; null while it is open",
    )
    location: Mapped[str] = mapped_column(comment="Location in the document, e.g. line 12")
    why: Mapped[str] = mapped_column(comment="What was wrong, and what was expected")
    raw: Mapped[str] = mapped_column(comment="The record as it was in the document")

    def __repr__(self) -> str:
        return f"<Problem {self.location}: {self.why}>"
