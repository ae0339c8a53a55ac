"""add sign and row confidence

A difference says more once it is known whether the metric is higher or lower for the paper's
subject. One confidence could not stand for two questions: `confidence` goes on covering value,
unit, metric and kind; `row_confidence` covers dataset and role as well, which boards need. The
indexes that boards are counted from hold it, so that a floor costs no look into the table.

Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_results_by_dataset": ["dataset_id", "metric_id"],
    "ix_results_by_metric": ["metric_id", "dataset_id"],
}
BOTH = ["kind", "role", "value", "state", "paper_id", "unit", "origin"]

SIGN = (
    "+ where a delta or ratio says that the metric (else quality) is higher for the paper's subject "
    "than for what it is compared with, - where lower; null where the text does not tell, and for "
    "absolute values"
)
CONFIDENCE = "Estimated share of such results whose value, unit, metric and kind are right, 0 to 1"
OLD_CONFIDENCE = "Estimated share of such results that are right, 0 to 1"
ROW_CONFIDENCE = (
    "Estimated share of such results whose value, unit, metric, kind, dataset and role are right, "
    "0 to 1: whether it may stand on a leaderboard"
)

LINKS = "FROM links l JOIN repositories o ON o.id = l.repository_id"
CHOSEN = f"""(SELECT {{column}} {LINKS}
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1)"""

V_PAPERS = f"""
CREATE VIEW v_papers AS
SELECT p.id AS paper_id, p.key AS paper_key, p.label AS title, p.first_seen_on, p.published_on,
       p.year, p.month, p.arxiv_id, p.has_code, p.has_results,
       (SELECT count(*) FROM results r
         WHERE r.paper_id = p.id AND r.state <> 'rejected') AS results,
       {CHOSEN.format(column="o.full_name")} AS repository,
       {CHOSEN.format(column="o.stars")} AS stars,
       (SELECT count(*) FROM digest_entries e WHERE e.paper_id = p.id) AS digests,
       (SELECT max(e.upvotes) FROM digest_entries e WHERE e.paper_id = p.id) AS upvotes,
       p.abstract
  FROM papers p
"""

V_RESULTS = """
CREATE VIEW v_results AS
SELECT r.id AS result_id, p.label AS paper, p.key AS paper_key, p.first_seen_on,
       m.name AS metric, d.name AS dataset, r.value, r.value_max, r.unit, r.kind, r.role,
       {sign}r.model, r.baseline, r.text, r.sentence, r.origin, r.state, r.rule, r.confidence,{row_confidence}
       {repository} AS repository,
       {stars} AS stars,
       r.paper_id, r.metric_id, r.dataset_id
  FROM results r
  JOIN papers p ON p.id = r.paper_id
  LEFT JOIN metrics m ON m.id = r.metric_id
  LEFT JOIN datasets d ON d.id = r.dataset_id
 WHERE r.state <> 'rejected'
"""

V_DIGEST = f"""
CREATE VIEW v_digest AS
SELECT g.day, g.source, e.rank, p.label AS title, p.key AS paper_key, e.upvotes, e.comments,
       (SELECT count(*) FROM results r
         WHERE r.paper_id = p.id AND r.state <> 'rejected') AS results,
       {CHOSEN.format(column="o.full_name")} AS repository,
       {CHOSEN.format(column="o.stars")} AS stars,
       p.published_on, e.day_basis, e.observed_at, e.digest_id, e.paper_id
  FROM digest_entries e
  JOIN digests g ON g.id = e.digest_id
  JOIN papers p ON p.id = e.paper_id
"""


def upgrade() -> None:
    _drop_views()
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.alter_column("confidence", comment=CONFIDENCE, existing_comment=OLD_CONFIDENCE)
        batch_op.add_column(sa.Column("sign", sa.String(), nullable=True, comment=SIGN))
        batch_op.add_column(
            sa.Column("row_confidence", sa.Double(), nullable=True, comment=ROW_CONFIDENCE)
        )
        batch_op.create_check_constraint(batch_op.f("ck_results_sign_known"), "sign IN ('+', '-')")
        batch_op.create_check_constraint(
            batch_op.f("ck_results_row_confidence_is_a_share"), "row_confidence BETWEEN 0 AND 1"
        )
    _index([*BOTH, "row_confidence"])
    _make_views(sign="r.sign, ", row_confidence=" r.row_confidence,")


def downgrade() -> None:
    _drop_views()
    _index(BOTH)
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_results_row_confidence_is_a_share"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_results_sign_known"), type_="check")
        batch_op.drop_column("row_confidence")
        batch_op.drop_column("sign")
        batch_op.alter_column("confidence", comment=OLD_CONFIDENCE, existing_comment=CONFIDENCE)
    _make_views(sign="", row_confidence="")


def _index(columns: list[str]) -> None:
    for name, first in INDEXES.items():
        op.drop_index(name, "results")
        op.create_index(name, "results", [*first, *columns])


def _drop_views() -> None:
    for view in ("v_digest", "v_results", "v_papers"):
        op.execute(f"DROP VIEW {view}")


def _make_views(sign: str, row_confidence: str) -> None:
    chosen = {
        "repository": CHOSEN.format(column="o.full_name"),
        "stars": CHOSEN.format(column="o.stars"),
    }
    op.execute(V_PAPERS)
    op.execute(V_RESULTS.format(sign=sign, row_confidence=row_confidence, **chosen))
    op.execute(V_DIGEST)
