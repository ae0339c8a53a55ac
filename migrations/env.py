"""Alembic environment: one URL, one metadata, foreign keys off while tables move."""

import os
from typing import Any

from alembic import context

from catalog.database.engine import opened
from catalog.models import Base
from catalog.models.base import UtcDateTime

config = context.config
url = (
    config.attributes.get("url")
    or context.get_x_argument(as_dictionary=True).get("url")
    or os.environ.get("CATALOG_URL", "sqlite:///catalog.db")
)


def number_revision(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Name revisions 0001, 0002, ...: the file listing is the history."""
    head = context.script.get_current_head()
    if directives:
        directives[0].rev_id = f"{int(head or 0) + 1:04d}"


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Keep application types out of migrations: history must not import today's code."""
    return (
        "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False
    )


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Skip what searches full text, SQLite's tables and PostgreSQL's index; they are no models."""
    if kind == "index":
        return name != "ix_papers_search"
    return kind != "table" or "_fts" not in (name or "")


def refuse_dangling_rows(ctx: Any, **_: Any) -> None:
    """Check foreign keys inside the migration's transaction, so that a breach rolls back."""
    if ctx.dialect.name == "sqlite":
        broken = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            msg = f"migration leaves {len(broken)} rows without parent, first: {broken[0]}"
            raise RuntimeError(msg)


OPTIONS: dict[str, Any] = {
    "target_metadata": Base.metadata,
    "compare_server_default": True,
    "render_as_batch": True,
    "transaction_per_migration": True,
    "transactional_ddl": True,
    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
    "process_revision_directives": number_revision,
    "render_item": render_item,
    "include_name": include_name,
    "on_version_apply": refuse_dangling_rows,
}

if context.is_offline_mode():
    msg = "no --sql mode: data migrations and SQLite's table rebuilds need to read the database"
    raise SystemExit(msg)

with opened(url, foreign_keys=False) as engine, engine.connect() as connection:
    context.configure(connection=connection, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()
