"""Tests that migrations and models describe one schema, up and down."""

import hashlib
import json
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from catalog.database.database_address import parse_url
from catalog.database.engine import opened
from catalog.database.schema_revision import head_revision, known_revisions
from catalog.database.schema_upgrade import (
    END,
    alembic_config,
    schema_file,
    upgrade,
)
from catalog.models import Base
from tests.schema import fingerprint

SCRIPTS = ScriptDirectory.from_config(alembic_config("sqlite://"))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]

RENEW = "run `pytest tests/test_migrations.py --update-golden`, and commit what it writes"

FOR_ONE = {"0008": "postgresql", "0019": "", "0024": "postgresql"}
"""Steps that change the schema of one database only, or of none that is made today."""

RELEASED = Path(__file__).with_name("data") / "released-migrations.json"
"""Name of each released migration -> SHA-256 of its text; a new one is added when it is released:
`python -m tests.test_migrations`."""


STATEMENTS = """SELECT sql FROM sqlite_schema
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'
      AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
    ORDER BY rowid"""
"""What makes a schema; the tables inside a full-text index (shadows) come with it."""


def test_history_is_one_line_of_consecutive_numbers():
    assert [f"{n:04d}" for n in range(1, len(REVISIONS) + 1)] == REVISIONS


def test_the_files_tell_the_revisions_that_alembic_knows():
    assert known_revisions() == set(REVISIONS)
    assert head_revision() == SCRIPTS.get_current_head()


def test_there_is_one_head():
    assert SCRIPTS.get_heads() == [REVISIONS[-1]]


def test_every_step_goes_up_down_and_up(empty_url):
    config = alembic_config(empty_url)
    for revision in REVISIONS:
        before = fingerprint(empty_url)
        command.upgrade(config, revision)
        after = fingerprint(empty_url)
        meant = FOR_ONE.get(revision, parse_url(empty_url).get_backend_name())
        changes = meant == parse_url(empty_url).get_backend_name()
        assert (after != before) == changes, f"{revision} changes nothing, or too much"
        command.downgrade(config, "-1")
        assert fingerprint(empty_url) == before, f"downgrade of {revision} left traces"
        command.upgrade(config, revision)
        assert fingerprint(empty_url) == after


def test_autogenerate_finds_nothing_to_do(empty_url):
    config = alembic_config(empty_url)
    command.upgrade(config, "head")
    command.check(config)


def test_models_and_migrations_build_the_same_sqlite_schema(tmp_path):
    migrated, created = (f"sqlite:///{tmp_path / name}" for name in ("migrated.db", "created.db"))
    command.upgrade(alembic_config(migrated), "head")
    with opened(created) as engine:
        Base.metadata.create_all(engine)
    wanted = fingerprint(created)
    found = {name: clauses for name, clauses in fingerprint(migrated).items() if name in wanted}
    assert found == wanted


def test_what_only_migrations_make_is_search_and_views(tmp_path):
    migrated, created = (f"sqlite:///{tmp_path / name}" for name in ("migrated.db", "created.db"))
    command.upgrade(alembic_config(migrated), "head")
    with opened(created) as engine:
        Base.metadata.create_all(engine)
    extra = fingerprint(migrated).keys() - fingerprint(created).keys()
    assert {name for name in extra if not name.startswith(("papers_fts", "v_"))} == set()
    assert {"papers_fts", "v_papers", "v_results", "v_digest"} <= extra


def test_a_new_catalog_is_what_the_migrations_make(tmp_path, update_golden):
    migrated, created = (f"sqlite:///{tmp_path / name}" for name in ("migrated.db", "created.db"))
    command.upgrade(alembic_config(migrated), "head")
    if update_golden:
        # Constraints of tables that SQLite rebuilds stand in any order.
        with opened(migrated) as engine, engine.connect() as connection:
            statements = connection.exec_driver_sql(STATEMENTS).scalars()
            parts = [f"-- {head_revision()}", *statements]
        schema_file().write_text("".join(f"{part}{END}" for part in parts))
    upgrade(created)
    assert schema_file().read_text().startswith(f"-- {head_revision()}\n"), RENEW
    assert fingerprint(created) == fingerprint(migrated), RENEW
    assert content(created) == content(migrated)


def content(url: str) -> list[object]:
    """Return the rows of an SQLite database, and what its header says."""
    with opened(url) as engine, engine.connect() as connection:
        ask = connection.exec_driver_sql
        tables = ask("SELECT name FROM pragma_table_list WHERE type = 'table' ORDER BY name")
        rows = {name: ask(f'SELECT * FROM "{name}"').all() for name in tables.scalars()}
        header = ("page_size", "auto_vacuum", "application_id", "user_version", "journal_mode")
        del rows["sqlite_schema"]
        return [rows, *(ask(f"PRAGMA {name}").scalar() for name in header)]


def test_a_new_catalog_is_made_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    spoilt = tmp_path / "sqlite_schema.sql"
    spoilt.write_text(f"{schema_file().read_text()}CREATE TABLE papers (id)\n;\n")
    monkeypatch.setattr("catalog.database.schema_upgrade.schema_file", lambda: spoilt)
    with pytest.raises(OperationalError, match="already exists"):
        upgrade(f"sqlite:///{tmp_path / 'new.db'}")
    assert fingerprint(f"sqlite:///{tmp_path / 'new.db'}") == {}


def test_tables_of_others_are_left_to_the_migrations(tmp_path):
    url = f"sqlite:///{tmp_path / 'other.db'}"
    with opened(url) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE of_another (id)")
    upgrade(url)
    assert {"of_another", "papers"} <= fingerprint(url).keys()


def texts() -> dict[str, str]:
    """Hash the text of each migration."""
    folder = Path(SCRIPTS.versions)
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("[0-9]*.py"))
    }


def test_released_migrations_are_not_edited():
    found, released = texts(), json.loads(RELEASED.read_text())
    assert list(found)[: len(released)] == list(released)
    changed = [name for name, digest in released.items() if found[name] != digest]
    assert changed == [], "a migration that runs somewhere is corrected by a later one"


def test_a_catalog_of_the_first_text_of_0006_gets_its_index(tmp_path):
    old, new = (f"sqlite:///{tmp_path / name}" for name in ("old.db", "new.db"))
    command.upgrade(alembic_config(old), "0006")
    with opened(old) as engine, engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_results_confidence")
    for url in (old, new):
        command.upgrade(alembic_config(url), "head")
    assert fingerprint(old) == fingerprint(new)


if __name__ == "__main__":
    RELEASED.write_text(json.dumps(texts(), indent=1) + "\n")
