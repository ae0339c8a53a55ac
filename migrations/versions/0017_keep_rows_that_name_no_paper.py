"""keep rows that name no paper

Tables of results have rows that name a model and its numbers, and no paper: a third of SQuAD 2.0, its
best among them. They were problems. Now they are kept as rows of papers that say so, and the view of
papers leaves them out.

Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LINKS = "FROM links l JOIN repositories o ON o.id = l.repository_id"
CHOSEN = f"""(SELECT {{column}} {LINKS}
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1)"""

V_PAPERS = f"""
CREATE VIEW v_papers AS
SELECT p.id AS paper_id, p.key AS paper_key, p.label AS title, p.first_seen_on, p.published_on,
       p.year, p.month, p.arxiv_id, p.has_code, p.has_results, p.version, p.withdrawn, p.withdrawn_reason, p.venue,
       p.organization,
       (SELECT count(*) FROM results r
         WHERE r.paper_id = p.id AND r.state <> 'rejected') AS results,
       {CHOSEN.format(column="o.full_name")} AS repository,
       {CHOSEN.format(column="o.stars")} AS stars,
       (SELECT count(*) FROM digest_entries e WHERE e.paper_id = p.id) AS digests,
       (SELECT max(e.upvotes) FROM digest_entries e WHERE e.paper_id = p.id) AS upvotes,
       p.abstract
  FROM papers p
"""

COMMENTS = {
    "key": (
        "Public name, used in addresses: arXiv identifier, else DOI, else t- or a- and 12 "
        "hexadecimal digits of the title's or abstract's key",
        "Public name, used in addresses: arXiv identifier, else DOI, else t- or a- and 12 "
        "hexadecimal digits of the title's or abstract's key; r- for a row that names no paper",
    ),
    "label": (
        "What to show for the paper: its title, else the first words of the abstract",
        "What to show for the paper: its title, else the first words of the abstract; for a "
        "row that names no paper, its model and that no paper is named",
    ),
}
"""Column of papers -> comment before and after."""


def upgrade() -> None:
    op.execute("DROP VIEW v_papers")
    op.add_column(
        "papers",
        sa.Column(
            "is_row",
            sa.Boolean(),
            nullable=False,
            server_default=sa.text("false"),
            comment="Whether it is no paper, but a row of a table whose source names none: kept for "
            "its model's results",
        ),
    )
    rows = sa.text("is_row")
    op.create_index("ix_papers_is_row", "papers", ["id"], sqlite_where=rows, postgresql_where=rows)
    op.execute(f"{V_PAPERS} WHERE p.id NOT IN (SELECT w.id FROM papers w WHERE w.is_row)")
    _comment(1)


def downgrade() -> None:
    op.execute("DROP VIEW v_papers")
    op.drop_index("ix_papers_is_row", "papers")
    op.drop_column("papers", "is_row")
    op.execute(V_PAPERS)
    _comment(0)


def _comment(side: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for column, comments in COMMENTS.items():
            op.alter_column("papers", column, comment=comments[side])
