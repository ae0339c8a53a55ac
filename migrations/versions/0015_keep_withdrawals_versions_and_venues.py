"""keep withdrawals, versions and venues

A withdrawn paper ranked as any other. Papers now say that they were withdrawn and why, which version
is the latest and of which the abstract is that was read, where they were accepted, and what they are
about; the views say so too.

Revises: 0014
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PARTIAL = (
    ("ix_papers_withdrawn", "id", "withdrawn"),
    ("ix_papers_venue", "venue", "venue IS NOT NULL"),
    ("ix_papers_organization", "organization", "organization IS NOT NULL"),
)
"""Index, its column, and the rows that are in it."""

LINKS = "FROM links l JOIN repositories o ON o.id = l.repository_id"
CHOSEN = f"""(SELECT {{column}} {LINKS}
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1)"""


V_PAPERS = """
CREATE VIEW v_papers AS
SELECT p.id AS paper_id, p.key AS paper_key, p.label AS title, p.first_seen_on, p.published_on,
       p.year, p.month, p.arxiv_id, p.has_code, p.has_results,{papers}
       (SELECT count(*) FROM results r
         WHERE r.paper_id = p.id AND r.state <> 'rejected') AS results,
       {repository} AS repository,
       {stars} AS stars,
       (SELECT count(*) FROM digest_entries e WHERE e.paper_id = p.id) AS digests,
       (SELECT max(e.upvotes) FROM digest_entries e WHERE e.paper_id = p.id) AS upvotes,
       p.abstract
  FROM papers p
"""

V_RESULTS = """
CREATE VIEW v_results AS
SELECT r.id AS result_id, p.label AS paper, p.key AS paper_key, p.first_seen_on,
       m.name AS metric, d.name AS dataset, r.value, r.value_max, r.unit, r.kind, r.role,
       r.sign, r.model, r.baseline, r.text, r.sentence, r.origin, r.state, r.rule, r.confidence,
       r.row_confidence,{withdrawn}
       {repository} AS repository,
       {stars} AS stars,
       r.paper_id, r.metric_id, r.dataset_id
  FROM results r
  JOIN papers p ON p.id = r.paper_id
  LEFT JOIN metrics m ON m.id = r.metric_id
  LEFT JOIN datasets d ON d.id = r.dataset_id
 WHERE r.state <> 'rejected'
"""

V_DIGEST = """
CREATE VIEW v_digest AS
SELECT g.day, g.source, e.rank, p.label AS title, p.key AS paper_key, e.upvotes, e.comments,
       (SELECT count(*) FROM results r
         WHERE r.paper_id = p.id AND r.state <> 'rejected') AS results,
       {repository} AS repository,
       {stars} AS stars,
       p.published_on,{withdrawn} e.day_basis, e.observed_at, e.digest_id, e.paper_id
  FROM digest_entries e
  JOIN digests g ON g.id = e.digest_id
  JOIN papers p ON p.id = e.paper_id
"""


def _columns() -> tuple[sa.Column[Any], ...]:
    """Make the new columns of papers."""
    return (
        sa.Column(
            "version",
            sa.Integer(),
            nullable=True,
            comment="Latest version that a source tells of, 1 for the first; of the day updated_on",
        ),
        sa.Column(
            "abstract_version",
            sa.Integer(),
            nullable=True,
            comment="Version whose abstract is kept and was read; null where its source does not say",
        ),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            server_default=sa.text("false"),
            comment="Whether it was withdrawn, retracted or deleted",
        ),
        sa.Column(
            "withdrawn_reason",
            sa.String(),
            nullable=True,
            comment="Why it counts as withdrawn, in the source's words",
        ),
        sa.Column(
            "comment",
            sa.String(),
            nullable=True,
            comment="The authors' remark beside the paper, as on arXiv",
        ),
        sa.Column(
            "venue",
            sa.String(),
            nullable=True,
            comment="Conference or journal that accepted it, e.g. NeurIPS 2025",
        ),
        sa.Column(
            "organization", sa.String(), nullable=True, comment="Organization that it comes from"
        ),
    )


def upgrade() -> None:
    _drop_views()
    for added in _columns():
        op.add_column("papers", added)
    for name, column, rows in PARTIAL:
        op.create_index(
            name, "papers", [column], sqlite_where=sa.text(rows), postgresql_where=sa.text(rows)
        )
    op.create_table(
        "keywords",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("name", sa.String(), nullable=False, comment="The keyword in lower case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keywords")),
        sa.UniqueConstraint("name", name=op.f("uq_keywords_name")),
        comment="A keyword of papers, as a source states it.",
    )
    op.create_table(
        "paper_keywords",
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper"),
        sa.Column("keyword_id", sa.Integer(), nullable=False, comment="Keyword"),
        sa.ForeignKeyConstraint(
            ["keyword_id"],
            ["keywords.id"],
            name=op.f("fk_paper_keywords_keyword_id_keywords"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_paper_keywords_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "keyword_id", name=op.f("pk_paper_keywords")),
        comment="A keyword that a document states for a paper.",
    )
    op.create_index(
        op.f("ix_paper_keywords_keyword_id_paper_id"), "paper_keywords", ["keyword_id", "paper_id"]
    )
    _make_views(
        papers=" p.version, p.withdrawn, p.withdrawn_reason, p.venue,\n       p.organization,",
        withdrawn=" p.withdrawn,",
    )


def downgrade() -> None:
    _drop_views()
    op.drop_table("paper_keywords")
    op.drop_table("keywords")
    for name, _column, _rows in PARTIAL:
        op.drop_index(name, "papers")
    for added in reversed(_columns()):
        op.drop_column("papers", added.name)
    _make_views(papers="", withdrawn="")


def _drop_views() -> None:
    for view in ("v_digest", "v_results", "v_papers"):
        op.execute(f"DROP VIEW {view}")


def _make_views(papers: str, withdrawn: str) -> None:
    parts = {
        "repository": CHOSEN.format(column="o.full_name"),
        "stars": CHOSEN.format(column="o.stars"),
        "papers": papers,
        "withdrawn": withdrawn,
    }
    for view in (V_PAPERS, V_RESULTS, V_DIGEST):
        op.execute(view.format(**parts))
