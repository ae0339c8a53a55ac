"""Tests of the names of one database: paths, symbolic and hard links, `file:` addresses."""

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog.database.database_address import parse_url
from catalog.database.locks import locked
from catalog.domain.errors import CatalogError, LockedError
from etl.cli import main
from tests.robust.programs import page


def call(name: str, *words: str) -> Result:
    return CliRunner().invoke(
        main, ["--db", name, *(word.format(name=name) for word in words)], catch_exceptions=False
    )


@pytest.fixture
def file(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog of one paper in the working folder."""
    monkeypatch.chdir(tmp_path)
    Path("page.txt").write_text(page("Nets"))
    file = Path(shutil.copyfile(migrated, tmp_path / "my catalog.db"))
    assert call(str(file), "load", "page.txt").exit_code == 0
    return file


NAMES = [
    "my catalog.db",
    "./my catalog.db",
    "sqlite:///my catalog.db",
    "sqlite:///{folder}/my catalog.db",
    "file:my catalog.db",
    "file:my%20catalog.db",
    "file:{folder}/my%20catalog.db?uri=true",
    "file://{folder}/my%20catalog.db",
    "file://localhost{folder}/my%20catalog.db",
    "sqlite:///file:my catalog.db?uri=true",
    "sqlite:///file:{folder}/my%20catalog.db?uri=true",
    "sqlite:///file://{folder}/my%20catalog.db?uri=true",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_a_file_has_the_lock_of_the_file(name: str, file: Path):
    with (
        locked(f"sqlite:///{file}", "load", wait=0),
        pytest.raises(LockedError),
        locked(name.format(folder=file.parent), "load", wait=0),
    ):
        pass


PAPER = "An Invented Paper about Nets"

COMMANDS = [
    ["status"],
    ["load", "page.txt"],
    ["reextract"],
    ["query", "SELECT count(*) FROM papers"],
    ["search", "Nets"],
    ["show", PAPER],
    ["mark", PAPER, "--star"],
    ["mark", "--list"],
    ["datasets"],
    ["corrections", "list"],
    ["sync", "--print-schedule", "cron"],
    ["serve", "--write-config", "site"],
    ["copy", "{name}", "other.db"],
    ["db", "current"],
    ["db", "check"],
    ["db", "upgrade"],
    ["db", "backup", "saved.db"],
    ["forget", "page.txt"],
]


@pytest.mark.parametrize("name", ["sqlite:///file:my catalog.db?uri=true", "file:my%20catalog.db"])
def test_every_command_works_on_a_file_address(name: str, file: Path):
    before = {path.name for path in file.parent.iterdir()}
    for words in COMMANDS:
        result = call(name, *words)
        assert result.exit_code == 0, (words, result.output)
    assert call(name, "db", "restore", "saved.db").exit_code == 0
    made = {path.name for path in file.parent.iterdir()} - before
    assert not [path for path in made if path.startswith(("file", "my%20"))]


@pytest.mark.parametrize(
    "name",
    [
        "file:my%20catalog.db?mode=ro",
        "sqlite:///file:my catalog.db?mode=memory&uri=true",
        "sqlite:///my catalog.db?timeout=5",
    ],
)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_refuses_an_address_with_options(name: str, words: list[str], file: Path):
    result = call(name, *words)
    assert result.exit_code == 1
    assert "leave the options out" in result.stderr


def test_a_file_on_another_machine_is_no_path():
    with pytest.raises(CatalogError, match="another machine"):
        parse_url("file://elsewhere/catalog.db")


@pytest.mark.parametrize(
    "words", [["load", "page.txt"], ["mark", PAPER, "--star"], ["db", "restore", "saved.db"]]
)
def test_a_file_with_two_names_is_not_written(words: list[str], file: Path):
    assert call(str(file), "db", "backup", "saved.db").exit_code == 0
    os.link(file, "other.db")
    before = file.read_bytes()
    for name in ("other.db", str(file)):
        result = call(name, *words)
        assert result.exit_code == 1
        assert "hard links" in result.stderr
    assert file.read_bytes() == before
    assert call("other.db", "status").exit_code in {0, 1}
    Path("other.db").unlink()
    assert call(str(file), *words).exit_code == 0


def test_the_scheme_postgres_is_answered_with_the_one_to_write() -> None:
    told = call("postgres://me:secret@host/papers", "status").stderr
    assert "write postgresql+psycopg:// in place of postgres://;" in told
    assert "secret" not in told
