"""Authors, categories and tasks of papers."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class Author(Base):
    """A printed name, not a person."""

    __tablename__ = "authors"
    __table_args__ = (
        Index(None, "key"),  # the spellings of a name
        {"comment": "A printed name, not a person."},
    )

    id: Mapped[IntPK]
    name: Mapped[str] = mapped_column(unique=True, comment="Name as printed, given name first")

    key: Mapped[str | None] = mapped_column(
        comment="Words of the name for search: no case, no accents, a space before and behind each"
    )

    def __repr__(self) -> str:
        return f"<Author {self.name!r}>"


class Authorship(Base):
    """One printed name on one paper, with its position."""

    __tablename__ = "authorships"
    __table_args__ = (
        CheckConstraint("position >= 1", name="position_from_one"),
        Index(None, "author_id", "paper_id"),
        {"comment": "One printed name on one paper, with its position."},
    )

    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True, comment="Paper"
    )
    position: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="Position of the name, 1 for the first"
    )
    author_id: Mapped[int] = mapped_column(
        ForeignKey("authors.id", ondelete="RESTRICT"),
        comment="Printed name; a paper may print the same one twice",
    )

    def __repr__(self) -> str:
        return f"<Authorship {self.paper_id}:{self.position}>"


class Category(Base):
    """A subject class of arXiv."""

    __tablename__ = "categories"
    __table_args__ = ({"comment": "A subject class of arXiv."},)

    id: Mapped[IntPK]
    code: Mapped[str] = mapped_column(unique=True, comment="As arXiv writes it, e.g. cs.CL")

    def __repr__(self) -> str:
        return f"<Category {self.code}>"


class PaperCategory(Base):
    """A subject class of a paper."""

    __tablename__ = "paper_categories"
    __table_args__ = (
        Index(None, "category_id", "paper_id"),
        {"comment": "A subject class of a paper."},
    )

    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True, comment="Paper"
    )
    category_id: Mapped[int] = mapped_column(
        ForeignKey("categories.id", ondelete="RESTRICT"),
        primary_key=True,
        comment="Subject class",
    )
    is_primary: Mapped[bool] = mapped_column(comment="Whether it is the paper's main class")

    def __repr__(self) -> str:
        return f"<PaperCategory {self.paper_id}:{self.category_id}>"


class Task(Base):
    """A task that papers work on, e.g. object detection."""

    __tablename__ = "tasks"
    __table_args__ = ({"comment": "A task that papers work on, e.g. object detection."},)

    id: Mapped[IntPK]
    name: Mapped[str] = mapped_column(comment="Name in lower case")
    slug: Mapped[str] = mapped_column(unique=True, comment="Name in addresses, given once")
    key: Mapped[str] = mapped_column(unique=True, comment="Name as it is matched")

    def __repr__(self) -> str:
        return f"<Task {self.name!r}>"


class Keyword(Base):
    """A keyword of papers, as a source states it."""

    __tablename__ = "keywords"
    __table_args__ = ({"comment": "A keyword of papers, as a source states it."},)

    id: Mapped[IntPK]
    name: Mapped[str] = mapped_column(unique=True, comment="The keyword in lower case")

    def __repr__(self) -> str:
        return f"<Keyword {self.name!r}>"


class PaperKeyword(Base):
    """A keyword that a document states for a paper."""

    __tablename__ = "paper_keywords"
    __table_args__ = (
        Index(None, "keyword_id", "paper_id"),
        {"comment": "A keyword that a document states for a paper."},
    )

    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True, comment="Paper"
    )
    keyword_id: Mapped[int] = mapped_column(
        ForeignKey("keywords.id", ondelete="RESTRICT"), primary_key=True, comment="Keyword"
    )

    def __repr__(self) -> str:
        return f"<PaperKeyword {self.paper_id}:{self.keyword_id}>"


class PaperTask(Base):
    """A task that a document states for a paper."""

    __tablename__ = "paper_tasks"
    __table_args__ = (
        Index(None, "task_id", "paper_id"),
        {"comment": "A task that a document states for a paper."},
    )

    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True, comment="Paper"
    )
    task_id: Mapped[int] = mapped_column(
        ForeignKey("tasks.id", ondelete="RESTRICT"), primary_key=True, comment="Task"
    )

    def __repr__(self) -> str:
        return f"<PaperTask {self.paper_id}:{self.task_id}>"
