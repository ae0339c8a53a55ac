"""bound the search of PostgreSQL

A tsvector holds a megabyte of words; a row with more of them was refused, and with it its batch. The
first 100,000 characters stay below that whatever they are, and no abstract is as long. SQLite has
no such limit: nothing changes there.

Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHOLE = "coalesce(title, '') || ' ' || coalesce(abstract, '')"


def upgrade() -> None:
    _index(f"left({WHOLE}, 100000)")


def downgrade() -> None:
    _index(WHOLE)


def _index(text: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_papers_search")
        op.execute(
            f"CREATE INDEX ix_papers_search ON papers USING gin (to_tsvector('english', {text}))"
        )
