"""Tests of the time limit of a model's SQL, and of the message without the extra."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.domain.errors import CatalogError

pytest.importorskip("pydantic", reason="the extra mcp is not installed")

from catalog.mcp.limited_sql import limit, select

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_a_query_that_takes_too_long_is_broken_off_and_the_next_one_runs() -> None:
    connection = sqlite3.connect(":memory:")
    limit(connection)
    with pytest.raises(CatalogError, match=r"longer than 0\.05 seconds"):
        select(connection, ENDLESS, {}, most=10, seconds=0.05)
    assert select(connection, "SELECT 1 AS one", {}, most=10).rows == [[1]]
    connection.close()


@pytest.mark.parametrize("missing", ["mcp", "pydantic"])
def test_without_the_extra_the_command_says_what_to_install(missing: str, migrated: Path) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from etl.cli import main; main(prog_name='catalog')"
    )
    command = [sys.executable, "-c", code, "--db", str(migrated), "mcp"]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "[mcp]" in ran.stderr


def test_nothing_of_it_is_imported_without_the_command() -> None:
    code = (
        "import sys; from etl.cli import main\n"
        "import catalog.commands.query_command, catalog.commands.search_command, catalog.site\n"
        "sys.exit(bool({'mcp', 'mcp_types', 'pydantic', 'catalog.mcp'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_costly_questions_to_the_index_are_refused(migrated: Path) -> None:
    connection = sqlite3.connect(f"file:{migrated}?mode=ro", uri=True)
    limit(connection)
    for sql, words in (
        ("SELECT snippet(papers_fts, 1, '', '', '', 9) FROM papers_fts(:words)", "a"),
        ("SELECT count(*) FROM papers_fts WHERE papers_fts MATCH :words", "a " * 41),
    ):
        with pytest.raises(CatalogError, match=r"snippet\(\) and|at most 40 words"):
            select(connection, sql, {"words": words}, most=10)
    assert select(connection, sql, {"words": "a"}, most=10).rows == [[0]]
    connection.close()
