"""Corrections: what a person has decided, kept apart from what the machine found."""

from sqlalchemy import CheckConstraint, Column, Index, String, Table

from catalog.models.base import METADATA, UtcDateTime, id_column

KINDS = (
    "merge", "split", "accept", "reject", "edit", "add", "title", "day", "repository",
    "same", "apart",
)  # fmt: skip
"""What people decide: on papers that are one or two, on numbers, on a paper, on names."""


corrections = Table(
    "corrections",
    METADATA,
    id_column(),
    Column(
        "kind",
        String,
        nullable=False,
        comment="merge, split: names are of one paper, of two; accept, reject, edit, add: a "
        "number; title, day, repository: of a paper; same, apart: names of datasets or metrics "
        "are one, or two",
    ),
    Column(
        "target",
        String,
        nullable=False,
        comment="What it is about: a name of a paper, e.g. arxiv:1706.03762, or title: or "
        "abstract: and the hash in paper_sources; or a name, e.g. dataset:COCO",
    ),
    Column(
        "value",
        String,
        comment="The person's value: a name, a title, a day, an address, or the number with its "
        "fields as JSON; null where a number is rejected or a paper has no repository",
    ),
    Column(
        "machine_value",
        String,
        comment="What the machine had when the correction was made; a number as JSON",
    ),
    Column("label", String, nullable=False, comment="What it is about, for people"),
    Column("why", String, comment="The person's reason"),
    Column("made_by", String, nullable=False, comment="Who decided: the system's name of the user"),
    Column("made_at", UtcDateTime, nullable=False, comment="When it was decided, UTC"),
    Column(
        "retracted_at", UtcDateTime, comment="When it was retracted, UTC; null while it is in force"
    ),
    CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", name="kind_known"),
    Index(None, "retracted_at", "kind"),
    comment="One decision of a person; it outlives reloading and newer extractors.",
)
