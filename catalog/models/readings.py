"""Readings: answers of language models as received, and what two readers read differently."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.models.base import Base, IntPK


class Reading(Base):
    """One answer of a language model about one abstract, kept so that it is never asked twice."""

    __tablename__ = "readings"
    __table_args__ = (
        CheckConstraint("attempts >= 1", name="attempts_from_one"),
        UniqueConstraint("question_sha256", "prompt", "model", "schema_version"),
        {
            "comment": "One answer of a language model about one abstract, kept so that it is "
            "never asked twice."
        },
    )

    id: Mapped[IntPK]
    question_sha256: Mapped[str] = mapped_column(
        comment="Hash of what was sent about the abstract: its text, title, and marked numbers"
    )
    abstract_sha256: Mapped[str] = mapped_column(
        comment="Hash of the abstract, as in papers.extracted_sha256"
    )
    prompt: Mapped[str] = mapped_column(
        comment="Version of the rules and examples that were sent ahead of it"
    )
    model: Mapped[str] = mapped_column(comment="Model, by the name that --reader was given")
    schema_version: Mapped[str] = mapped_column(comment="Version of the JSON schema of answers")
    answer: Mapped[str] = mapped_column(comment="The answer as received")
    problem: Mapped[str | None] = mapped_column(
        comment="Why the answer is of no use, e.g. a refusal; null where it could be read"
    )
    attempts: Mapped[int] = mapped_column(
        comment="How often it was asked: an answer of no use is asked for once more"
    )
    input_tokens: Mapped[int | None] = mapped_column(
        comment="Tokens that were sent, in all attempts; null where the model does not tell"
    )
    output_tokens: Mapped[int | None] = mapped_column(
        comment="Tokens that were received, in all attempts; null where the model does not tell"
    )
    asked_at: Mapped[dt.datetime] = mapped_column(comment="When the answer came, UTC")

    def __repr__(self) -> str:
        return f"<Reading by {self.model} of {self.abstract_sha256[:8]}>"


class Disagreement(Base):
    """A number of an abstract that two readers read differently, with both readings."""

    __tablename__ = "disagreements"
    __table_args__ = (
        CheckConstraint(
            "field IN ('result', 'value', 'metric', 'kind', 'dataset', 'role')", name="field_known"
        ),
        CheckConstraint("span_start < span_end", name="span_not_empty"),
        {
            "comment": "A number of an abstract that two readers read differently, with both "
            "readings."
        },
    )

    paper_id: Mapped[int] = mapped_column(
        ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True, comment="Paper"
    )
    span_start: Mapped[int] = mapped_column(
        primary_key=True,
        autoincrement=False,
        comment="Where the number begins in the abstract, in characters from 0",
    )
    field: Mapped[str] = mapped_column(
        primary_key=True,
        comment="What is read differently: metric, dataset, kind, role, value, or result (whether "
        "it is one at all)",
    )
    span_end: Mapped[int] = mapped_column(
        comment="Where the number ends in the abstract, in characters, exclusive"
    )
    text: Mapped[str] = mapped_column(comment="The number with its unit, as printed")
    builtin: Mapped[str | None] = mapped_column(
        comment="What the built-in reader read; null for no name, or no result"
    )
    other: Mapped[str | None] = mapped_column(
        comment="What the other reader read, which papers.extractor_version names"
    )
    builtin_stands: Mapped[bool] = mapped_column(
        comment="Whether the built-in reading is the one that results has"
    )

    def __repr__(self) -> str:
        return f"<Disagreement on {self.field} of {self.text!r}>"
