"""Digests: lists of papers that somebody published on a day, and what stood in them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from catalog.models.base import METADATA, UtcDateTime, id_column

digests = Table(
    "digests",
    METADATA,
    id_column(),
    Column(
        "source", String, nullable=False, comment="Name of the digest, e.g. digest-page or hf-daily"
    ),
    Column("day", Date, nullable=False, index=True, comment="Day of the digest"),
    UniqueConstraint("source", "day"),
    comment="One digest on one day; several documents may supply it.",
)


digest_entries = Table(
    "digest_entries",
    METADATA,
    Column(
        "digest_id",
        Integer,
        ForeignKey("digests.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Digest",
    ),
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        comment="Paper",
    ),
    Column(
        "rank", Integer, comment="Best rank of the paper in the digest's pages, 1 for the first"
    ),
    Column("upvotes", Integer, comment="Upvotes when last observed"),
    Column("comments", Integer, comment="Comments when last observed"),
    Column("observed_at", UtcDateTime, comment="When upvotes and comments were observed, UTC"),
    Column(
        "day_basis",
        String,
        nullable=False,
        comment="How the day is known: printed; given by an option; name of the document; weekday "
        "fits; concluded from the day of reading; weekend copy of the Friday before",
    ),
    CheckConstraint("rank >= 1", name="rank_from_one"),
    CheckConstraint("upvotes >= 0", name="upvotes_not_negative"),
    CheckConstraint("comments >= 0", name="comments_not_negative"),
    CheckConstraint(
        "day_basis IN ('printed', 'given', 'name', 'weekday', 'reading', 'weekend')",
        name="day_basis_known",
    ),
    comment="One paper in a digest, with its rank and upvotes when last seen.",
)
