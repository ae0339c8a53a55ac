"""Provenance: what was read, what it supplied, in which run, and what could not be used."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from catalog.models.base import METADATA, UtcDateTime, id_column

documents = Table(
    "documents",
    METADATA,
    id_column(),
    Column(
        "name",
        String,
        nullable=False,
        unique=True,
        comment="Absolute path, address, or sha256: and the digest for standard input",
    ),
    Column("format", String, nullable=False, index=True, comment="Format it was read as"),
    Column(
        "sha256",
        String,
        nullable=False,
        index=True,
        comment="SHA-256 of its bytes as received, hexadecimal",
    ),
    Column("bytes", BigInteger, nullable=False, comment="Size as received, in bytes"),
    Column("read_at", UtcDateTime, nullable=False, comment="When it was last read, UTC"),
    Column(
        "records_done",
        Integer,
        nullable=False,
        comment="Records and problems of it that are in the catalog",
    ),
    Column(
        "state",
        String,
        nullable=False,
        comment="complete; loading or replacing (a long one, begun and not ended); copy (the same "
        "bytes as another document, so not loaded)",
    ),
    Column(
        "copy_of_id",
        Integer,
        ForeignKey("documents.id", ondelete="CASCADE"),
        index=True,
        comment="Document with the same bytes that was loaded instead",
    ),
    Column(
        "digest_day",
        Date,
        comment="Day of the digest that the page prints; its year, once decided, is kept",
    ),
    Column(
        "day_basis",
        String,
        comment="How that day is known: printed, given, name, weekday or reading",
    ),
    Column(
        "parser_version",
        String,
        comment="Version of the parser that read all of it; null where that is not known",
    ),
    CheckConstraint("state IN ('loading', 'replacing', 'complete', 'copy')", name="state_known"),
    CheckConstraint("(state = 'copy') = (copy_of_id IS NOT NULL)", name="copies_name_theirs"),
    comment="One file or response that was read, under its path or address.",
)


paper_sources = Table(
    "paper_sources",
    METADATA,
    id_column(),
    Column(
        "document_id",
        Integer,
        ForeignKey("documents.id", ondelete="CASCADE"),
        nullable=False,
        comment="Document that supplied it",
    ),
    Column(
        "position",
        Integer,
        nullable=False,
        comment="Position of the record in the document, 0 for the first",
    ),
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="RESTRICT"),
        nullable=False,
        comment="Paper that it describes",
    ),
    Column(
        "is_named",
        Boolean,
        nullable=False,
        comment="Whether the record has an identifier; if not, title or abstract decide",
    ),
    Column(
        "record_hash",
        BigInteger,
        nullable=False,
        comment="First 8 bytes of the record's SHA-256: a document that repeats itself says "
        "nothing new, and a new version of it keeps what is unchanged",
    ),
    Column(
        "title_hash",
        BigInteger,
        comment="First 8 bytes of the SHA-256 of the folded title; null where too short to match",
    ),
    Column(
        "abstract_hash",
        BigInteger,
        comment="First 8 bytes of the SHA-256 of the folded abstract; null where too short",
    ),
    Column(
        "item_hash",
        BigInteger,
        comment="First 8 bytes of the SHA-256 of the item that it was read from, which is not read "
        "again where a new version of the document has it; null where the item says more",
    ),
    Column("record", String, nullable=False, comment="The record itself, as JSON"),
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
    comment="One record as a document supplied it; papers are computed from these.",
)


runs = Table(
    "runs",
    METADATA,
    id_column(),
    Column("command", String, nullable=False, comment="The command, e.g. load"),
    Column("version", String, nullable=False, comment="Version of the program"),
    Column("started_at", UtcDateTime, nullable=False, comment="When it began, UTC"),
    Column(
        "finished_at",
        UtcDateTime,
        comment="When it ended, UTC; null while it runs, or where it was killed",
    ),
    Column(
        "state", String, nullable=False, comment="running, done, problems, failed or interrupted"
    ),
    Column("message", String, comment="Why it failed"),
    Column("documents", Integer, nullable=False, comment="Documents that were loaded"),
    Column("skipped", Integer, nullable=False, comment="Documents unchanged or copies of another"),
    Column("records", Integer, nullable=False, comment="Records that were new to the catalog"),
    Column("papers_added", Integer, nullable=False, comment="Papers added"),
    Column("papers_changed", Integer, nullable=False, comment="Papers that changed"),
    Column("papers_removed", Integer, nullable=False, comment="Papers removed"),
    Column("entries_added", Integer, nullable=False, comment="Digest entries added"),
    Column("results_added", Integer, nullable=False, comment="Results added"),
    Column("links_added", Integer, nullable=False, comment="Links added"),
    Column("problems", Integer, nullable=False, comment="Records that could not be used"),
    CheckConstraint(
        "state IN ('running', 'done', 'problems', 'failed', 'interrupted')",
        name="state_known",
    ),
    Index(None, "started_at"),
    comment="One run of a command that brings data in.",
)


problems = Table(
    "problems",
    METADATA,
    id_column(),
    Column(
        "document_id",
        Integer,
        ForeignKey("documents.id", ondelete="CASCADE"),
        nullable=False,
        comment="Document that contains it",
    ),
    Column(
        "run_id",
        Integer,
        ForeignKey("runs.id", ondelete="SET NULL"),
        index=True,
        comment="Run that found it first",
    ),
    Column(
        "closed_run_id",
        Integer,
        ForeignKey("runs.id", ondelete="SET NULL"),
        index=True,
        comment="Run in which the document no longer had it; null while it is open",
    ),
    Column("location", String, nullable=False, comment="Location in the document, e.g. line 12"),
    Column("why", String, nullable=False, comment="What was wrong, and what was expected"),
    Column("raw", String, nullable=False, comment="The record as it was in the document"),
    Index(None, "document_id", "closed_run_id"),
    comment="One record that could not be used, with the reason.",
)
