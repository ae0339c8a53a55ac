"""Papers and the names they have in public schemes."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    text,
)

from catalog.models.base import METADATA, id_column

papers = Table(
    "papers",
    METADATA,
    id_column(),
    Column(
        "key",
        String,
        nullable=False,
        unique=True,
        comment="Public name, used in addresses: arXiv identifier, else DOI, else t- or a- and 12 "
        "hexadecimal digits of the title's or abstract's key; r- for a row that names no "
        "paper",
    ),
    Column(
        "label",
        String,
        nullable=False,
        comment="What to show for the paper: its title, else the first words of the abstract; "
        "for a row that names no paper, its model and that no paper is named",
    ),
    Column(
        "is_row",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Whether it is no paper, but a row of a table whose source names none: "
        "kept for its model's results",
    ),
    Column("title", String, comment="Title as plain Unicode: no TeX, no entities, no tags"),
    Column(
        "abstract",
        String,
        comment="Abstract without entities, tags and line breaks, its TeX as supplied; offsets of "
        "results and links count its characters",
    ),
    Column(
        "arxiv_id",
        String,
        unique=True,
        comment="arXiv identifier without version, e.g. 1706.03762 or cs/0112017; a copy for "
        "reading, see identifiers",
    ),
    Column("published_on", Date, comment="Day of the first version, UTC"),
    Column("updated_on", Date, comment="Day of the latest version, UTC"),
    Column(
        "first_seen_on", Date, comment="The earlier of published_on and the first day in a digest"
    ),
    Column("year", Integer, comment="Year of first_seen_on"),
    Column("month", String, comment="Month of first_seen_on, as 2025-03"),
    Column("has_code", Boolean, nullable=False, comment="Whether a code repository is linked"),
    Column("has_results", Boolean, nullable=False, comment="Whether a number was found in it"),
    Column(
        "title_key",
        String,
        comment="Title folded for matching: letters and digits of every script, no marks, no case",
    ),
    Column(
        "abstract_key", String, comment="SHA-256 of the abstract folded like the title, hexadecimal"
    ),
    Column(
        "extractor_version",
        String,
        comment="Version of the extractor that last read the abstract; set also if it found "
        "nothing",
    ),
    Column(
        "extracted_sha256", String, comment="SHA-256 of the abstract that was read, hexadecimal"
    ),
    Column(
        "merge_rules",
        Integer,
        comment="Number of the rules by which it was computed from its records; null where "
        "they had no number yet",
    ),
    Column(
        "version",
        Integer,
        comment="Latest version that a source tells of, 1 for the first; of the day updated_on",
    ),
    Column(
        "abstract_version",
        Integer,
        comment="Version whose abstract is kept and was read; null where its source does not say",
    ),
    Column(
        "withdrawn",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="Whether it was withdrawn, retracted or deleted",
    ),
    Column("withdrawn_reason", String, comment="Why it counts as withdrawn, in the source's words"),
    Column("comment", String, comment="The authors' remark beside the paper, as on arXiv"),
    Column("venue", String, comment="Conference or journal that accepted it, e.g. NeurIPS 2025"),
    Column("organization", String, comment="Organization that it comes from"),
    Column(
        "search_words",
        String,
        comment="Words of title and abstract that the search index would miss, as people type "
        "them: no accents, CJK character by character, cplusplus for C++; null for none",
    ),
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
    comment="One paper, computed from the records of all documents that describe it.",
)


identifiers = Table(
    "identifiers",
    METADATA,
    Column(
        "scheme",
        String,
        primary_key=True,
        comment="arxiv, doi, openalex, openreview or pwc (Papers with Code)",
    ),
    Column(
        "value",
        String,
        primary_key=True,
        comment="The name, without version or prefix; DOIs in lower case",
    ),
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
        comment="Paper",
    ),
    CheckConstraint(
        "scheme IN ('arxiv', 'doi', 'openalex', 'openreview', 'pwc')", name="scheme_known"
    ),
    comment="One name of a paper in a public scheme.",
)


disputed_identifiers = Table(
    "disputed_identifiers",
    METADATA,
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Paper",
    ),
    Column("scheme", String, primary_key=True, comment="As in identifiers"),
    Column(
        "value",
        String,
        primary_key=True,
        comment="The name: records of another paper of arXiv state it as well, as the DOI of a "
        "volume or of an erratum, or a person gave it to another paper",
    ),
    # Which other papers state it.
    Index(None, "scheme", "value"),
    comment="One identifier that a paper's records state and that does not name it.",
)
