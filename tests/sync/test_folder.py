"""Tests of a watched folder, of `catalog add`, and of the archive's limits."""

import datetime as dt
import gzip
import json
import os
import shutil

import pytest
from click.testing import CliRunner

from catalog.database.engine import opened
from catalog.domain.errors import CatalogError
from etl.cli import main
from etl.ingest.inputs import input_of
from etl.sync import response_archive
from etl.sync.adapters import watched_folder
from etl.sync.add_paper import question
from tests.snapshot import rows
from tests.sync.publishers import Answer, hf_list

FOLDER = """
[sources.inbox]
kind = "folder"
path = "{path}"
"""


@pytest.fixture
def watch(sync, inbox, clock):
    def call():
        return sync("inbox", sources=FOLDER.format(path=inbox))["inbox"]

    return call


def put(folder, name, content, clock, age=60):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    when = clock.instant.timestamp() - age
    os.utime(path, (when, when))
    return path


def test_new_and_changed_files_are_loaded_and_others_left(watch, inbox, clock, url):
    day = dt.date(2025, 3, 7)
    file = put(inbox, "2025-03-07.json", hf_list(day, clock.instant), clock)
    put(inbox, "notes.md", "nothing for us", clock)
    told = watch()
    assert told.well
    assert told.documents == 1
    assert any("notes.md" in note for note in told.notes)
    assert watch().documents == 0
    clock.sleep(3600)
    put(inbox, "2025-03-07.json", hf_list(day, clock.instant)[:1], clock)
    assert watch().documents == 1
    assert rows(url, "SELECT name FROM documents") == [(str(file),)]


def test_a_file_that_is_still_being_written_waits(watch, inbox, clock, url):
    put(inbox, "2025-03-07.json", '[{"paper": {"id":', clock, age=2)
    told = watch()
    assert told.well
    assert told.documents == 0
    put(inbox, "2025-03-07.json", hf_list(dt.date(2025, 3, 7), clock.instant), clock, age=2)
    clock.sleep(60)
    assert watch().documents == 1


def test_a_bad_file_is_told_and_the_others_are_loaded(watch, inbox, clock, url):
    put(inbox, "a.json", '[{"paper": {"id": "x"}, "publishedAt": "', clock)
    put(inbox, "b-2025-03-07.json", hf_list(dt.date(2025, 3, 7), clock.instant), clock)
    told = watch()
    assert "a.json" in told.error
    assert told.documents == 1


@pytest.mark.parametrize("content", ["", '[{"paper": {"id": "x"'], ids=["empty", "cut off"])
def test_an_empty_or_early_cut_file_is_told_and_the_others_are_loaded(
    watch, inbox, clock, url, content
):
    put(inbox, "a.json", content, clock)
    put(inbox, "b-2025-03-07.json", hf_list(dt.date(2025, 3, 7), clock.instant), clock)
    told = watch()
    assert "a.json" in told.error
    assert told.documents == 1


def test_a_file_that_may_not_be_read_is_told_and_the_others_are_loaded(
    watch, inbox, clock, url, monkeypatch
):
    day = dt.date(2025, 3, 7)
    for name in ("a.json", "b.json"):
        put(inbox, name, [], clock)
    put(inbox, "c.json", hf_list(day, clock.instant), clock)

    def forbidding(path, *further):
        if path.name < "c":
            raise PermissionError(13, "Permission denied", str(path))
        return input_of(path, *further)

    monkeypatch.setattr(watched_folder, "input_of", forbidding)
    told = watch()
    assert "a.json: Permission denied" in told.error
    assert any("b.json: Permission denied" in warning for warning in told.warnings)
    assert rows(url, "SELECT count(*) > 0 FROM papers") == [(1,)]


def test_a_catalog_inside_its_watched_folder_is_no_document(watch, inbox, clock, migrated):
    shutil.copyfile(migrated, inbox / "catalog.db")
    for name in ("catalog.db.inbox.lock", "catalog.db.inbox.lock.json", "catalog.db-shm"):
        put(inbox, name, "", clock)
    told = watch()
    assert told.well, told.error
    assert told.notes == []


def test_a_compressed_file_is_loaded(watch, inbox, clock, url):
    packed = gzip.compress(json.dumps(hf_list(dt.date(2025, 3, 7), clock.instant)).encode())
    path = put(inbox, "2025-03-07.json.gz", "", clock)
    when = path.stat().st_mtime
    path.write_bytes(packed)
    os.utime(path, (when, when))
    told = watch()
    assert told.well
    assert told.documents == 1


def test_a_missing_folder_is_told_with_a_remedy(watch, inbox):
    inbox.rmdir()
    told = watch()
    assert "no such folder" in told.error
    assert "path" in told.hint


def test_an_empty_folder_is_well(watch):
    assert watch().well


ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id>{}</feed>"""
ENTRY = """<entry><id>http://arxiv.org/abs/2503.00001v1</id><title>An Invented Title</title>
<published>2025-03-01T10:00:00Z</published><updated>2025-03-01T10:00:00Z</updated>
<summary>We reach 91% accuracy on ImageNet-1K.</summary><author><name>Ada</name></author></entry>"""


@pytest.fixture
def added(url, publishers, clock):
    clock.set(dt.datetime.now(dt.UTC))

    def call(*arguments):
        return CliRunner().invoke(
            main, ["--db", url, "add", "--arxiv", f"{publishers.base}/query", *arguments]
        )

    return call


ASKED = "/query?id_list=2503.00001&max_results=1"


def test_one_paper_is_fetched_and_loaded(added, publishers, url):
    publishers.extra[ASKED] = Answer(200, ATOM.format(ENTRY))
    result = added("https://arxiv.org/abs/2503.00001v2")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "Added https://arxiv.org/abs/2503.00001v2.\n"
    assert rows(url, "SELECT key, title FROM papers") == [
        ("2503.00001", "An Invented Title"),
    ]
    assert rows(url, "SELECT source, state FROM received") == [("add", "used")]
    assert "already" in added("2503.00001").stdout


def test_a_paper_that_nobody_knows_is_exit_1(added, publishers, url):
    publishers.extra[ASKED] = Answer(200, ATOM.format(""))
    result = added("2503.00001")
    assert result.exit_code == 1
    assert "does not know this paper" in result.stderr
    assert rows(url, "SELECT count(*) FROM documents") == [(0,)]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("2503.00001", "id_list=2503.00001&"),
        ("arXiv:2503.00001v3", "id_list=2503.00001&"),
        ("https://arxiv.org/pdf/2503.00001v2.pdf", "id_list=2503.00001&"),
        ("https://huggingface.co/papers/2503.00001", "id_list=2503.00001&"),
        ("https://arxiv.org/abs/cs/9901002", "id_list=cs/9901002&"),
        ("10.48550/arXiv.2503.00001", "id_list=2503.00001&"),
        ("https://doi.org/10.1000/xyz123", "works/doi:10.1000/xyz123"),
        ("https://publisher.example/doi/pdf/10.1000/a<b>", "works/doi:10.1000/a%3Cb%3E"),
        ("https://www.alphaxiv.org/overview/2503.00001v2", "id_list=2503.00001&"),
        ("https://openalex.org/w2741809807", "works/W2741809807"),
    ],
)
def test_every_name_of_a_paper_leads_to_who_knows_it(name, asked):
    assert asked in question(name).address


@pytest.mark.parametrize(
    "name", ["", "nothing", "https://example.org/2503.00001", "http://127.0.0.1/x", "file:///etc"]
)
def test_what_names_no_paper_is_refused(name):
    with pytest.raises(CatalogError, match="neither is nor contains an identifier"):
        question(name)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("https://openreview.net/forum?id=rJXMpikCZ", "papers on OpenReview"),
        ("https://paperswithcode.com/paper/a-slug", "its dumps can still be loaded"),
        ("t-0123456789ab", "a key of this catalog"),
        ("2413.14475", "no arXiv identifier"),
    ],
)
def test_what_cannot_be_fetched_says_what_can(name, why):
    with pytest.raises(CatalogError, match=why) as caught:
        question(name)
    assert "https://openalex.org/W2741809807" in str(caught.value)


def receive(connection, document, body, day):
    at = dt.datetime(2025, 3, day, 6, tzinfo=dt.UTC)
    return response_archive.keep(
        connection,
        response_archive.Receipt(
            source="s", address=document, document=document, format="hf-daily", body=body,
            received_at=at,
        ),
    )  # fmt: skip


@pytest.fixture
def stored(url):
    """Three versions of one answer and one of another, in three days."""
    with opened(url) as engine, engine.begin() as connection:
        for day in (1, 2, 3):
            receive(connection, "one", os.urandom(1000) + bytes([day]), day)
        receive(connection, "other", os.urandom(1000), 1)
    return url


def test_the_same_bytes_twice_in_a_row_are_kept_once(url):
    with opened(url) as engine, engine.begin() as connection:
        first = receive(connection, "one", b"same", 1)
        assert receive(connection, "one", b"same", 2) == first
    found = rows(url, "SELECT received_at, confirmed_at FROM received")
    assert [value[:10] for value in found[0]] == ["2025-03-01", "2025-03-02"]


def test_pruning_by_age_leaves_the_latest_of_each(stored):
    command = ["--db", stored, "prune", "--keep-days", "0"]
    dry = CliRunner().invoke(main, [*command, "--dry-run"])
    assert dry.stdout.startswith("Would delete 2 answers")
    assert rows(stored, "SELECT count(*) FROM received") == [(4,)]
    assert CliRunner().invoke(main, command).exit_code == 0
    kept = "SELECT document, substr(CAST(received_at AS TEXT), 1, 10) FROM received ORDER BY 1"
    assert rows(stored, kept) == [("one", "2025-03-03"), ("other", "2025-03-01")]


def test_pruning_by_size_takes_superseded_versions_first(stored):
    with opened(stored) as engine, engine.begin() as connection:
        long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
        done = response_archive.prune(connection, before=long_ago, max_bytes=2500)
    assert done.answers == 2
    kept = "SELECT document, substr(CAST(received_at AS TEXT), 1, 10) FROM received ORDER BY 1"
    assert rows(stored, kept) == [("one", "2025-03-03"), ("other", "2025-03-01")]
    with opened(stored) as engine, engine.begin() as connection:
        assert response_archive.prune(connection, before=long_ago, max_bytes=0).left == 0


def test_a_run_prunes_by_the_configuration(sync, url, clock, at):
    bounds = "[store]\nkeep_days = 2\n"
    hf = '[sources.hf-daily]\nbase = "{base}"\n'
    for day in ("10", "11", "12", "13", "14"):
        at(f"2025-03-{day}")
        sync(sources=bounds + hf)
    versions = "SELECT document, count(*) FROM received GROUP BY 1 HAVING min(confirmed_at) < "
    assert rows(url, versions + "'2025-03-12'  AND count(*) > 1") == []


def test_a_folder_of_nobody_stops_only_its_source(sync, publishers):
    nobody = '[sources.ours]\nkind = "folder"\npath = "~nobodyatall/x"\n'
    told = sync(sources=nobody + '[sources.hf-daily]\nbase = "{base}"\n')
    assert (
        told["ours"].error == "cannot watch ~nobodyatall/x: there is no such user on this machine"
    )
    assert told["hf-daily"].well
