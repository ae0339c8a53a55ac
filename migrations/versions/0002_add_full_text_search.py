"""add full-text search

Over title and abstract. On SQLite an FTS5 table reads its text from papers (external content), and
triggers keep it right whoever writes; its content is named in double quotes, because Datasette
finds the table by that spelling only (datasette issue 1991). Porter's stemmer lets "transformer"
find "transformers". On PostgreSQL an index on an expression does the same.

Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """
    CREATE VIRTUAL TABLE papers_fts USING fts5(
        title, abstract, content="papers", content_rowid="id",
        tokenize="porter unicode61 remove_diacritics 2"
    )
    """,
    "INSERT INTO papers_fts (papers_fts) VALUES ('rebuild')",
    """
    CREATE TRIGGER papers_fts_insert AFTER INSERT ON papers BEGIN
        INSERT INTO papers_fts (rowid, title, abstract)
        VALUES (new.id, new.title, new.abstract);
    END
    """,
    """
    CREATE TRIGGER papers_fts_delete AFTER DELETE ON papers BEGIN
        INSERT INTO papers_fts (papers_fts, rowid, title, abstract)
        VALUES ('delete', old.id, old.title, old.abstract);
    END
    """,
    """
    CREATE TRIGGER papers_fts_update AFTER UPDATE OF id, title, abstract ON papers
    WHEN old.id IS NOT new.id OR old.title IS NOT new.title OR old.abstract IS NOT new.abstract
    BEGIN
        INSERT INTO papers_fts (papers_fts, rowid, title, abstract)
        VALUES ('delete', old.id, old.title, old.abstract);
        INSERT INTO papers_fts (rowid, title, abstract)
        VALUES (new.id, new.title, new.abstract);
    END
    """,
)

POSTGRESQL = (
    """
    CREATE INDEX ix_papers_search ON papers USING gin (
        to_tsvector('english', coalesce(title, '') || ' ' || coalesce(abstract, ''))
    )
    """,
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER papers_fts_{trigger}")
        op.execute("DROP TABLE papers_fts")
    else:
        op.execute("DROP INDEX ix_papers_search")
