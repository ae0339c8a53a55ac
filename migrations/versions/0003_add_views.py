"""add views

What people ask for in SQL, joined once: papers, results and digest days, each row complete in
itself. They are documented in the README and belong to the interface.

Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

V_PAPERS = """
CREATE VIEW v_papers AS
SELECT p.id AS paper_id, p.key AS paper_key, p.label AS title, p.first_seen_on, p.published_on,
       p.year, p.month, p.arxiv_id, p.has_code, p.has_results,
       (SELECT count(*) FROM results r
         WHERE r.paper_id = p.id AND r.state <> 'rejected') AS results,
       (SELECT min(o.full_name) FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id) AS repository,
       (SELECT max(o.stars) FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id) AS stars,
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
       (SELECT min(o.full_name) FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id) AS repository,
       (SELECT max(o.stars) FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id) AS stars,
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
       (SELECT min(o.full_name) FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id) AS repository,
       (SELECT max(o.stars) FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id) AS stars,
       p.published_on, e.day_basis, e.observed_at, e.digest_id, e.paper_id
  FROM digest_entries e
  JOIN digests g ON g.id = e.digest_id
  JOIN papers p ON p.id = e.paper_id
"""

V_SAME_TITLE = """
CREATE VIEW v_same_title AS
SELECT DISTINCT p.label AS title, p.key AS paper_key, p.first_seen_on,
       q.label AS other_title, q.key AS other_key, q.first_seen_on AS other_first_seen_on
  FROM paper_sources s
  JOIN paper_sources t ON t.title_hash = s.title_hash AND t.paper_id > s.paper_id
  JOIN papers p ON p.id = s.paper_id
  JOIN papers q ON q.id = t.paper_id
"""


def upgrade() -> None:
    for statement in (V_PAPERS, V_RESULTS, V_DIGEST, V_SAME_TITLE):
        op.execute(statement)


def downgrade() -> None:
    for view in ("v_same_title", "v_digest", "v_results", "v_papers"):
        op.execute(f"DROP VIEW {view}")
