"""Code: the repositories and other addresses that papers name."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from catalog.models.base import METADATA, UtcDateTime, id_column

repositories = Table(
    "repositories",
    METADATA,
    id_column(),
    Column("full_name", String, nullable=False, comment="owner/name as papers print it"),
    Column("host", String, nullable=False, comment="github.com, gitlab.com or another host"),
    Column("owner", String, nullable=False, comment="User or organisation"),
    Column("name", String, nullable=False, comment="Name within the owner's repositories"),
    Column(
        "key",
        String,
        nullable=False,
        unique=True,
        comment="host/owner/name in lower case: hosts do not tell case apart",
    ),
    Column("url", String, nullable=False, comment="Address of the repository's front page"),
    Column(
        "stars",
        Integer,
        comment="GitHub stars when the host was last asked, else the most that a source states",
    ),
    Column("language", String, comment="Main language, as the host says"),
    Column("licence", String, comment="Licence, SPDX identifier"),
    Column("archived", Boolean, comment="Whether the owner archived it"),
    Column(
        "state", String, nullable=False, comment="alive, moved, gone or unknown (never checked)"
    ),
    Column("checked_at", UtcDateTime, comment="When the host was last asked, UTC"),
    CheckConstraint("state IN ('alive', 'moved', 'gone', 'unknown')", name="state_known"),
    CheckConstraint("stars >= 0", name="stars_not_negative"),
    Index(None, "owner"),
    Index(None, "stars"),
    comment="One code repository, under whatever spelling papers name it.",
)


frameworks = Table(
    "frameworks",
    METADATA,
    id_column(),
    Column("name", String, nullable=False, unique=True, comment="As its source writes it"),
    comment="A framework that code is written in, e.g. pytorch.",
)


links = Table(
    "links",
    METADATA,
    id_column(),
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        nullable=False,
        comment="Paper that names it",
    ),
    Column("url", String, nullable=False, comment="The address, cleaned, with its scheme"),
    Column(
        "kind",
        String,
        nullable=False,
        comment="github or gitlab (a repository), github-pages, huggingface or other",
    ),
    Column(
        "repository_id",
        Integer,
        ForeignKey("repositories.id", ondelete="RESTRICT"),
        comment="Repository it leads to",
    ),
    Column(
        "found_in",
        String,
        nullable=False,
        comment="abstract, or the field of the source's record, e.g. githubRepo",
    ),
    Column(
        "is_official",
        Boolean,
        comment="Whether the code is the authors' own, where a source says so",
    ),
    Column(
        "framework_id",
        Integer,
        ForeignKey("frameworks.id", ondelete="RESTRICT"),
        index=True,
        comment="Framework of the code, where a source says so",
    ),
    Column("stars", Integer, comment="GitHub stars that the source states beside it"),
    Column("text", String, comment="The address as it stands in the abstract"),
    Column("span_start", Integer, comment="Where it begins in the abstract, in characters from 0"),
    Column("span_end", Integer, comment="Where it ends in the abstract, in characters, exclusive"),
    UniqueConstraint("paper_id", "url"),
    CheckConstraint(
        "kind IN ('github', 'gitlab', 'huggingface', 'github-pages', 'other')",
        name="kind_known",
    ),
    CheckConstraint("span_start < span_end", name="span_not_empty"),
    CheckConstraint("stars >= 0", name="stars_not_negative"),
    Index(None, "kind", "found_in"),
    Index(None, "repository_id", "paper_id"),
    comment="One address that a paper, or a source on its behalf, names.",
)
