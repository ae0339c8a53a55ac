"""infer usual metrics

A third of the numbers of a paper's own that name a dataset name no metric, and so stood on no
leaderboard. They take the metric that is usual on the dataset, which the row says; and a row says
whether its sentence gives a bound only, so that lists of leaderboards count what these show. Signs
that tell benchmarks apart are no longer lost from their keys: HumanEval+ was HumanEval, and V* Bench
was VBench. `catalog reextract` fills all of this in.

Revises: 0019
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_results_by_dataset": ["dataset_id", "metric_id"],
    "ix_results_by_metric": ["metric_id", "dataset_id"],
}
BOTH = ["kind", "role", "value", "state", "paper_id", "unit", "origin", "row_confidence"]

CHOSEN = """(SELECT {column} FROM links l JOIN repositories o ON o.id = l.repository_id
         WHERE l.paper_id = p.id
         ORDER BY CASE WHEN l.is_official THEN 0 ELSE 1 END, coalesce(o.stars, -1) DESC,
                  lower(o.full_name), o.key, l.id LIMIT 1)"""

V_RESULTS = """
CREATE VIEW v_results AS
SELECT r.id AS result_id, p.label AS paper, p.key AS paper_key, p.first_seen_on,
       m.name AS metric,{inferred} d.name AS dataset, r.value, r.value_max, r.unit, r.kind, r.role,
       r.sign, r.model, r.baseline, r.text, r.sentence, r.origin, r.state, r.rule, r.confidence,
       r.row_confidence, p.withdrawn,
       {repository} AS repository,
       {stars} AS stars,
       r.paper_id, r.metric_id, r.dataset_id
  FROM results r
  JOIN papers p ON p.id = r.paper_id
  LEFT JOIN metrics m ON m.id = r.metric_id
  LEFT JOIN datasets d ON d.id = r.dataset_id
 WHERE r.state <> 'rejected'
"""


def _columns() -> tuple[sa.Column[bool], ...]:
    """Make the new columns of results."""
    return (
        sa.Column(
            "metric_inferred",
            sa.Boolean(),
            nullable=False,
            server_default=sa.text("false"),
            comment="Whether the text names no metric: it is the one that is usual on the dataset, "
            "or score where none is",
        ),
        sa.Column(
            "is_bound",
            sa.Boolean(),
            nullable=False,
            server_default=sa.text("false"),
            comment='Whether the sentence gives it only as a bound, as in "less than 65%"',
        ),
    )


def upgrade() -> None:
    op.execute("DROP VIEW v_results")
    for added in _columns():
        op.add_column("results", added)
    _index([*BOTH, "confidence", "is_bound"])
    _make_view(" r.metric_inferred,")
    _respell_keys()


def downgrade() -> None:
    op.execute("DROP VIEW v_results")
    _index(BOTH)
    for added in reversed(_columns()):
        op.drop_column("results", added.name)
    _make_view("")


def _index(columns: list[str]) -> None:
    for name, first in INDEXES.items():
        op.drop_index(name, "results")
        op.create_index(name, "results", [*first, *columns])


def _make_view(inferred: str) -> None:
    chosen = {name: CHOSEN.format(column=f"o.{column}") for name, column in COLUMNS.items()}
    op.execute(V_RESULTS.format(inferred=inferred, **chosen))


COLUMNS = {"repository": "full_name", "stars": "stars"}


def _respell_keys() -> None:
    """Give datasets whose names hold a telling sign the keys and slugs that go with them."""
    connection = op.get_bind()
    datasets = sa.table(
        "datasets", sa.column("id"), sa.column("name"), sa.column("key"), sa.column("slug")
    )
    rows = connection.execute(sa.select(datasets)).all()
    keys, slugs = {row.key for row in rows}, {row.slug for row in rows}
    for row in rows:
        key, slug = _fold(_spelt_out(row.name)), _slug(_spelt_out(row.name))
        if _spelt_out(row.name) == row.name or not key or {key, slug} & (keys | slugs):
            continue
        keys.add(key)
        slugs.add(slug)
        change = sa.update(datasets).where(datasets.c.id == row.id)
        connection.execute(change.values(key=key, slug=slug))


WORDS = {
    "\N{GREEK SMALL LETTER TAU}": "tau",
    "\N{SUPERSCRIPT TWO}": "2",
    "\N{INFINITY}": "infinite ",
}


def _spelt_out(name: str) -> str:
    words = re.sub(r"(?<=\S)\+(?!\w)|\+(?!\s*\w)", " plus", name)
    words = re.sub(r"(?<=\b[A-Za-z])\s?\*", " star ", words)
    for sign, word in WORDS.items():
        words = words.replace(sign, word)
    return name if words == name else " ".join(words.split())


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain.casefold() if c.isalnum() and not unicodedata.combining(c))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
