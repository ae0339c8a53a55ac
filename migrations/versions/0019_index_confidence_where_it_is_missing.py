"""index confidence where it is missing

The first text of 0006 did not make this index; a catalog made by it has never got one since.

Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_results_confidence", "results", ["confidence"], if_not_exists=True)


def downgrade() -> None:
    """Leave the index, which 0006 makes."""
