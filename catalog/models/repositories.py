"""Code: the repositories and other addresses that papers name."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class Repository(Base):
    """One code repository, under whatever spelling papers name it."""

    __tablename__ = "repositories"
    __table_args__ = (
        CheckConstraint("state IN ('alive', 'moved', 'gone', 'unknown')", name="state_known"),
        CheckConstraint("stars >= 0", name="stars_not_negative"),
        Index(None, "owner"),
        Index(None, "stars"),
        {"comment": "One code repository, under whatever spelling papers name it."},
    )

    id: Mapped[IntPK]
    full_name: Mapped[str] = mapped_column(comment="owner/name as papers print it")
    host: Mapped[str] = mapped_column(comment="github.com, gitlab.com or another host")
    owner: Mapped[str] = mapped_column(comment="User or organisation")
    name: Mapped[str] = mapped_column(comment="Name within the owner's repositories")
    key: Mapped[str] = mapped_column(
        unique=True, comment="host/owner/name in lower case: hosts do not tell case apart"
    )
    url: Mapped[str] = mapped_column(comment="Address of the repository's front page")
    stars: Mapped[int | None] = mapped_column(
        comment="GitHub stars when the host was last asked, else the most that a source states"
    )
    language: Mapped[str | None] = mapped_column(comment="Main language, as the host says")
    licence: Mapped[str | None] = mapped_column(comment="Licence, SPDX identifier")
    archived: Mapped[bool | None] = mapped_column(comment="Whether the owner archived it")
    state: Mapped[str] = mapped_column(comment="alive, moved, gone or unknown (never checked)")
    checked_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When the host was last asked, UTC"
    )

    def __repr__(self) -> str:
        return f"<Repository {self.key}>"


class Framework(Base):
    """A framework that code is written in, e.g. pytorch."""

    __tablename__ = "frameworks"
    __table_args__ = ({"comment": "A framework that code is written in, e.g. pytorch."},)

    id: Mapped[IntPK]
    name: Mapped[str] = mapped_column(unique=True, comment="As its source writes it")

    def __repr__(self) -> str:
        return f"<Framework {self.name}>"


class Link(Base):
    """One address that a paper, or a source on its behalf, names."""

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("paper_id", "url"),
        CheckConstraint(
            "kind IN ('github', 'gitlab', 'huggingface', 'github-pages', 'other')",
            name="kind_known",
        ),
        CheckConstraint("span_start < span_end", name="span_not_empty"),
        CheckConstraint("stars >= 0", name="stars_not_negative"),
        Index(None, "kind", "found_in"),
        Index(None, "repository_id", "paper_id"),
        {"comment": "One address that a paper, or a source on its behalf, names."},
    )

    id: Mapped[IntPK]
    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), comment="Paper that names it"
    )
    url: Mapped[str] = mapped_column(comment="The address, cleaned, with its scheme")
    kind: Mapped[str] = mapped_column(
        comment="github or gitlab (a repository), github-pages, huggingface or other"
    )
    repository_id: Mapped[int | None] = mapped_column(
        ForeignKey("repositories.id", ondelete="RESTRICT"), comment="Repository it leads to"
    )
    found_in: Mapped[str] = mapped_column(
        comment="abstract, or the field of the source's record, e.g. githubRepo"
    )
    is_official: Mapped[bool | None] = mapped_column(
        comment="Whether the code is the authors' own, where a source says so"
    )
    framework_id: Mapped[int | None] = mapped_column(
        ForeignKey("frameworks.id", ondelete="RESTRICT"),
        index=True,
        comment="Framework of the code, where a source says so",
    )
    stars: Mapped[int | None] = mapped_column(
        comment="GitHub stars that the source states beside it"
    )
    text: Mapped[str | None] = mapped_column(comment="The address as it stands in the abstract")
    span_start: Mapped[int | None] = mapped_column(
        comment="Where it begins in the abstract, in characters from 0"
    )
    span_end: Mapped[int | None] = mapped_column(
        comment="Where it ends in the abstract, in characters, exclusive"
    )

    def __repr__(self) -> str:
        return f"<Link {self.url!r}>"
