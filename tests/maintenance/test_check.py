"""Tests that `catalog db check` passes a sound catalog and finds each planted fault."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from catalog.database.database_address import sqlite_file
from catalog.database.engine import opened
from etl.cli import main
from tests import postgres_databases
from tests.robust.programs import page

SAMPLE = Path(__file__).parents[2] / "catalog" / "sample"

FAULTS = {
    "a foreign key that leads nowhere": (
        "UPDATE links SET paper_id = 999999 WHERE id = (SELECT min(id) FROM links)",
        "foreign keys refer to existing rows",
    ),
    "a paper without its search row": (
        "INSERT INTO papers_fts (papers_fts, rowid, title, abstract) "
        "SELECT 'delete', id, title, abstract FROM papers LIMIT 1",
        "the search index agrees with the papers",
    ),
    "a search row of another text": (
        "INSERT INTO papers_fts (rowid, title, abstract) VALUES (1, 'other', 'words')",
        "the search index agrees with the papers",
    ),
    "an empty label": ("UPDATE papers SET label = '' WHERE id = 1", "labels are never empty"),
    "has_code without code": (
        "UPDATE papers SET has_code = NOT has_code WHERE id = 1",
        "has_code is right",
    ),
    "has_results without results": (
        "UPDATE papers SET has_results = NOT has_results WHERE id = 1",
        "has_results is right",
    ),
    "results that went, their flag that stayed": (
        "DELETE FROM results WHERE paper_id = (SELECT min(paper_id) FROM results)",
        "has_results is right",
    ),
    "an arxiv_id that no identifier has": (
        "UPDATE papers SET arxiv_id = '9901.00001' WHERE id = 1",
        "arxiv_id agrees with identifiers",
    ),
    "an arXiv identifier that the paper does not show": (
        "INSERT INTO identifiers (paper_id, scheme, value) VALUES (1, 'arxiv', '9901.00001')",
        "arxiv_id agrees with identifiers",
    ),
    "a paper that nothing supplied": (
        "DELETE FROM paper_sources WHERE paper_id = 1",
        "every paper has a record",
    ),
    "a first day that is too late": (
        "UPDATE papers SET first_seen_on = '2031-01-01', year = 2031, month = '2031-01' "
        "WHERE id = 1",
        "first_seen_on is the earliest day",
    ),
    "a first day that is too early": (
        "UPDATE papers SET first_seen_on = '1999-01-01', year = 1999, month = '1999-01' "
        "WHERE id = 1",
        "first_seen_on is the earliest day",
    ),
    "a first day that is missing": (
        "UPDATE papers SET first_seen_on = NULL, year = NULL, month = NULL WHERE id = 1",
        "first_seen_on is the earliest day",
    ),
    "another month": (
        "UPDATE papers SET month = '1999-01' WHERE id = 1",
        "year and month are those of first_seen_on",
    ),
    "no year": (
        "UPDATE papers SET year = NULL WHERE id = 1",
        "year and month are those of first_seen_on",
    ),
    "a document that read less than it holds": (
        "UPDATE documents SET records_done = 1 WHERE id = 1",
        "documents have no more records than were read",
    ),
    "a metric that nothing names": (
        "INSERT INTO metrics (id, name, key, slug) VALUES (9999, 'odd', 'odd', 'odd')",
        "lookup tables hold only rows in use",
    ),
    "a digest that lists nothing": (
        "INSERT INTO digests (id, source, day) VALUES (9999, 'digest-page', '1999-01-01')",
        "lookup tables hold only rows in use",
    ),
    "a number that does not stand there": (
        "UPDATE results SET span_start = span_start + 1, span_end = span_end + 1 "
        "WHERE id = (SELECT min(id) FROM results)",
        "results are found at their offsets in abstracts",
    ),
    "an address that does not stand there": (
        "UPDATE links SET span_start = span_start + 1 "
        "WHERE id = (SELECT min(id) FROM links WHERE span_start IS NOT NULL)",
        "links are found at their offsets in abstracts",
    ),
    "a document that was not loaded to its end": (
        "UPDATE documents SET state = 'loading' WHERE id = 1",
        "every document was loaded completely",
    ),
    "a mark on a paper that has none of its names": (
        "INSERT INTO marks (id, paper_id, label, made_at, changed_at) "
        "VALUES (1, 1, '-', '2025-01-01', '2025-01-01')",
        "marks are on the papers that have their names",
    ),
    "a mark that holds on to nothing": (
        "INSERT INTO marks (id, label, made_at, changed_at) "
        "VALUES (1, '-', '2025-01-01', '2025-01-01')",
        "marks have names",
    ),
    "a record that somebody edited": (
        "UPDATE paper_sources SET record = replace(record, 'e', 'x') WHERE id = 1",
        "records match their hashes",
    ),
    "an abstract that was not read again": (
        "UPDATE papers SET extracted_sha256 = 'x' WHERE id = 1",
        "results come from the current abstract",
    ),
}


SQLITES = {
    "the file is undamaged",
    "foreign keys refer to existing rows",
    "the search index agrees with the papers",
}
"""Checks of what PostgreSQL looks after by itself."""


def loaded(url: str) -> str:
    pages = [str(page) for page in sorted(SAMPLE.glob("*.txt"))]
    result = CliRunner().invoke(main, ["--db", url, "load", *pages])
    assert result.exit_code == 0, result.output
    return url


@pytest.fixture(scope="module")
def sample(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled sample, loaded."""
    file = tmp_path_factory.mktemp("sample") / "catalog.db"
    shutil.copyfile(migrated, file)
    loaded(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="module", params=["sqlite", postgres_databases.POSTGRES])
def another(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Makes a loaded sample of one's own: a copy in a folder, or on the server."""
    if request.param == "postgres":
        template = loaded(postgres_databases.fresh("sample"))
        return lambda _: postgres_databases.copied(template, "planted")
    sample = request.getfixturevalue("sample")
    return lambda folder: f"sqlite:///{shutil.copyfile(sample, folder / 'catalog.db')}"


def check(url: str | Path) -> tuple[int, dict[str, str]]:
    """The exit code, and what each check says."""
    result = CliRunner().invoke(main, ["--db", str(url), "db", "check"])
    lines = [line.partition(" ") for line in result.stdout.splitlines()]
    return result.exit_code, {said.strip(): verdict for verdict, _, said in lines}


def plant(url: str, sql: str) -> None:
    with opened(url, foreign_keys=False) as engine, engine.begin() as connection:
        assert connection.execute(text(sql)).rowcount == 1 or "INSERT" in sql or "DELETE" in sql


def test_sample_is_sound(another: Callable[[Path], str], tmp_path: Path):
    code, verdicts = check(another(tmp_path))
    assert (code, set(verdicts.values())) == (0, {"ok"})


def test_every_check_has_a_fault(sample: Path):
    _, verdicts = check(sample)
    assert set(verdicts) - {name for _, name in FAULTS.values()} == {"the file is undamaged"}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_found(fault: str, another: Callable[[Path], str], tmp_path: Path):
    sql, name = FAULTS[fault]
    url = another(tmp_path)
    if not sqlite_file(url) and name in SQLITES:
        pytest.skip("PostgreSQL looks after that by itself")
    plant(url, sql)
    code, verdicts = check(url)
    assert code == 1
    assert [said for said, verdict in verdicts.items() if verdict == "FAILED"] != []
    assert any(
        verdict == "FAILED" and said.startswith(f"{name}:") for said, verdict in verdicts.items()
    )


def test_damaged_page_is_found(tmp_path: Path, migrated: Path):
    file = Path(shutil.copyfile(migrated, tmp_path / "catalog.db"))
    document = tmp_path / "page.txt"
    document.write_text(page(*(f"Set{i}" for i in range(300))))
    CliRunner().invoke(main, ["--db", str(file), "load", str(document)])
    with closing(sqlite3.connect(file)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'results'"
        ).fetchone()
    with file.open("r+b") as stream:
        stream.seek((root - 1) * size)
        stream.write(b"\xff" * size)
    code, verdicts = check(file)
    assert code == 1
    assert any(
        verdict == "FAILED" and said.startswith("the file is undamaged")
        for said, verdict in verdicts.items()
    )


def test_check_changes_nothing(sample: Path):
    before = sample.read_bytes()
    assert check(sample)[0] == 0
    assert sample.read_bytes() == before
