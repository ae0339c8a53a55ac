"""choose one repository in views

The views printed the first repository by name beside the most stars of any, which could be those of
another. Now all of them print the official one, else the one with the most stars, else the first by
name, with its own stars: the rule of all commands and pages.

Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LINKS = "FROM links l JOIN repositories o ON o.id = l.repository_id"
CHOSEN = f"""(SELECT {{column}} {LINKS}
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1)"""
NEW = {
    "repository": CHOSEN.format(column="o.full_name"),
    "stars": CHOSEN.format(column="o.stars"),
}
OLD = {
    "repository": f"""(SELECT min(o.full_name) {LINKS}
         WHERE l.paper_id = p.id)""",
    "stars": f"""(SELECT max(o.stars) {LINKS}
         WHERE l.paper_id = p.id)""",
}

V_PAPERS = """
CREATE VIEW v_papers AS
SELECT p.id AS paper_id, p.key AS paper_key, p.label AS title, p.first_seen_on, p.published_on,
       p.year, p.month, p.arxiv_id, p.has_code, p.has_results,
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
       r.model, r.baseline, r.text, r.sentence, r.origin, r.state, r.rule, r.confidence,
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
       p.published_on, e.day_basis, e.observed_at, e.digest_id, e.paper_id
  FROM digest_entries e
  JOIN digests g ON g.id = e.digest_id
  JOIN papers p ON p.id = e.paper_id
"""


def upgrade() -> None:
    _remake(NEW)


def downgrade() -> None:
    _remake(OLD)


def _remake(chosen: dict[str, str]) -> None:
    for view in ("v_digest", "v_results", "v_papers"):
        op.execute(f"DROP VIEW {view}")
    for statement in (V_PAPERS, V_RESULTS, V_DIGEST):
        op.execute(statement.format(**chosen))
