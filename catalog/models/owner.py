"""Marks: what the owner of the catalog puts on papers, whatever documents come and go."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class Mark(Base):
    """The owner's mark on a paper: star, read, tags, note; it outlives the paper's documents.

    It holds on to the paper by `names`, not by `paper_id`, which follows from them. A mark that was
    taken back stays as a row without star, read, tag and note, so that a copy learns of it.
    """

    __tablename__ = "marks"
    __table_args__ = (
        {
            "comment": "The owner's mark on a paper: star, read, tags, note; it outlives the "
            "paper's documents."
        },
    )

    id: Mapped[IntPK]
    paper_id: Mapped[int | None] = mapped_column(
        ForeignKey("papers.id", ondelete="SET NULL"),
        index=True,
        comment="Paper that has the first of the mark's names; null while none is in the catalog",
    )
    label: Mapped[str] = mapped_column(comment="The paper's title when it was marked, for people")
    starred_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When it got its star, UTC; null without one"
    )
    read_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When it was marked as read, UTC; null if it is unread"
    )
    note: Mapped[str | None] = mapped_column(comment="The owner's note on the paper")
    made_at: Mapped[dt.datetime] = mapped_column(comment="When the paper was first marked, UTC")
    changed_at: Mapped[dt.datetime] = mapped_column(comment="When the mark was last changed, UTC")

    def __repr__(self) -> str:
        return f"<Mark {self.label[:40]!r}>"


class MarkName(Base):
    """A name of a marked paper, by which the mark finds it again."""

    __tablename__ = "mark_names"
    __table_args__ = (
        # Of a paper that is not in the catalog, its marks are found by any of its names.
        Index(None, "scheme", "value"),
        {"comment": "A name of a marked paper, by which the mark finds it again."},
    )

    mark_id: Mapped[int] = mapped_column(
        ForeignKey("marks.id", ondelete="CASCADE"), primary_key=True, comment="Mark"
    )
    scheme: Mapped[str] = mapped_column(
        primary_key=True, comment="As in identifiers; or title, abstract: of a record without any"
    )
    value: Mapped[str] = mapped_column(
        primary_key=True, comment="The name; of title and abstract the hash in paper_sources"
    )
    rank: Mapped[int] = mapped_column(comment="Rank of the name, 0 for the one that counts most")

    def __repr__(self) -> str:
        return f"<MarkName {self.scheme}:{self.value}>"


class MarkTag(Base):
    """A tag that the owner put on a paper."""

    __tablename__ = "mark_tags"
    __table_args__ = (
        Index(None, "tag"),
        {"comment": "A tag that the owner put on a paper."},
    )

    mark_id: Mapped[int] = mapped_column(
        ForeignKey("marks.id", ondelete="CASCADE"), primary_key=True, comment="Mark"
    )
    tag: Mapped[str] = mapped_column(
        primary_key=True, comment="The tag, in lower case, with hyphens for spaces"
    )

    def __repr__(self) -> str:
        return f"<MarkTag {self.tag}>"
