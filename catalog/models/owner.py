"""Marks: what the owner of the catalog puts on papers, whatever documents come and go."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from catalog.models.base import METADATA, UtcDateTime, id_column

marks = Table(
    "marks",
    METADATA,
    id_column(),
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="SET NULL"),
        index=True,
        comment="Paper that has the first of the mark's names; null while none is in the catalog",
    ),
    Column(
        "label", String, nullable=False, comment="The paper's title when it was marked, for people"
    ),
    Column("starred_at", UtcDateTime, comment="When it got its star, UTC; null without one"),
    Column("read_at", UtcDateTime, comment="When it was marked as read, UTC; null if it is unread"),
    Column("note", String, comment="The owner's note on the paper"),
    Column("made_at", UtcDateTime, nullable=False, comment="When the paper was first marked, UTC"),
    Column(
        "changed_at", UtcDateTime, nullable=False, comment="When the mark was last changed, UTC"
    ),
    comment="The owner's mark on a paper: star, read, tags, note; it outlives the "
    "paper's documents.",
)
"""It holds on to the paper by `names`, not by `paper_id`, which follows from them. A mark that was
taken back stays as a row without star, read, tag and note, so that a copy learns of it.
"""


mark_names = Table(
    "mark_names",
    METADATA,
    Column(
        "mark_id",
        Integer,
        ForeignKey("marks.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Mark",
    ),
    Column(
        "scheme",
        String,
        primary_key=True,
        comment="As in identifiers; or title, abstract: of a record without any",
    ),
    Column(
        "value",
        String,
        primary_key=True,
        comment="The name; of title and abstract the hash in paper_sources",
    ),
    Column(
        "rank", Integer, nullable=False, comment="Rank of the name, 0 for the one that counts most"
    ),
    # Of a paper that is not in the catalog, its marks are found by any of its names.
    Index(None, "scheme", "value"),
    comment="A name of a marked paper, by which the mark finds it again.",
)


mark_tags = Table(
    "mark_tags",
    METADATA,
    Column(
        "mark_id",
        Integer,
        ForeignKey("marks.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Mark",
    ),
    Column(
        "tag", String, primary_key=True, comment="The tag, in lower case, with hyphens for spaces"
    ),
    Index(None, "tag"),
    comment="A tag that the owner put on a paper.",
)
