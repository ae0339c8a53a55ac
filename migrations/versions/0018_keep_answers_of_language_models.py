"""keep answers of language models

What a language model answered about an abstract is paid for, and is never asked twice; where two
readers read a number differently, the paper's page shows both readings.

Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "question_sha256",
            sa.String(),
            nullable=False,
            comment="Hash of what was sent about the abstract: its text, title, and marked numbers",
        ),
        sa.Column(
            "abstract_sha256",
            sa.String(),
            nullable=False,
            comment="Hash of the abstract, as in papers.extracted_sha256",
        ),
        sa.Column(
            "prompt",
            sa.String(),
            nullable=False,
            comment="Version of the rules and examples that were sent ahead of it",
        ),
        sa.Column(
            "model",
            sa.String(),
            nullable=False,
            comment="Model, by the name that --reader was given",
        ),
        sa.Column(
            "schema_version",
            sa.String(),
            nullable=False,
            comment="Version of the JSON schema of answers",
        ),
        sa.Column("answer", sa.String(), nullable=False, comment="The answer as received"),
        sa.Column(
            "problem",
            sa.String(),
            nullable=True,
            comment="Why the answer is of no use, e.g. a refusal; null where it could be read",
        ),
        sa.Column(
            "attempts",
            sa.Integer(),
            nullable=False,
            comment="How often it was asked: an answer of no use is asked for once more",
        ),
        sa.Column(
            "input_tokens",
            sa.Integer(),
            nullable=True,
            comment="Tokens that were sent, in all attempts; null where the model does not tell",
        ),
        sa.Column(
            "output_tokens",
            sa.Integer(),
            nullable=True,
            comment="Tokens that were received, in all attempts; null where the model does not tell",
        ),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer came, UTC",
        ),
        sa.CheckConstraint("attempts >= 1", name=op.f("ck_readings_attempts_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint(
            "question_sha256",
            "prompt",
            "model",
            "schema_version",
            name=op.f("uq_readings_question_sha256_prompt_model_schema_version"),
        ),
        comment="One answer of a language model about one abstract, kept so that it is never asked twice.",
    )
    op.create_table(
        "disagreements",
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper"),
        sa.Column(
            "span_start",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Where the number begins in the abstract, in characters from 0",
        ),
        sa.Column(
            "field",
            sa.String(),
            nullable=False,
            comment="What is read differently: metric, dataset, kind, role, value, or result (whether it is one at all)",
        ),
        sa.Column(
            "span_end",
            sa.Integer(),
            nullable=False,
            comment="Where the number ends in the abstract, in characters, exclusive",
        ),
        sa.Column(
            "text", sa.String(), nullable=False, comment="The number with its unit, as printed"
        ),
        sa.Column(
            "builtin",
            sa.String(),
            nullable=True,
            comment="What the built-in reader read; null for no name, or no result",
        ),
        sa.Column(
            "other",
            sa.String(),
            nullable=True,
            comment="What the other reader read, which papers.extractor_version names",
        ),
        sa.Column(
            "builtin_stands",
            sa.Boolean(),
            nullable=False,
            comment="Whether the built-in reading is the one that results has",
        ),
        sa.CheckConstraint(
            "field IN ('result', 'value', 'metric', 'kind', 'dataset', 'role')",
            name=op.f("ck_disagreements_field_known"),
        ),
        sa.CheckConstraint("span_start < span_end", name=op.f("ck_disagreements_span_not_empty")),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_disagreements_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "span_start", "field", name=op.f("pk_disagreements")),
        comment="A number of an abstract that two readers read differently, with both readings.",
    )


def downgrade() -> None:
    op.drop_table("disagreements")
    op.drop_table("readings")
