"""Readings: answers of language models as received, and what two readers read differently."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from catalog.models.base import METADATA, UtcDateTime, id_column

readings = Table(
    "readings",
    METADATA,
    id_column(),
    Column(
        "question_sha256",
        String,
        nullable=False,
        comment="Hash of what was sent about the abstract: its text, title, and marked numbers",
    ),
    Column(
        "abstract_sha256",
        String,
        nullable=False,
        comment="Hash of the abstract, as in papers.extracted_sha256",
    ),
    Column(
        "prompt",
        String,
        nullable=False,
        comment="Version of the rules and examples that were sent ahead of it",
    ),
    Column("model", String, nullable=False, comment="Model, by the name that --reader was given"),
    Column(
        "schema_version", String, nullable=False, comment="Version of the JSON schema of answers"
    ),
    Column("answer", String, nullable=False, comment="The answer as received"),
    Column(
        "problem",
        String,
        comment="Why the answer is of no use, e.g. a refusal; null where it could be read",
    ),
    Column(
        "attempts",
        Integer,
        nullable=False,
        comment="How often it was asked: an answer of no use is asked for once more",
    ),
    Column(
        "input_tokens",
        Integer,
        comment="Tokens that were sent, in all attempts; null where the model does not tell",
    ),
    Column(
        "output_tokens",
        Integer,
        comment="Tokens that were received, in all attempts; null where the model does not tell",
    ),
    Column("asked_at", UtcDateTime, nullable=False, comment="When the answer came, UTC"),
    CheckConstraint("attempts >= 1", name="attempts_from_one"),
    UniqueConstraint("question_sha256", "prompt", "model", "schema_version"),
    comment="One answer of a language model about one abstract, kept so that it is "
    "never asked twice.",
)


disagreements = Table(
    "disagreements",
    METADATA,
    Column(
        "paper_id",
        Integer,
        ForeignKey("papers.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Paper",
    ),
    Column(
        "span_start",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="Where the number begins in the abstract, in characters from 0",
    ),
    Column(
        "field",
        String,
        primary_key=True,
        comment="What is read differently: metric, dataset, kind, role, value, or result (whether "
        "it is one at all)",
    ),
    Column(
        "span_end",
        Integer,
        nullable=False,
        comment="Where the number ends in the abstract, in characters, exclusive",
    ),
    Column("text", String, nullable=False, comment="The number with its unit, as printed"),
    Column(
        "builtin", String, comment="What the built-in reader read; null for no name, or no result"
    ),
    Column(
        "other", String, comment="What the other reader read, which papers.extractor_version names"
    ),
    Column(
        "builtin_stands",
        Boolean,
        nullable=False,
        comment="Whether the built-in reading is the one that results has",
    ),
    CheckConstraint(
        "field IN ('result', 'value', 'metric', 'kind', 'dataset', 'role')", name="field_known"
    ),
    CheckConstraint("span_start < span_end", name="span_not_empty"),
    comment="A number of an abstract that two readers read differently, with both readings.",
)
