"""find authors by their key

The page of an author gathers the spellings of a name, which would read the whole table.

Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_authors_key", "authors", ["key"])


def downgrade() -> None:
    op.drop_index("ix_authors_key", "authors")
