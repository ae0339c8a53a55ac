"""Tests of documents that move: told of, followed, listed, relocated and forgotten by folder."""

import json
import shutil

import pytest

from tests.cli.pages import LISTING, PAGE, count

CHANGED = PAGE.replace("91.5%", "92.5%")


@pytest.fixture
def folder(catalog, tmp_path):
    """Two documents of a folder, loaded."""
    made = tmp_path / "old"
    made.mkdir()
    (made / "page.txt").write_text(PAGE)
    (made / "listing.txt").write_text(LISTING)
    catalog("load", "old")
    return made


def documents(catalog, *options):
    return json.loads(catalog("documents", "--json", *options).stdout)


def test_a_folder_that_moved_is_followed_and_a_later_change_replaces(catalog, folder, tmp_path):
    shutil.move(folder, tmp_path / "new")
    result = catalog("load", "new")
    assert f"new/page.txt: moved here from {folder}/page.txt" in result.stderr
    assert "0 documents, 2 skipped" in result.stdout
    assert {one["document"] for one in documents(catalog)} == {
        str(tmp_path / "new" / name) for name in ("listing.txt", "page.txt")
    }
    (tmp_path / "new" / "page.txt").write_text(CHANGED)
    catalog("load", "new")
    assert count(catalog, "SELECT count(*) AS n FROM results WHERE text = '91.5%'") == 1  # listing
    assert count(catalog, "SELECT count(*) AS n FROM results WHERE text = '92.5%'") == 1
    assert count(catalog, "SELECT count(*) AS n FROM documents") == 2


def test_many_moves_are_told_in_one_line(catalog, tmp_path):
    made = tmp_path / "old"
    made.mkdir()
    for number in range(12):
        (made / f"{number:02}.jsonl").write_text(json.dumps({"title": f"Quills, Part {number}"}))
    catalog("load", "old", "--format", "catalog-jsonl")
    shutil.move(made, tmp_path / "new")
    told = catalog("load", "new", "--format", "catalog-jsonl").stderr
    assert f"12 documents moved, first {made}/00.jsonl to {tmp_path}/new/00.jsonl" in told


def test_what_is_still_at_its_old_path_is_a_copy(catalog, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "new")
    assert catalog("load", "new").stderr.count("the same bytes as") == 2
    states = {one["document"]: one["state"] for one in documents(catalog, "new/")}
    assert states[f"{tmp_path}/new/page.txt"] == f"copy of {folder}/page.txt"


def test_a_copy_that_moves_stays_a_copy(catalog, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "new")
    catalog("load", "new")
    shutil.move(tmp_path / "new", tmp_path / "newer")
    assert "moved here from" in catalog("load", "newer").stderr
    assert count(catalog, "SELECT count(*) AS n FROM documents WHERE state = 'copy'") == 2
    assert documents(catalog, "--gone") == []


def test_a_day_that_the_name_states_is_no_move(catalog, tmp_path):
    paper = {"id": "2503.00001", "title": "A Title", "summary": "Short.", "authors": []}
    first = tmp_path / "2025-03-11.json"
    first.write_text(json.dumps([{"paper": paper, "title": "A Title", "publishedAt": "x"}]))
    catalog("load", first.name)
    first.rename(tmp_path / "2025-03-12.json")
    assert "moved" not in catalog("load", "2025-03-12.json").stderr
    assert count(catalog, "SELECT count(*) AS n FROM digests") == 2


def test_documents_are_listed_with_their_state(catalog, folder):
    (folder / "listing.txt").unlink()
    (page,) = documents(catalog, "page")
    assert page["document"] == str(folder / "page.txt")
    assert (page["state"], page["records"], page["problems"]) == ("loaded", 2, 0)
    assert (page["format"], page["day"][5:]) == ("digest-page", "03-11")
    (gone,) = documents(catalog, "--gone")
    assert (gone["document"], gone["state"]) == (str(folder / "listing.txt"), "loaded, gone")
    assert "no document whose name holds 'nowhere'" in catalog("documents", "nowhere").stderr
    assert "1 more document" in catalog("documents", "--limit", "1").stderr


def test_relocate_a_folder_whose_files_changed_on_the_way(catalog, folder, tmp_path):
    shutil.move(folder, tmp_path / "new")
    (tmp_path / "new" / "page.txt").write_text(CHANGED)
    assert "Would relocate 2 documents" in catalog("relocate", "old", "new", "--dry-run").stdout
    assert len(documents(catalog, "--gone")) == 2
    told = json.loads(catalog("relocate", "old", "new", "--json").stdout)
    assert told["relocated"][f"{folder}/page.txt"] == f"{tmp_path}/new/page.txt"
    assert documents(catalog, "--gone") == []
    assert "replaced as digest-page" in catalog("load", "new").stderr
    catalog("db", "check")


def test_relocate_takes_the_name_of_a_copy_and_of_nothing_else(catalog, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "new")
    catalog("load", "new")
    catalog("relocate", "old", "new")
    assert count(catalog, "SELECT count(*) AS n FROM documents") == 2
    (tmp_path / "other.txt").write_text(CHANGED)
    catalog("load", "other.txt")
    said = catalog("relocate", "new/page.txt", "other.txt", code=1).stderr
    assert "other documents at" in said
    assert "there is no document at" in catalog("relocate", "nowhere", "new", code=1).stderr


def test_forget_a_folder(catalog, folder, tmp_path):
    (tmp_path / "old-but-other.txt").write_text(PAGE)
    catalog("load", "old-but-other.txt")
    dry = catalog("forget", "old", "--dry-run").stdout
    assert dry.count("Would forget") == 2
    assert len(documents(catalog)) == 3
    told = json.loads(catalog("forget", "old/", "--json").stdout)
    assert [one["document"] for one in told["documents_forgotten"]] == [
        f"{folder}/listing.txt", f"{folder}/page.txt",
    ]  # fmt: skip
    (left,) = documents(catalog)
    assert (left["document"], left["state"]) == (f"{tmp_path}/old-but-other.txt", "loaded")
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 2
    catalog("db", "check")


def test_a_copy_is_forgotten_by_itself(catalog, folder, tmp_path):
    (tmp_path / "copy.txt").write_text(PAGE)
    catalog("load", "copy.txt")
    assert "Done: 0 papers removed, 0 changed" in catalog("forget", "copy.txt").stdout
    assert len(documents(catalog)) == 2


def listed(*numbers):
    lines = (json.dumps({"title": f"Quills, Part {number}"}) for number in numbers)
    return "\n".join(lines) + "\n"


def test_an_emptied_or_shrunken_file_replaces_nothing_without_accept(catalog, tmp_path):
    file = tmp_path / "2025-03-11.jsonl"
    options = (file.name, "--format", "catalog-jsonl")
    file.write_text(listed(*range(12)))
    catalog("load", *options)
    file.write_text(listed(1, 2))
    refused = catalog("load", *options, code=1).stderr
    assert "it held 12 records before and 2 now: the old version was kept" in refused
    assert "--accept" in refused
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 12
    file.write_text(listed(*range(7)))
    assert "papers +0 ~0 -5" in catalog("load", *options).stdout
    file.write_text(listed(1, 2))
    assert "papers +0 ~0 -5" in catalog("load", *options, "--accept").stdout


def test_a_list_that_became_empty_takes_no_papers_away(catalog, tmp_path):
    paper = {"id": "2503.00001", "title": "A Title", "summary": "Short.", "authors": []}
    file = tmp_path / "2025-03-11.json"
    file.write_text(json.dumps([{"paper": paper, "title": "A Title", "publishedAt": "2025-03-09"}]))
    catalog("load", file.name)
    file.write_text("[]")
    assert "1 record before and none now" in catalog("load", file.name, code=1).stderr
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 1
    catalog("load", file.name, "--accept")
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 0
