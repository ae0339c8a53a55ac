"""Test what is loaded from a folder, and what is told of the rest."""

import json
import os

import pytest

from tests.cli.pages import PAGE, count


def test_a_folder_is_loaded_and_what_is_unknown_in_it_is_listed(catalog, page, tmp_path):
    (tmp_path / "data").mkdir()
    page.rename(tmp_path / "data" / "page.txt")
    (tmp_path / "data" / "notes.md").write_text("nothing of interest")
    result = catalog("load", "data")
    assert "notes.md: skipped" in result.stderr
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 2


def test_a_folder_without_documents_does_not_keep_the_others_out(catalog, page, tmp_path):
    for name in ("good", "notes", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "good" / "page.txt").write_text(PAGE)
    (tmp_path / "notes" / "notes.bin").write_text("nothing of ours")
    (tmp_path / "good" / "cut.jsonl").write_text("")
    result = catalog("load", "good", "notes", "empty", code=3)
    assert "papers +2" in result.stdout
    left = result.stdout.split("Left out: ")[1]
    assert all(name in left for name in ("cut.jsonl", "notes", "empty"))
    told = json.loads(catalog("load", "good", "notes", "--json", code=3).stdout)
    assert any("notes" in name for name in told["unreadable"])
    assert "no file in a known format" in catalog("load", "notes", "empty", code=1).stderr


def test_the_catalog_and_its_files_are_no_documents_of_their_folder(local, page, tmp_path):
    local("load", ".")
    for name in ("catalog.db-wal", "catalog.db.hf-daily.lock"):
        (tmp_path / name).touch()
    (tmp_path / "other.lock").write_text("of something else")
    again = local("load", ".")
    assert "other.lock: skipped" in again.stderr
    assert "0 documents, 1 skipped" in again.stdout
    assert "catalog.db" not in again.stderr
    assert "Left out" not in again.stdout


def test_links_and_pipes_in_a_folder_are_told_of(catalog, page, tmp_path):
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "page.txt").write_text(PAGE)
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "elsewhere").mkdir()
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "pipe")
    result = catalog("load", "mixed", code=3)
    assert "papers +2" in result.stdout
    assert "Left out: mixed/gone.txt" in result.stdout
    assert "mixed/linked: skipped: it is a link to a folder" in result.stderr
    assert "mixed/pipe: skipped: it is neither a file nor a folder" in result.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read every file")
def test_what_may_not_be_read_does_not_keep_the_others_out(catalog, page, tmp_path):
    folder = tmp_path / "mixed"
    (folder / "locked").mkdir(parents=True)
    (folder / "page.txt").write_text(PAGE)
    (folder / "mine.txt").write_text(PAGE)
    (folder / "mine.txt").chmod(0)
    (folder / "locked").chmod(0)
    result = catalog("load", "mixed", code=3)
    (folder / "locked").chmod(0o700)
    assert "papers +2" in result.stdout
    assert "Left out: mixed/locked, mixed/mine.txt" in result.stdout


def test_many_files_of_no_known_format_are_told_together(catalog, page, tmp_path):
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "page.txt").write_text(PAGE)
    for number in range(20):
        (folder / f"note-{number:02}.txt").write_text("nothing of ours")
    assert "20 files skipped: its format is not known: mixed/note-00.txt" in (
        catalog("load", "mixed").stderr
    )
    assert catalog("load", "mixed", "-v").stderr.count("its format is not known") == 20
