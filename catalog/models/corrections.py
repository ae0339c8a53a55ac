"""Corrections: what a person has decided, kept apart from what the machine found."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK

KINDS = (
    "merge", "split", "accept", "reject", "edit", "add", "title", "day", "repository",
    "same", "apart",
)  # fmt: skip
"""What people decide: on papers that are one or two, on numbers, on a paper, on names."""


class Correction(Base):
    """One decision of a person; it outlives reloading and newer extractors."""

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", name="kind_known"),
        Index(None, "retracted_at", "kind"),
        {"comment": "One decision of a person; it outlives reloading and newer extractors."},
    )

    id: Mapped[IntPK]
    kind: Mapped[str] = mapped_column(
        comment="merge, split: names are of one paper, of two; accept, reject, edit, add: a "
        "number; title, day, repository: of a paper; same, apart: names of datasets or metrics "
        "are one, or two"
    )
    target: Mapped[str] = mapped_column(
        comment="What it is about: a name of a paper, e.g. arxiv:1706.03762, or title: or "
        "abstract: and the hash in paper_sources; or a name, e.g. dataset:COCO"
    )
    value: Mapped[str | None] = mapped_column(
        comment="The person's value: a name, a title, a day, an address, or the number with its "
        "fields as JSON; null where a number is rejected or a paper has no repository"
    )
    machine_value: Mapped[str | None] = mapped_column(
        comment="What the machine had when the correction was made; a number as JSON"
    )
    label: Mapped[str] = mapped_column(comment="What it is about, for people")
    why: Mapped[str | None] = mapped_column(comment="The person's reason")
    made_by: Mapped[str] = mapped_column(comment="Who decided: the system's name of the user")
    made_at: Mapped[dt.datetime] = mapped_column(comment="When it was decided, UTC")
    retracted_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When it was retracted, UTC; null while it is in force"
    )

    def __repr__(self) -> str:
        return f"<Correction {self.kind} {self.target} {self.value}>"
