"""Corrections: what a person has decided, kept apart from what the machine found."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class Correction(Base):
    """One decision of a person; it outlives reloading and newer extractors."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint("kind IN ('merge', 'split')", name="kind_known"),
        Index(None, "retracted_at", "kind"),
        {"comment": "One decision of a person; it outlives reloading and newer extractors."},
    )

    id: Mapped[IntPK]
    kind: Mapped[str] = mapped_column(
        comment="merge (both names are of one paper) or split (they are of two)"
    )
    target: Mapped[str] = mapped_column(
        comment="What it is about: a name of a paper, e.g. arxiv:1706.03762, or title: or "
        "abstract: and the hash in paper_sources"
    )
    value: Mapped[str] = mapped_column(comment="The person's value: the other paper's name")
    machine_value: Mapped[str | None] = mapped_column(
        comment="What the machine had when the correction was made"
    )
    label: Mapped[str] = mapped_column(comment="Both titles, for people")
    why: Mapped[str | None] = mapped_column(comment="The person's reason")
    made_by: Mapped[str] = mapped_column(comment="Who decided: the system's name of the user")
    made_at: Mapped[dt.datetime] = mapped_column(comment="When it was decided, UTC")
    retracted_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When it was retracted, UTC; null while it is in force"
    )

    def __repr__(self) -> str:
        return f"<Correction {self.kind} {self.target} {self.value}>"
