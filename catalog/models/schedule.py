"""Scheduled runs: sources and how far they have come, received bytes, stars, sent digests."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class ScheduledSource(Base):
    """One source that scheduled runs fetch from, and how its last run went."""

    __tablename__ = "scheduled_sources"
    __table_args__ = (
        CheckConstraint("failures >= 0", name="failures_not_negative"),
        CheckConstraint("stale_after > 0", name="stale_after_positive"),
        {"comment": "One source that scheduled runs fetch from, and how its last run went."},
    )

    id: Mapped[IntPK]
    name: Mapped[str] = mapped_column(
        unique=True, comment="Its name in the configuration, e.g. hf-daily"
    )
    kind: Mapped[str] = mapped_column(comment="What it is, e.g. hf-daily or folder")
    is_configured: Mapped[bool] = mapped_column(
        comment="Whether the configuration still had it, enabled, in the last run of all sources"
    )
    stale_after: Mapped[int] = mapped_column(
        comment="Hours after its last success from which on it counts as stale"
    )
    tried_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was last run, UTC")
    succeeded_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When a run of it last ended without failure, UTC"
    )
    failures: Mapped[int] = mapped_column(comment="Runs that failed since the last success")
    error: Mapped[str | None] = mapped_column(comment="Why the last run failed; null if it did not")
    hint: Mapped[str | None] = mapped_column(comment="Hint how to go on")
    resume_at: Mapped[dt.datetime | None] = mapped_column(
        comment="End of the pause that the publisher asked for, UTC"
    )

    def __repr__(self) -> str:
        return f"<ScheduledSource {self.name}>"


class Watermark(Base):
    """The last day up to which all of a source's data is in the catalog."""

    __tablename__ = "watermarks"
    __table_args__ = (
        {"comment": "The last day up to which all of a source's data is in the catalog."},
    )

    source_id: Mapped[int] = mapped_column(
        ForeignKey("scheduled_sources.id", ondelete="CASCADE"), primary_key=True, comment="Source"
    )
    part: Mapped[str] = mapped_column(
        primary_key=True, comment="Part of the source with its own watermark, e.g. cs:cs:LG"
    )
    through: Mapped[dt.date] = mapped_column(
        comment="Last day that was fetched after its end, and committed"
    )
    moved_at: Mapped[dt.datetime] = mapped_column(comment="When that was, UTC")

    def __repr__(self) -> str:
        return f"<Watermark {self.source_id} {self.part} {self.through}>"


class Received(Base):
    """One archived answer of a publisher, as received."""

    __tablename__ = "received"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'used', 'refused')", name="state_known"),
        Index(None, "document", "id"),
        Index(None, "address", "id"),
        Index(None, "source", "received_at"),
        {"comment": "One archived answer of a publisher, as received."},
    )

    id: Mapped[IntPK]
    source: Mapped[str] = mapped_column(comment="Source or command that asked")
    address: Mapped[str] = mapped_column(comment="Address that was asked")
    document: Mapped[str | None] = mapped_column(
        comment="Name of the document that the bytes are in the catalog; null where they are none"
    )
    format: Mapped[str | None] = mapped_column(comment="Format they are read as")
    day: Mapped[dt.date | None] = mapped_column(comment="Day that was asked for")
    sha256: Mapped[str] = mapped_column(comment="SHA-256 of the bytes, hexadecimal")
    size: Mapped[int] = mapped_column(BigInteger, comment="Size of the bytes before compression")
    body: Mapped[bytes] = mapped_column(LargeBinary, comment="The bytes, compressed (zlib)")
    received_at: Mapped[dt.datetime] = mapped_column(comment="When they first came, UTC")
    confirmed_at: Mapped[dt.datetime] = mapped_column(
        comment="When the same bytes last came in answer to the same question, UTC"
    )
    state: Mapped[str] = mapped_column(
        comment="new, used (read into the catalog), or refused (no such answer as was expected)"
    )

    def __repr__(self) -> str:
        return f"<Received {self.address} {self.received_at}>"


class RepositoryCheck(Base):
    """The latest facts about a repository from its host; they outlive its row."""

    __tablename__ = "repository_checks"
    __table_args__ = (
        CheckConstraint("state IN ('alive', 'moved', 'gone')", name="state_known"),
        CheckConstraint("stars >= 0", name="stars_not_negative"),
        Index(None, "checked_at"),
        {"comment": "The latest facts about a repository from its host; they outlive its row."},
    )

    key: Mapped[str] = mapped_column(
        primary_key=True, comment="host/owner/name in lower case, as in repositories"
    )
    state: Mapped[str] = mapped_column(comment="alive, moved or gone")
    moved_to: Mapped[str | None] = mapped_column(comment="owner/name under which it now is")
    stars: Mapped[int | None] = mapped_column(comment="Stars")
    language: Mapped[str | None] = mapped_column(comment="Main language, as the host says")
    licence: Mapped[str | None] = mapped_column(comment="Licence, SPDX identifier")
    archived: Mapped[bool | None] = mapped_column(comment="Whether the owner archived it")
    etag: Mapped[str | None] = mapped_column(
        comment="ETag of the answer, for asking whether it has changed"
    )
    checked_at: Mapped[dt.datetime] = mapped_column(comment="When the host was asked, UTC")

    def __repr__(self) -> str:
        return f"<RepositoryCheck {self.key} {self.state}>"


class RepositoryStars(Base):
    """The stars of a repository on one day, as observed."""

    __tablename__ = "repository_stars"
    __table_args__ = (
        CheckConstraint("stars >= 0", name="stars_not_negative"),
        Index(None, "day"),
        {"comment": "The stars of a repository on one day, as observed."},
    )

    key: Mapped[str] = mapped_column(
        primary_key=True, comment="host/owner/name in lower case, as in repositories"
    )
    day: Mapped[dt.date] = mapped_column(primary_key=True, comment="Day of the observation, UTC")
    stars: Mapped[int] = mapped_column(comment="Stars when last observed on that day")

    def __repr__(self) -> str:
        return f"<RepositoryStars {self.key} {self.day}>"


class Delivery(Base):
    """One digest sent to one address; written before sending, so that none is sent twice."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("subject", "address"),
        CheckConstraint("state IN ('sending', 'sent')", name="state_known"),
        {
            "comment": "One digest sent to one address; written before sending, so that none is "
            "sent twice."
        },
    )

    id: Mapped[IntPK]
    subject: Mapped[str] = mapped_column(
        comment="What was sent: a day's digest, or a saved search and the day"
    )
    address: Mapped[str] = mapped_column(comment="Mail address, in lower case")
    state: Mapped[str] = mapped_column(
        comment="sent; sending: handed over or not, the run was cut off before it knew"
    )
    message_id: Mapped[str] = mapped_column(comment="Message-ID of the mail (RFC 5322)")
    sent_at: Mapped[dt.datetime] = mapped_column(comment="When, UTC")

    def __repr__(self) -> str:
        return f"<Delivery {self.subject} {self.state}>"
