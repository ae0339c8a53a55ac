"""Authors, categories and tasks of papers."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from catalog.models.base import METADATA, id_column

authors = Table(
    "authors",
    METADATA,
    id_column(),
    Column(
        "name", String, nullable=False, unique=True, comment="Name as printed, given name first"
    ),
    Column(
        "key",
        String,
        comment="Words of the name for search: no case, no accents, a space before and behind each",
    ),
    Index(None, "key"),  # the spellings of a name
    comment="A printed name, not a person.",
)


authorships = Table(
    "authorships",
    METADATA,
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Paper",
    ),
    Column(
        "position",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="Position of the name, 1 for the first",
    ),
    Column(
        "author_id",
        Integer,
        ForeignKey("authors.id", ondelete="RESTRICT"),
        nullable=False,
        comment="Printed name; a paper may print the same one twice",
    ),
    CheckConstraint("position >= 1", name="position_from_one"),
    Index(None, "author_id", "paper_id"),
    comment="One printed name on one paper, with its position.",
)


categories = Table(
    "categories",
    METADATA,
    id_column(),
    Column("code", String, nullable=False, unique=True, comment="As arXiv writes it, e.g. cs.CL"),
    comment="A subject class of arXiv.",
)


paper_categories = Table(
    "paper_categories",
    METADATA,
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Paper",
    ),
    Column(
        "category_id",
        Integer,
        ForeignKey("categories.id", ondelete="RESTRICT"),
        primary_key=True,
        comment="Subject class",
    ),
    Column("is_primary", Boolean, nullable=False, comment="Whether it is the paper's main class"),
    Index(None, "category_id", "paper_id"),
    comment="A subject class of a paper.",
)


tasks = Table(
    "tasks",
    METADATA,
    id_column(),
    Column("name", String, nullable=False, comment="Name in lower case"),
    Column("slug", String, nullable=False, unique=True, comment="Name in addresses, given once"),
    Column("key", String, nullable=False, unique=True, comment="Name as it is matched"),
    comment="A task that papers work on, e.g. object detection.",
)


keywords = Table(
    "keywords",
    METADATA,
    id_column(),
    Column("name", String, nullable=False, unique=True, comment="The keyword in lower case"),
    comment="A keyword of papers, as a source states it.",
)


paper_keywords = Table(
    "paper_keywords",
    METADATA,
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Paper",
    ),
    Column(
        "keyword_id",
        Integer,
        ForeignKey("keywords.id", ondelete="RESTRICT"),
        primary_key=True,
        comment="Keyword",
    ),
    Index(None, "keyword_id", "paper_id"),
    comment="A keyword that a document states for a paper.",
)


paper_tasks = Table(
    "paper_tasks",
    METADATA,
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Paper",
    ),
    Column(
        "task_id",
        Integer,
        ForeignKey("tasks.id", ondelete="RESTRICT"),
        primary_key=True,
        comment="Task",
    ),
    Index(None, "task_id", "paper_id"),
    comment="A task that a document states for a paper.",
)
