"""index what the site counts

On a million papers with two million results, facets through results, the totals of a metric and
the list of leaderboards read whole tables. These indexes hold every column that such a question
needs, so that none looks into the tables: benchmarks/site.py shows what each page takes.

Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEW = (
    (
        "ix_results_by_dataset",
        "results",
        ["dataset_id", "metric_id", "kind", "role", "value", "state", "paper_id"],
    ),
    (
        "ix_results_by_metric",
        "results",
        ["metric_id", "dataset_id", "kind", "role", "value", "state", "paper_id"],
    ),
    ("ix_results_dataset_id_paper_id", "results", ["dataset_id", "paper_id"]),
    ("ix_results_metric_id_paper_id", "results", ["metric_id", "paper_id"]),
    ("ix_results_confidence", "results", ["confidence"]),
    ("ix_papers_by_id", "papers", ["id", "year", "has_code", "has_results", "first_seen_on"]),
    ("ix_paper_categories_category_id_paper_id", "paper_categories", ["category_id", "paper_id"]),
    ("ix_paper_tasks_task_id_paper_id", "paper_tasks", ["task_id", "paper_id"]),
    ("ix_authorships_author_id_paper_id", "authorships", ["author_id", "paper_id"]),
)
OLD = (
    (
        "ix_results_dataset_id_metric_id_kind_role_value",
        "results",
        ["dataset_id", "metric_id", "kind", "role", "value"],
    ),
    (
        "ix_results_metric_id_dataset_id_kind_role_value",
        "results",
        ["metric_id", "dataset_id", "kind", "role", "value"],
    ),
    ("ix_paper_categories_category_id", "paper_categories", ["category_id"]),
    ("ix_paper_tasks_task_id", "paper_tasks", ["task_id"]),
    ("ix_authorships_author_id", "authorships", ["author_id"]),
)


def upgrade() -> None:
    for name, table, _ in OLD:
        op.drop_index(name, table)
    for name, table, columns in NEW:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in NEW:
        op.drop_index(name, table)
    for name, table, columns in OLD:
        op.create_index(name, table, columns)
