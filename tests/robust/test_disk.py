"""Tests of unreadable and unwritable files, and of full disks."""

import contextlib
import json
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from catalog.database.engine import opened
from tests.robust.programs import obey_permissions, page, run, told_by
from tests.snapshot import snapshot

OBEDIENT: dict[str, Any] = {"preexec_fn": obey_permissions}


def content(file: Path) -> dict[str, Any]:
    with opened(f"sqlite:///{file}") as engine:
        return dict(snapshot(engine))


@pytest.fixture
def document(folder: Path) -> Path:
    file = folder.parent / "page.txt"
    file.write_text(page("Nets"))
    return file


@pytest.fixture
def many(folder: Path) -> list[Path]:
    """Documents that take some megabytes of a catalog."""
    files = []
    for number in range(4):
        file = folder.parent / f"many-{number}.jsonl"
        with file.open("w") as stream:
            for line in range(300):
                record = {
                    "title": f"An Invented Title, Number {number}-{line}",
                    "abstract": f"Of {number}-{line} we say much, " + "and more, " * 150,
                }
                stream.write(json.dumps(record) + "\n")
        files.append(file)
    return files


def test_file_without_permission_is_named(
    obedient: None, catalog_file: Path, folder: Path, document: Path
):
    document.chmod(0)
    before = content(catalog_file)
    result = run("load", document, folder=folder, code=1, **OBEDIENT)
    assert "why:  Permission denied" in result.stderr
    assert "check the file and its permissions" in result.stderr
    assert content(catalog_file) == before
    assert [path.name for path in folder.iterdir()] == ["catalog.db"]


def test_unreadable_file_in_a_folder_does_not_keep_the_others_out(
    obedient: None, folder: Path, document: Path
):
    inside = folder / "in"
    (inside / "shut").mkdir(parents=True)
    shutil.copy(document, inside / "a.txt")
    shutil.copy(document, inside / "b.txt")
    (inside / "b.txt").chmod(0)
    (inside / "shut").chmod(0)
    result = run("load", "in", folder=folder, code=3, **OBEDIENT)
    (inside / "shut").chmod(0o755)
    assert result.stderr.count("Permission denied") == 2
    assert len(content(folder / "catalog.db")["papers"]) == 1


@pytest.mark.parametrize("parts", [["file"], ["file", "folder"], ["folder"]], ids=" and ".join)
def test_read_only_catalog_is_refused_for_writing_and_read_as_ever(
    parts: list[str], obedient: None, catalog_file: Path, folder: Path, document: Path
):
    run("load", document, folder=folder, code=0)
    (folder / "catalog.db.lock").unlink()
    before = content(catalog_file)
    other = document.with_name("other.txt")
    other.write_text(page("Trees", day="Mar 12"))
    if "file" in parts:
        catalog_file.chmod(0o444)
    if "folder" in parts:
        folder.chmod(0o555)
    try:
        result = run("load", other, folder=folder, code=1, **OBEDIENT)
        assert "permissions" in result.stderr
        read = run("query", "SELECT count(*) AS n FROM papers", "--json", folder=folder, **OBEDIENT)
        assert json.loads(read.stdout) == [{"n": 1}], read.stderr
        target = document.with_name("copy.db")
        run("db", "backup", target, folder=folder, code=0, **OBEDIENT)
    finally:
        folder.chmod(0o755)
        catalog_file.chmod(0o644)
    assert content(catalog_file) == before == content(target)
    assert not (folder / "catalog.db.lock").exists()


def limited(size: int) -> Callable[[], None]:
    """In a child process: no file may grow beyond so many bytes, as on a full disk."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_catalog_that_cannot_grow_keeps_what_it_had(
    catalog_file: Path, folder: Path, document: Path, many: list[Path], migrated: Path
):
    run("load", document, folder=folder, code=0)
    before = content(catalog_file)
    size = catalog_file.stat().st_size + 200_000
    result = run("load", many[0], "--no-extract", folder=folder, code=1, preexec_fn=limited(size))
    assert result.stderr.startswith("Error: cannot use catalog.db")
    assert "free some space" in result.stderr
    assert content(catalog_file) == before
    run("db", "check", folder=folder, code=0)

    run("load", many[0], "--no-extract", folder=folder, code=0)
    whole = Path(shutil.copyfile(migrated, folder / "whole.db"))
    run("--db", whole, "load", document, folder=folder, code=0)
    run("--db", whole, "load", many[0], "--no-extract", folder=folder, code=0)
    assert content(catalog_file) == content(whole)


def test_run_that_is_broken_off_says_what_stays(catalog_file: Path, folder: Path, many: list[Path]):
    run("load", many[0], "--no-extract", folder=folder, code=0)
    with closing(sqlite3.connect(catalog_file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = int(catalog_file.stat().st_size * 2.2)
    result = run("load", *many, "--no-extract", folder=folder, code=3, preexec_fn=limited(size))
    assert "documents were loaded before, and stay" in result.stderr
    assert 300 < len(content(catalog_file)["papers"]) < 1200
    run("load", *many, "--no-extract", folder=folder, code=0)
    assert len(content(catalog_file)["papers"]) == 1200
    run("db", "check", folder=folder, code=0)


def test_new_catalog_without_room_leaves_no_file(folder: Path, document: Path):
    result = run("load", document, folder=folder, code=1, preexec_fn=limited(20_000))
    assert "Error: cannot " in result.stderr
    assert list(folder.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 3 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no program mount")
    if done.returncode:
        pytest.skip("this user may not mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def test_full_disk_breaks_a_load_off_and_room_lets_it_go_on(
    small_disk: Path, folder: Path, document: Path, many: list[Path]
):
    file = small_disk / "catalog.db"
    run("--db", file, "load", document, folder=folder, code=0)
    before = content(file)
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as stream:
        for _ in range(10_000):
            stream.write(b"x" * 4096)
    result = run("--db", file, "load", many[0], "--no-extract", folder=folder, code=1)
    assert "full" in result.stderr or "No space" in result.stderr, result.stderr
    assert run("--db", file, "db", "backup", folder=folder, code=1).stderr.count("are free") == 1
    filler.unlink()
    assert content(file) == before
    run("--db", file, "load", many[0], "--no-extract", folder=folder, code=0)
    assert len(content(file)["papers"]) == 301
    run("--db", file, "db", "check", folder=folder, code=0)


def test_no_command_loses_anything_on_a_full_disk(tmp_path: Path):
    """Two of them; `python -m tests.robust.full_disks FOLDER` tries every one that writes."""
    told = told_by("tests.robust.full_disks", tmp_path, "copy", "forget")
    assert [found["wrong"] for found in told] == [[]] * 2
    assert all(found["failed"] for found in told)
