"""Papers and the names they have in public schemes."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class Paper(Base):
    """One paper, computed from the records of all documents that describe it."""

    __tablename__ = "papers"
    __table_args__ = (
        CheckConstraint("year BETWEEN 1000 AND 9999", name="year_of_four_digits"),
        # The site's default order, and "what is new".
        Index(None, "first_seen_on"),
        # Facets and filters of the papers page: one covering index for each column to start from.
        Index(None, "year", "has_code", "has_results", "first_seen_on"),
        Index(None, "has_code", "has_results", "year", "first_seen_on"),
        Index(None, "has_results", "year", "first_seen_on"),
        Index(None, "month", "has_code", "has_results"),
        # Facets of papers that a filter through another table has picked by their ids.
        Index("ix_papers_by_id", "id", "year", "has_code", "has_results", "first_seen_on"),
        # Boards and headlines leave out what was withdrawn.
        Index(
            "ix_papers_withdrawn",
            "id",
            sqlite_where=text("withdrawn"),
        ),
        # Counts and lists of papers leave out rows that name none.
        Index(
            "ix_papers_is_row",
            "id",
            sqlite_where=text("is_row"),
        ),
        # Filters and facets by venue and organization; most papers state none.
        Index(
            None,
            "venue",
            sqlite_where=text("venue IS NOT NULL"),
        ),
        Index(
            None,
            "organization",
            sqlite_where=text("organization IS NOT NULL"),
        ),
        # `catalog reextract` asks for what another version read.
        Index(None, "extractor_version", "merge_rules"),
        {"comment": "One paper, computed from the records of all documents that describe it."},
    )

    id: Mapped[IntPK]
    key: Mapped[str] = mapped_column(
        unique=True,
        comment="Public name, used in addresses: arXiv identifier, else DOI, else t- or a- and 12 "
        "hexadecimal digits of the title's or abstract's key; r- for a row that names no "
        "paper",
    )
    label: Mapped[str] = mapped_column(
        comment="What to show for the paper: its title, else the first words of the abstract; "
        "for a row that names no paper, its model and that no paper is named"
    )
    is_row: Mapped[bool] = mapped_column(
        server_default=text("false"),
        comment="Whether it is no paper, but a row of a table whose source names none: "
        "kept for its model's results",
    )
    title: Mapped[str | None] = mapped_column(
        comment="Title as plain Unicode: no TeX, no entities, no tags"
    )
    abstract: Mapped[str | None] = mapped_column(
        comment="Abstract without entities, tags and line breaks, its TeX as supplied; offsets of "
        "results and links count its characters"
    )
    arxiv_id: Mapped[str | None] = mapped_column(
        unique=True,
        comment="arXiv identifier without version, e.g. 1706.03762 or cs/0112017; a copy for "
        "reading, see identifiers",
    )
    published_on: Mapped[dt.date | None] = mapped_column(comment="Day of the first version, UTC")
    updated_on: Mapped[dt.date | None] = mapped_column(comment="Day of the latest version, UTC")
    first_seen_on: Mapped[dt.date | None] = mapped_column(
        comment="The earlier of published_on and the first day in a digest"
    )
    year: Mapped[int | None] = mapped_column(comment="Year of first_seen_on")
    month: Mapped[str | None] = mapped_column(comment="Month of first_seen_on, as 2025-03")
    has_code: Mapped[bool] = mapped_column(comment="Whether a code repository is linked")
    has_results: Mapped[bool] = mapped_column(comment="Whether a number was found in it")
    title_key: Mapped[str | None] = mapped_column(
        comment="Title folded for matching: letters and digits of every script, no marks, no case"
    )
    abstract_key: Mapped[str | None] = mapped_column(
        comment="SHA-256 of the abstract folded like the title, hexadecimal"
    )
    extractor_version: Mapped[str | None] = mapped_column(
        comment="Version of the extractor that last read the abstract; set also if it found nothing"
    )
    extracted_sha256: Mapped[str | None] = mapped_column(
        comment="SHA-256 of the abstract that was read, hexadecimal"
    )
    merge_rules: Mapped[int | None] = mapped_column(
        comment="Number of the rules by which it was computed from its records; null where "
        "they had no number yet"
    )
    version: Mapped[int | None] = mapped_column(
        comment="Latest version that a source tells of, 1 for the first; of the day updated_on"
    )
    abstract_version: Mapped[int | None] = mapped_column(
        comment="Version whose abstract is kept and was read; null where its source does not say"
    )
    withdrawn: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Whether it was withdrawn, retracted or deleted"
    )
    withdrawn_reason: Mapped[str | None] = mapped_column(
        comment="Why it counts as withdrawn, in the source's words"
    )
    comment: Mapped[str | None] = mapped_column(
        comment="The authors' remark beside the paper, as on arXiv"
    )
    venue: Mapped[str | None] = mapped_column(
        comment="Conference or journal that accepted it, e.g. NeurIPS 2025"
    )
    organization: Mapped[str | None] = mapped_column(comment="Organization that it comes from")

    search_words: Mapped[str | None] = mapped_column(
        comment="Words of title and abstract that the search index would miss, as people type "
        "them: no accents, CJK character by character, cplusplus for C++; null for none"
    )

    def __repr__(self) -> str:
        return f"<Paper {self.key} {self.label[:40]!r}>"


class Identifier(Base):
    """One name of a paper in a public scheme."""

    __tablename__ = "identifiers"
    __table_args__ = (
        CheckConstraint(
            "scheme IN ('arxiv', 'doi', 'openalex', 'openreview', 'pwc')", name="scheme_known"
        ),
        {"comment": "One name of a paper in a public scheme."},
    )

    scheme: Mapped[str] = mapped_column(
        primary_key=True, comment="arxiv, doi, openalex, openreview or pwc (Papers with Code)"
    )
    value: Mapped[str] = mapped_column(
        primary_key=True, comment="The name, without version or prefix; DOIs in lower case"
    )
    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), index=True, comment="Paper"
    )

    def __repr__(self) -> str:
        return f"<Identifier {self.scheme}:{self.value}>"


class DisputedIdentifier(Base):
    """One identifier that a paper's records state and that does not name it."""

    __tablename__ = "disputed_identifiers"
    __table_args__ = (
        # Which other papers state it.
        Index(None, "scheme", "value"),
        {"comment": "One identifier that a paper's records state and that does not name it."},
    )

    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True, comment="Paper"
    )
    scheme: Mapped[str] = mapped_column(primary_key=True, comment="As in identifiers")
    value: Mapped[str] = mapped_column(
        primary_key=True,
        comment="The name: records of another paper of arXiv state it as well, as the DOI of a "
        "volume or of an erratum, or a person gave it to another paper",
    )

    def __repr__(self) -> str:
        return f"<DisputedIdentifier {self.scheme}:{self.value}>"
