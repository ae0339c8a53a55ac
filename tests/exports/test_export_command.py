"""Tests of the command `catalog export`: names, messages, and that files are whole or not there."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pytest

from catalog.domain.errors import CatalogError
from catalog.exports import FORMATS
from catalog.exports.contract import Papers
from catalog.exports.destination import whole_file, whole_folder
from catalog.plugins import ExportFormat, exports
from tests.exports.conftest import Run


def test_without_a_format_they_are_listed(sampled: str, run: Run) -> None:
    told = run(sampled, "export").stdout
    for form in FORMATS:
        assert f"{form.name} " in told
        assert form.title in told


def test_papers_of_a_search_are_written_in_the_order_of_their_keys(
    sampled: str, run: Run, tmp_path: Path
) -> None:
    everything = run(sampled, "export", "csl-json").stdout
    some = run(sampled, "export", "csl-json", "--where", "code:yes").stdout
    keys = [item["id"] for item in json.loads(everything)]
    found = [item["id"] for item in json.loads(some)]
    assert 0 < len(found) < len(keys)
    assert found == [key for key in keys if key in set(found)]
    told = run(sampled, "export", "csl-json", tmp_path / "some.json", "--where", "code:yes")
    assert told.stderr == f"Wrote {len(found)} papers to {tmp_path / 'some.json'}.\n"


def test_what_a_search_does_not_find_makes_an_empty_file(sampled: str, run: Run) -> None:
    told = run(sampled, "export", "csl-json", "--where", "xyzzyx")
    assert json.loads(told.stdout) == []
    assert run(sampled, "export", "bibtex", "--where", "xyzzyx").stdout == ""


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["csv"], 2, "name a folder to write to, or one --table"),
        (["csv", "papers.csv"], 2, "papers.csv is a file: name one --table for it"),
        (["bibtex", ".", "--where", "code:yes"], 2, ". is a folder: name a file"),
        (["bibtex", "--table", "papers"], 2, "--table is for csv, jsonl and parquet"),
        (["bibtex", "--where", "year:soon"], 2, "year: takes a year"),
        (["bibtext"], 2, "'bibtext' is none of csv, "),
        (["csv", "--table", "paper"], 1, "there is no table or view of this name"),
        (["bibtex", "no/such/folder/refs.bib"], 1, "there is no folder"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    words: list[str], code: int, says: str, sqlite_url: str, run: Run,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    told = run(sqlite_url, "export", *words, codes=(code,))
    assert says in told.stderr
    assert told.stdout == ""
    assert {file.name.split(".")[0] for file in tmp_path.iterdir()} == {"catalog"}


def test_the_catalog_itself_is_not_overwritten(sqlite_url: str, run: Run, tmp_path: Path) -> None:
    before = (tmp_path / "catalog.db").read_bytes()
    told = run(sqlite_url, "export", "bibtex", tmp_path / "catalog.db", codes=(1,))
    assert "it is an SQLite database, maybe your catalog" in told.stderr
    assert (tmp_path / "catalog.db").read_bytes() == before


def test_a_folder_with_other_files_is_left_alone(sqlite_url: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    told = run(sqlite_url, "export", "csv", tmp_path / "mine", codes=(1,))
    assert "it is a folder with other files" in told.stderr
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_an_earlier_export_is_replaced_as_a_whole(
    sqlite_url: str, run: Run, tmp_path: Path
) -> None:
    run(sqlite_url, "export", "csv", tmp_path / "out")
    run(sqlite_url, "export", "jsonl", tmp_path / "out", "--table", "papers")
    files = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert files == ["datapackage.json", "papers.jsonl"]
    assert sorted(file.name for file in tmp_path.iterdir() if "catalog" not in file.name) == ["out"]


def test_a_failed_export_leaves_what_was_there(
    sampled: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(papers: Papers, stream: BinaryIO) -> int:
        stream.write(b"half of it")
        raise OSError(28, "No space left on device")

    broken = ExportFormat("broken", "Fails", ".txt", full)
    monkeypatch.setattr(
        "catalog.commands.export_command.exports", lambda: {**exports(), "broken": broken}
    )
    file = tmp_path / "papers.txt"
    file.write_text("as it was")
    told = run(sampled, "export", "broken", file, codes=(1,))
    assert "No space left on device" in told.stderr
    assert file.read_text() == "as it was"
    assert [one.name for one in tmp_path.iterdir() if "papers" in one.name] == ["papers.txt"]


def test_an_interrupted_file_is_not_there(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), whole_file(tmp_path / "a.txt") as stream:
        stream.write(b"half of it")
        raise KeyboardInterrupt
    with suppress(KeyboardInterrupt), whole_folder(tmp_path / "b") as folder:
        (folder / "half").touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_export_left_is_removed_by_the_next(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    (tmp_path / f".a.txt.{ended.pid}.partial").touch()
    (tmp_path / f".b.{ended.pid}.partial").mkdir()
    (tmp_path / f".a.txt.{os.getppid()}.partial").touch()  # of another that goes on
    with whole_file(tmp_path / "a.txt") as stream:
        stream.write(b"all of it")
    with whole_folder(tmp_path / "b"):
        pass
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {"a.txt", "b", f".a.txt.{os.getppid()}.partial"}


def test_a_folder_is_not_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(CatalogError, match="it is a file, not a folder"), \
            whole_folder(tmp_path / "a"):  # fmt: skip
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_pipe_is_written_to_directly(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with whole_file(tmp_path / "pipe") as stream:
        stream.write(b"all of it")
    assert os.read(reader, 100) == b"all of it"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_parquet_without_its_library_tells_how_to_add_it(
    sqlite_url: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    told = run(sqlite_url, "export", "parquet", tmp_path / "out", codes=(1,))
    assert "pyarrow is not installed" in told.stderr
    assert "[parquet]" in told.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [("bibtex", "refs.bib"), ("csv", "tables")])
def test_a_missing_folder_is_named(
    sampled: str, run: Run, tmp_path: Path, words: tuple[str, str]
) -> None:
    target = tmp_path / "none" / words[1]
    told = run(sampled, "export", words[0], target, codes=(1,)).stderr
    assert f"cannot write to {target}" in told
    assert f"there is no folder {target.parent}\n" in told
