"""Digests: lists of papers that somebody published on a day, and what stood in them."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class Digest(Base):
    """One digest on one day; several documents may supply it."""

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("source", "day"),
        {"comment": "One digest on one day; several documents may supply it."},
    )

    id: Mapped[IntPK]
    source: Mapped[str] = mapped_column(comment="Name of the digest, e.g. digest-page or hf-daily")
    day: Mapped[dt.date] = mapped_column(index=True, comment="Day of the digest")

    def __repr__(self) -> str:
        return f"<Digest {self.source} {self.day}>"


class DigestEntry(Base):
    """One paper in a digest, with its rank and upvotes when last seen."""

    __tablename__ = "digest_entries"
    __table_args__ = (
        CheckConstraint("rank >= 1", name="rank_from_one"),
        CheckConstraint("upvotes >= 0", name="upvotes_not_negative"),
        CheckConstraint("comments >= 0", name="comments_not_negative"),
        CheckConstraint(
            "day_basis IN ('printed', 'given', 'name', 'weekday', 'reading', 'weekend')",
            name="day_basis_known",
        ),
        {"comment": "One paper in a digest, with its rank and upvotes when last seen."},
    )

    digest_id: Mapped[int] = mapped_column(
        ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True, comment="Digest"
    )
    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True, index=True, comment="Paper"
    )
    rank: Mapped[int | None] = mapped_column(
        comment="Best rank of the paper in the digest's pages, 1 for the first"
    )
    upvotes: Mapped[int | None] = mapped_column(comment="Upvotes when last observed")
    comments: Mapped[int | None] = mapped_column(comment="Comments when last observed")
    observed_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When upvotes and comments were observed, UTC"
    )
    day_basis: Mapped[str] = mapped_column(
        comment="How the day is known: printed; given by an option; name of the document; weekday "
        "fits; concluded from the day of reading; weekend copy of the Friday before"
    )

    def __repr__(self) -> str:
        return f"<DigestEntry {self.digest_id}:{self.paper_id}>"
