"""Scheduled runs: sources and how far they have come, received bytes, stars, sent digests."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from catalog.models.base import METADATA, UtcDateTime, id_column

scheduled_sources = Table(
    "scheduled_sources",
    METADATA,
    id_column(),
    Column(
        "name",
        String,
        nullable=False,
        unique=True,
        comment="Its name in the configuration, e.g. hf-daily",
    ),
    Column("kind", String, nullable=False, comment="What it is, e.g. hf-daily or folder"),
    Column(
        "is_configured",
        Boolean,
        nullable=False,
        comment="Whether the configuration still had it, enabled, in the last run of all sources",
    ),
    Column(
        "stale_after",
        Integer,
        nullable=False,
        comment="Hours after its last success from which on it counts as stale",
    ),
    Column("tried_at", UtcDateTime, comment="When it was last run, UTC"),
    Column("succeeded_at", UtcDateTime, comment="When a run of it last ended without failure, UTC"),
    Column("failures", Integer, nullable=False, comment="Runs that failed since the last success"),
    Column("error", String, comment="Why the last run failed; null if it did not"),
    Column("hint", String, comment="Hint how to go on"),
    Column("resume_at", UtcDateTime, comment="End of the pause that the publisher asked for, UTC"),
    CheckConstraint("failures >= 0", name="failures_not_negative"),
    CheckConstraint("stale_after > 0", name="stale_after_positive"),
    comment="One source that scheduled runs fetch from, and how its last run went.",
)


watermarks = Table(
    "watermarks",
    METADATA,
    Column(
        "source_id",
        Integer,
        ForeignKey("scheduled_sources.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Source",
    ),
    Column(
        "part",
        String,
        primary_key=True,
        comment="Part of the source with its own watermark, e.g. cs:cs:LG",
    ),
    Column(
        "through",
        Date,
        nullable=False,
        comment="Last day that was fetched after its end, and committed",
    ),
    Column("moved_at", UtcDateTime, nullable=False, comment="When that was, UTC"),
    comment="The last day up to which all of a source's data is in the catalog.",
)


received = Table(
    "received",
    METADATA,
    id_column(),
    Column("source", String, nullable=False, comment="Source or command that asked"),
    Column("address", String, nullable=False, comment="Address that was asked"),
    Column(
        "document",
        String,
        comment="Name of the document that the bytes are in the catalog; null where they are none",
    ),
    Column("format", String, comment="Format they are read as"),
    Column("day", Date, comment="Day that was asked for"),
    Column("sha256", String, nullable=False, comment="SHA-256 of the bytes, hexadecimal"),
    Column("size", BigInteger, nullable=False, comment="Size of the bytes before compression"),
    Column("body", LargeBinary, nullable=False, comment="The bytes, compressed (zlib)"),
    Column("received_at", UtcDateTime, nullable=False, comment="When they first came, UTC"),
    Column(
        "confirmed_at",
        UtcDateTime,
        nullable=False,
        comment="When the same bytes last came in answer to the same question, UTC",
    ),
    Column(
        "state",
        String,
        nullable=False,
        comment="new, used (read into the catalog), or refused (no such answer as was expected)",
    ),
    CheckConstraint("state IN ('new', 'used', 'refused')", name="state_known"),
    Index(None, "document", "id"),
    Index(None, "address", "id"),
    Index(None, "source", "received_at"),
    comment="One archived answer of a publisher, as received.",
)


repository_checks = Table(
    "repository_checks",
    METADATA,
    Column(
        "key", String, primary_key=True, comment="host/owner/name in lower case, as in repositories"
    ),
    Column("state", String, nullable=False, comment="alive, moved or gone"),
    Column("moved_to", String, comment="owner/name under which it now is"),
    Column("stars", Integer, comment="Stars"),
    Column("language", String, comment="Main language, as the host says"),
    Column("licence", String, comment="Licence, SPDX identifier"),
    Column("archived", Boolean, comment="Whether the owner archived it"),
    Column("etag", String, comment="ETag of the answer, for asking whether it has changed"),
    Column("checked_at", UtcDateTime, nullable=False, comment="When the host was asked, UTC"),
    CheckConstraint("state IN ('alive', 'moved', 'gone')", name="state_known"),
    CheckConstraint("stars >= 0", name="stars_not_negative"),
    Index(None, "checked_at"),
    comment="The latest facts about a repository from its host; they outlive its row.",
)


repository_stars = Table(
    "repository_stars",
    METADATA,
    Column(
        "key", String, primary_key=True, comment="host/owner/name in lower case, as in repositories"
    ),
    Column("day", Date, primary_key=True, comment="Day of the observation, UTC"),
    Column("stars", Integer, nullable=False, comment="Stars when last observed on that day"),
    CheckConstraint("stars >= 0", name="stars_not_negative"),
    Index(None, "day"),
    comment="The stars of a repository on one day, as observed.",
)


deliveries = Table(
    "deliveries",
    METADATA,
    id_column(),
    Column(
        "subject",
        String,
        nullable=False,
        comment="What was sent: a day's digest, or a saved search and the day",
    ),
    Column("address", String, nullable=False, comment="Mail address, in lower case"),
    Column(
        "state",
        String,
        nullable=False,
        comment="sent; sending: handed over or not, the run was cut off before it knew",
    ),
    Column("message_id", String, nullable=False, comment="Message-ID of the mail (RFC 5322)"),
    Column("sent_at", UtcDateTime, nullable=False, comment="When, UTC"),
    UniqueConstraint("subject", "address"),
    CheckConstraint("state IN ('sending', 'sent')", name="state_known"),
    comment="One digest sent to one address; written before sending, so that none is sent twice.",
)
