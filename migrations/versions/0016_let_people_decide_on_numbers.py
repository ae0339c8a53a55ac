"""let people decide on numbers

A person may accept, reject, edit or add a number, change a paper's title, day or repository, and say
that two names are one or two. Until now corrections told only which papers are one.

Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATES = (
    "state IN ('machine', 'corrected', 'added', 'rejected')",
    "state IN ('machine', 'accepted', 'corrected', 'added', 'rejected')",
)
KINDS = (
    "kind IN ('merge', 'split')",
    "kind IN ('merge', 'split', 'accept', 'reject', 'edit', 'add', 'title', 'day', 'repository', "
    "'same', 'apart')",
)

COMMENTS = {
    ("results", "state"): (
        "machine (as extracted), corrected, added or rejected by a person",
        "machine (as extracted), or accepted, corrected, added, rejected by a person",
    ),
    ("corrections", "kind"): (
        "merge (both names are of one paper) or split (they are of two)",
        "merge, split: names are of one paper, of two; accept, reject, edit, add: a number; title, "
        "day, repository: of a paper; same, apart: names of datasets or metrics are one, or two",
    ),
    ("corrections", "target"): (
        "What it is about: a name of a paper, e.g. arxiv:1706.03762, or title: or abstract: and the "
        "hash in paper_sources",
        "What it is about: a name of a paper, e.g. arxiv:1706.03762, or title: or abstract: and the "
        "hash in paper_sources; or a name, e.g. dataset:COCO",
    ),
    ("corrections", "value"): (
        "The person's value: the other paper's name",
        "The person's value: a name, a title, a day, an address, or the number with its fields as "
        "JSON; null where a number is rejected or a paper has no repository",
    ),
    ("corrections", "machine_value"): (
        "What the machine had when the correction was made",
        "What the machine had when the correction was made; a number as JSON",
    ),
    ("corrections", "label"): ("Both titles, for people", "What it is about, for people"),
}
"""Table and column -> comment before and after."""


def upgrade() -> None:
    _change(1)
    decided = sa.text("state <> 'machine'")
    op.create_index(
        "ix_results_decided",
        "results",
        ["state"],
        sqlite_where=decided,
        postgresql_where=decided,
    )


def downgrade() -> None:
    op.execute("DELETE FROM corrections WHERE kind NOT IN ('merge', 'split')")
    op.execute("UPDATE results SET state = 'corrected' WHERE state = 'accepted'")
    op.drop_index("ix_results_decided", "results")
    _change(0)


def _change(side: int) -> None:
    views = _drop_views()
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_results_state_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_results_state_known"), STATES[side])
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_corrections_kind_known"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_corrections_kind_known"), KINDS[side])
        batch_op.alter_column("value", existing_type=sa.String(), nullable=bool(side))
    for view in views:
        op.execute(view)
    if op.get_bind().dialect.name == "postgresql":
        for (table, column), comments in COMMENTS.items():
            op.alter_column(table, column, comment=comments[side])


def _drop_views() -> list[str]:
    """Drop SQLite's views, which would hinder the rebuild of a table; return how to make them."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return []
    found = bind.exec_driver_sql(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY rowid"
    ).all()
    for name, _ in found:
        op.execute(f"DROP VIEW {name}")
    return [str(sql) for _, sql in found]
