"""add corrections

What people decide stands beside what the machine found, never in its place.

Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "kind",
            sa.String(),
            nullable=False,
            comment="merge (both names are of one paper) or split (they are of two)",
        ),
        sa.Column(
            "target",
            sa.String(),
            nullable=False,
            comment="What it is about: a name of a paper, e.g. arxiv:1706.03762, or title: or abstract: and the hash in paper_sources",
        ),
        sa.Column(
            "value",
            sa.String(),
            nullable=False,
            comment="The person's value: the other paper's name",
        ),
        sa.Column(
            "machine_value",
            sa.String(),
            nullable=True,
            comment="What the machine had when the correction was made",
        ),
        sa.Column("label", sa.String(), nullable=False, comment="Both titles, for people"),
        sa.Column("why", sa.String(), nullable=True, comment="The person's reason"),
        sa.Column(
            "made_by",
            sa.String(),
            nullable=False,
            comment="Who decided: the system's name of the user",
        ),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was decided, UTC",
        ),
        sa.Column(
            "retracted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was taken back, UTC; null while it holds",
        ),
        sa.CheckConstraint("kind IN ('merge', 'split')", name=op.f("ck_corrections_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        comment="A person's word on a value; it outlives reloading and a newer extractor.",
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_corrections_retracted_at_kind"), ["retracted_at", "kind"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrections_retracted_at_kind"))

    op.drop_table("corrections")
