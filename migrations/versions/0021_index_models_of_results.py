"""index models of results

Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    named = sa.text("model IS NOT NULL")
    op.create_index(
        "ix_results_model", "results", ["model"], sqlite_where=named, postgresql_where=named
    )


def downgrade() -> None:
    op.drop_index("ix_results_model", "results")
