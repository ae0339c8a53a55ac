"""`catalog db check`: a sound catalog passes, and each planted fault is found by its check."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from etl.cli import main
from tests.robust.programs import page

SAMPLE = Path(__file__).parents[1] / "catalog" / "sample"

FAULTS = {
    "a foreign key that leads nowhere": (
        "UPDATE links SET paper_id = 999999 WHERE id = (SELECT min(id) FROM links)",
        "foreign keys lead somewhere",
    ),
    "a paper without its search row": (
        "INSERT INTO papers_fts (papers_fts, rowid, title, abstract) "
        "SELECT 'delete', id, title, abstract FROM papers LIMIT 1",
        "search agrees with the papers",
    ),
    "a search row of another text": (
        "INSERT INTO papers_fts (rowid, title, abstract) VALUES (1, 'other', 'words')",
        "search agrees with the papers",
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
        "every paper has a source",
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
        "documents hold no more than was read",
    ),
    "a metric that nothing names": (
        "INSERT INTO metrics (name, key, slug) VALUES ('odd', 'odd', 'odd')",
        "all that is named is in use",
    ),
    "a digest that lists nothing": (
        "INSERT INTO digests (source, day) VALUES ('digest-page', '1999-01-01')",
        "all that is named is in use",
    ),
    "a number that does not stand there": (
        "UPDATE results SET span_start = span_start + 1, span_end = span_end + 1 "
        "WHERE id = (SELECT min(id) FROM results)",
        "evidence stands where results say",
    ),
    "an address that does not stand there": (
        "UPDATE links SET span_start = span_start + 1 "
        "WHERE id = (SELECT min(id) FROM links WHERE span_start IS NOT NULL)",
        "links stand where they say",
    ),
    "a document that was not loaded to its end": (
        "UPDATE documents SET state = 'loading' WHERE id = 1",
        "every document was loaded to its end",
    ),
    "a record that somebody edited": (
        "UPDATE paper_sources SET record = replace(record, 'e', 'x') WHERE id = 1",
        "records are as they were supplied",
    ),
    "an abstract that was not read again": (
        "UPDATE papers SET extracted_sha256 = 'x' WHERE id = 1",
        "results are read from the abstract that is there",
    ),
}


@pytest.fixture(scope="module")
def sample(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled sample, loaded."""
    file = tmp_path_factory.mktemp("sample") / "catalog.db"
    shutil.copyfile(migrated, file)
    pages = [str(page) for page in sorted(SAMPLE.glob("*.txt"))]
    loaded = CliRunner().invoke(main, ["--db", str(file), "load", *pages])
    assert loaded.exit_code == 0, loaded.output
    return file


def check(file: Path) -> tuple[int, dict[str, str]]:
    """The exit code, and what each check says."""
    result = CliRunner().invoke(main, ["--db", str(file), "db", "check"])
    lines = [line.partition(" ") for line in result.stdout.splitlines()]
    return result.exit_code, {said.strip(): verdict for verdict, _, said in lines}


def plant(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        assert connection.execute(sql).rowcount == 1 or "INSERT" in sql or "DELETE" in sql


def test_sample_is_sound(sample: Path):
    code, verdicts = check(sample)
    assert (code, set(verdicts.values())) == (0, {"ok"})


def test_every_check_has_a_fault(sample: Path):
    _, verdicts = check(sample)
    assert set(verdicts) - {name for _, name in FAULTS.values()} == {"the file is sound"}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_found(fault: str, sample: Path, tmp_path: Path):
    sql, name = FAULTS[fault]
    file = Path(shutil.copyfile(sample, tmp_path / "catalog.db"))
    plant(file, sql)
    code, verdicts = check(file)
    assert code == 1
    assert [said for said, verdict in verdicts.items() if verdict == "TROUBLE"] != []
    assert any(
        verdict == "TROUBLE" and said.startswith(f"{name}:") for said, verdict in verdicts.items()
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
        verdict == "TROUBLE" and said.startswith("the file is sound")
        for said, verdict in verdicts.items()
    )


def test_check_changes_nothing(sample: Path):
    before = sample.read_bytes()
    assert check(sample)[0] == 0
    assert sample.read_bytes() == before
