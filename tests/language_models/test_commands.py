"""Test commands that read abstracts with a language model, and what they keep in the catalog."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from etl.ingest.readings import KeptReadings
from tests.language_models.conftest import ALL, KEY, written
from tests.language_models.model_server import Served, answer
from tests.waiting import PATIENCE, wait_until

USED = 'contact = "ada@example.org"\n[reader]\nname = "llm:local"\nway = "all"\nmax_requests = 50\n'
READINGS = "SELECT model, answer, problem, attempts, input_tokens FROM readings ORDER BY id"
METRICS = """SELECT m.name FROM results r JOIN metrics m ON m.id = r.metric_id
              WHERE r.origin = 'abstract' ORDER BY r.paper_id, r.span_start"""


@pytest.mark.usefixtures("asks_about_all")
def test_load_reads_with_the_model_and_keeps_its_answers(server, catalog, query, papers):
    told = catalog("load", str(papers), "--reader", "llm:local")
    assert query(METRICS) == [("accuracy",)] * 5
    assert [row[0] for row in query(READINGS)] == ["local"] * 3
    assert {row[4] for row in query(READINGS)} == {1000}
    assert "3 requests, 3 answers, 3,000 tokens sent, 150 received" in told.stderr
    (version,) = {row[0] for row in query("SELECT extractor_version FROM papers")}
    assert version.startswith("llm:local all-")


@pytest.mark.usefixtures("asks_about_all")
def test_a_second_reading_asks_nobody(server, catalog, query, papers):
    catalog("load", str(papers), "--reader", "llm:local")
    catalog("reextract", "--reader", "llm:local")
    catalog("reextract", "--reader", "llm:local", "--all")
    catalog("load", str(papers), "--reader", "llm:local", "--again")
    catalog("reextract")
    assert "language model" not in {row[0] for row in query("SELECT rule FROM results")}
    catalog("reextract", "--reader", "llm:local", "--offline")
    assert query(METRICS) == [("accuracy",)] * 5
    assert len(server.asked) == 3


@pytest.mark.usefixtures("asks_about_all")
def test_reextract_asks_only_what_is_new(server, catalog, query, tmp_path, papers):
    catalog("load", str(papers), "--reader", "llm:local")
    catalog("load", str(written(tmp_path / "more.jsonl", ["A fourth one: 6.5 in the end."], 4)))
    server.asked.clear()
    catalog("reextract", "--reader", "llm:local")
    assert ["A fourth one" in message for message in server.messages] == [True]


@pytest.mark.usefixtures("asks_about_all")
def test_what_was_not_asked_is_asked_later(server, catalog, query, papers):
    told = catalog("load", str(papers), "--reader", "llm:local", "--max-requests", "2")
    assert "the limit of 2 requests is reached" in told.stderr
    assert "catalog reextract --reader llm:local" in told.stderr
    assert len({row[0] for row in query("SELECT extractor_version FROM papers")}) == 2
    catalog("reextract", "--reader", "llm:local")
    assert len(server.asked) == 3
    assert query(METRICS) == [("accuracy",)] * 5


@pytest.mark.usefixtures("asks_about_all")
def test_a_dry_run_asks_nobody(server, catalog, papers):
    catalog("load", str(papers), "--reader", "llm:local", "--dry-run")
    assert not server.asked


@pytest.mark.usefixtures("asks_about_all")
def test_an_answer_of_no_use_is_a_problem_until_the_paper_is_read(server, catalog, query, papers):
    server.script = lambda message: Served(
        text="I cannot do this." if "Nibs" in message else answer(message)
    )
    told = catalog("load", str(papers), "--reader", "llm:local", code=3)
    assert "the built-in reading stands" in told.stderr
    assert len(server.asked) == 4
    open_ = "SELECT why FROM problems WHERE closed_run_id IS NULL"
    ((why,),) = query(open_)
    assert "refusal" in why
    assert "local" in why
    assert [row[3] for row in query(READINGS)] == [1, 1, 2]
    catalog("load", str(papers), "--reader", "llm:local", "--again")
    catalog("reextract", "--all", "--reader", "llm:local", code=3)
    assert len(query(open_)) == 1
    assert len(server.asked) == 4
    catalog("reextract")
    assert not query(open_)


@pytest.mark.usefixtures("asks_about_all")
def test_disagreements_are_kept_and_go_with_the_reading(server, catalog, query, papers):
    server.script = lambda message: Served(text=answer(message, metric="F1", dataset="LVIS")
                                           if "LVIS" in message else answer(message))  # fmt: skip
    catalog("load", str(papers), "--reader", "llm:local")
    fields = query("SELECT DISTINCT field FROM disagreements")
    assert fields
    told = catalog("show", "2503.00002")
    assert "llm:local read differently" in told.stdout
    catalog("reextract")
    assert not query("SELECT 1 FROM disagreements")


def test_the_configured_reader_is_used_by_all(server, catalog, query, tmp_path, papers):
    (tmp_path / "catalog.toml").write_text(USED)
    catalog("load", str(papers))
    assert len(server.asked) == 3
    told = catalog("extract", "-", stdin="It is 5.5 in the end.")
    assert "accuracy" in told.stdout
    catalog("extract", "-", "--explain", stdin="It is 5.5 in the end.")
    assert len(server.asked) == 4
    catalog("reextract", "--reader", "builtin")
    assert len(server.asked) == 4


def test_settings_are_checked(catalog, tmp_path, papers):
    (tmp_path / "catalog.toml").write_text('[reader]\nway = "some"\n')
    told = catalog("load", str(papers), code=1)
    assert "[reader]" in told.stderr
    assert "some" in told.stderr


def test_a_missing_key_changes_nothing(server, catalog, papers, tmp_path):
    told = catalog("load", str(papers), "--reader", "llm:unstored", code=1)
    assert "llm keys set unstored" in told.stderr
    assert not (tmp_path / "catalog.db").exists()


@pytest.mark.usefixtures("asks_about_all")
def test_extract_keeps_answers_in_the_catalog_where_there_is_one(server, catalog, query, papers):
    catalog("load", str(papers))
    line = json.dumps({"id": "x", "abstract": "It is 5.5 in the end."})
    for _ in range(2):
        told = catalog("extract", "-", "--jsonl", "--reader", "llm:local", stdin=line + "\n")
        assert json.loads(told.stdout)["metrics"][0]["metric"] == "accuracy"
    assert len(server.asked) == 1
    assert len(query(READINGS)) == 1


@pytest.mark.usefixtures("asks_about_all")
def test_extract_without_a_catalog_makes_none(server, catalog, tmp_path):
    catalog("extract", "-", "--reader", "llm:local", stdin="It is 5.5 in the end.")
    told = catalog("extract", "-", "--reader", "llm:local", "--estimate", stdin="It is 5.5.")
    assert "1 number in 1 request" in told.stdout
    assert len(server.asked) == 1
    assert not (tmp_path / "catalog.db").exists()


@pytest.mark.usefixtures("asks_about_all")
def test_the_key_is_nowhere(server, catalog, tmp_path, papers):
    server.script = lambda _message: Served(
        status=401, body=json.dumps({"error": {"message": f"bad key {KEY}"}})
    )
    catalog("load", str(papers), "--reader", "llm:local", "-v")
    server.script = lambda message: Served(text=answer(message))
    catalog("reextract", "--reader", "llm:local")
    for file in tmp_path.glob("catalog.db*"):
        assert KEY.encode() not in file.read_bytes()


@pytest.mark.usefixtures("asks_about_all")
def test_an_interrupted_first_load_keeps_what_it_paid_for(
    server, catalog, query, papers, monkeypatch
):
    keep, count = KeptReadings.keep, []

    def interrupted(self, answers):
        keep(self, answers)
        count.append(1)
        if len(count) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(KeptReadings, "keep", interrupted)
    catalog("load", str(papers), "--reader", "llm:local", code=130)
    kept = len(query(READINGS))
    assert kept >= 2
    assert query("SELECT count(*) FROM papers") == [(0,)]
    server.asked.clear()
    catalog("load", str(papers), "--reader", "llm:local")
    assert len(server.asked) == 3 - kept


@pytest.mark.usefixtures("asks_about_all")
def test_odd_signs_in_an_answer_cost_no_paper(server, catalog, query, papers):
    server.script = lambda message: Served(text=answer(message, metric="F1\0") + "\ud800")
    catalog("load", str(papers), "--reader", "llm:local", code=3)
    assert query("SELECT count(*) FROM papers") == [(3,)]
    assert all("\ufffd" in row[1] or "?" in row[1] for row in query(READINGS))


@pytest.mark.usefixtures("asks_about_all")
def test_copies_and_backups_carry_the_answers(server, catalog, query, tmp_path, papers):
    catalog("load", str(papers), "--reader", "llm:local")
    catalog("copy", "catalog.db", f"sqlite:///{tmp_path / 'copy.db'}")
    catalog("db", "backup", str(tmp_path / "backup.db"))
    for name in ("copy.db", "backup.db"):
        db = f"sqlite:///{tmp_path / name}"
        catalog("--db", db, "reextract", "--all", "--reader", "llm:local")
    assert len(server.asked) == 3


@pytest.mark.usefixtures("asks_about_all")
def test_prune_bounds_the_answers(server, catalog, query, tmp_path, papers):
    catalog("load", str(papers), "--reader", "llm:local")
    catalog("extract", "-", "--reader", "llm:local", stdin="Nobody's paper: 5.5 in the end.")
    asked = "SELECT count(*) FROM readings"
    assert query(asked) == [(4,)]
    (tmp_path / "catalog.toml").write_text(ALL + "keep_megabytes = 1\n")
    catalog("prune")
    assert query(asked) == [(4,)]
    (tmp_path / "catalog.toml").write_text(ALL + "keep_megabytes = 0\n")
    told = catalog("prune", "--dry-run")
    assert "4 answers of language models" in told.stdout
    assert query(asked) == [(4,)]
    catalog("prune")
    assert query(asked) == [(0,)]


def test_what_no_paper_needs_is_pruned_first(sqlite_url):
    import datetime as dt

    from catalog.database.engine import opened
    from etl.extract.reader import AnswerKey, KeptAnswer
    from etl.ingest.readings import KeptReadings, prune

    def kept(name: str, day: int) -> KeptAnswer:
        return KeptAnswer(
            key=AnswerKey(name, "p", "m", "s"), abstract=f"abstract {name}", answer="x" * 100,
            problem=None, attempts=1, input_tokens=1, output_tokens=None,
            asked_at=dt.datetime(2026, 3, day, tzinfo=dt.UTC),
        )  # fmt: skip

    with opened(sqlite_url) as engine:
        store = KeptReadings(engine)
        store.keep([kept("old", 1), kept("new", 2), kept("needed", 1)])
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO papers (key, label, extracted_sha256, has_code, has_results,"
                " withdrawn, search_words) VALUES ('k', 'l', 'abstract needed', 0, 0, 0, '')"
            )
            prune(connection, max_bytes=200)
        assert set(store.find([kept(n, 1).key for n in ("old", "new", "needed")])) == {
            kept(n, 1).key for n in ("new", "needed")
        }


COMMAND = [sys.executable, "-c", "from etl.cli import main; main(prog_name='catalog')"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT"])
@pytest.mark.usefixtures("asks_about_all")
def test_a_run_that_is_ended_keeps_every_answer(name, server, query, tmp_path, catalog):
    """The server answers five and is silent then; what it answered is not asked again."""
    file = written(tmp_path / "many.jsonl", [f"It has {n}.5% in the end." for n in range(20)])
    catalog("load", str(file))
    silent = 5

    def script(message: str) -> Served:
        late = len(server.asked) > silent
        return Served(text=answer(message), seconds=PATIENCE if late else 0.0)

    server.script = script
    command = [*COMMAND, "reextract", "--reader", "llm:local"]
    with subprocess.Popen(command, cwd=tmp_path, env=dict(os.environ)) as process:
        wait_until(lambda: query("SELECT count(*) FROM readings") == [(silent,)])
        process.send_signal(getattr(signal, name))
        code = process.wait(PATIENCE)
    assert code == (-signal.SIGKILL if name == "SIGKILL" else 130)
    assert query("SELECT count(*) FROM readings") == [(silent,)]
    server.script = lambda message: Served(text=answer(message))
    server.asked.clear()
    catalog("reextract", "--reader", "llm:local")
    assert len(server.asked) == 20 - silent


@pytest.mark.usefixtures("asks_about_all")
def test_a_persons_word_beats_both_readings(server, catalog, query, papers):
    catalog("load", str(papers), "--reader", "llm:local")
    catalog("corrections", "reject", "2503.00002", "44.1")
    catalog("corrections", "edit", "2503.00002", "40.2", "--metric", "Dice")
    said = """SELECT r.text, r.state, m.name FROM results r LEFT JOIN metrics m
                ON m.id = r.metric_id JOIN papers p ON p.id = r.paper_id
               WHERE p.key = '2503.00002' AND r.state <> 'rejected'"""
    for again in ((), ("--reader", "llm:local"), ("--reader", "llm:local", "--all")):
        catalog("reextract", *again)
        assert query(said) == [("40.2", "corrected", "Dice")]
    assert len(server.asked) == 3


def test_a_decision_leaves_the_configured_reading(server, catalog, query, tmp_path, papers):
    (tmp_path / "catalog.toml").write_text(USED)
    catalog("load", str(papers))
    before = query("SELECT extractor_version FROM papers")
    catalog("corrections", "accept", "2503.00003", "3.2")
    assert query("SELECT extractor_version FROM papers") == before
    assert query(METRICS) == [("accuracy",)] * 5
    assert len(server.asked) == 3


FOLDER = '[sources.inbox]\nkind = "folder"\npath = "{}"\nsettle_seconds = 0\n'


def test_sync_reads_with_the_configured_model(server, catalog, query, tmp_path):
    (tmp_path / "inbox").mkdir()
    written(tmp_path / "inbox" / "day.jsonl", ["It is 5.5 in the end."])
    (tmp_path / "catalog.toml").write_text(USED + FOLDER.format(tmp_path / "inbox"))
    told = catalog("sync", "--quiet")
    assert "llm:local" not in told.stderr
    assert query(METRICS) == [("accuracy",)]
    assert len(server.asked) == 1


def test_sync_brings_papers_though_there_is_nobody_to_ask(server, catalog, query, tmp_path):
    (tmp_path / "inbox").mkdir()
    written(tmp_path / "inbox" / "day.jsonl", ["It is 5.5 in the end."])
    used = USED.replace("llm:local", "llm:unstored") + FOLDER.format(tmp_path / "inbox")
    (tmp_path / "catalog.toml").write_text(used)
    told = catalog("sync")
    assert "llm keys set unstored" in told.stderr
    assert query("SELECT count(*) FROM papers") == [(1,)]
    assert not server.asked


def test_without_llm_it_says_what_to_install(catalog, papers, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "llm", None)
    told = catalog("load", str(papers), "--reader", "llm:local", code=1)
    assert "[llm]" in told.stderr
    assert not (tmp_path / "catalog.db").exists()


@pytest.mark.usefixtures("asks_about_all")
def test_the_papers_page_shows_both_readings(server, catalog, papers, tmp_path):
    catalog("load", str(papers), "--reader", "llm:local")
    page = shown(tmp_path / "catalog.db", "/paper/2503.00002")
    section = page.partition('id="disagreements"')[2].partition("</section>")[0]
    assert "llm:local" in section
    assert "<b>accuracy</b>" in section
    catalog("reextract")
    assert "disagreements" not in shown(tmp_path / "catalog.db", "/paper/2503.00002")


def shown(file: Path, address: str) -> str:
    """A page of the site over a catalog."""
    from catalog.site.app import build, close

    site = build(file)
    try:
        answer = asyncio.run(site.client.get(address))
        assert answer.status_code == 200
        return str(answer.text)
    finally:
        close(site)


def test_answers_and_tokens_are_told_while_asking(monkeypatch, capsys):
    from etl.commands import progress
    from etl.extract.reader import Tally

    now = [1000.0]
    monkeypatch.setattr("etl.commands.progress.time.monotonic", lambda: now[0])
    tally = Tally(wanted=100, answers=40, input_tokens=40_000, output_tokens=2_000)
    with progress.asking_progress("local") as tell:
        tell(tally)
        now[0] += 60
        tell(tally)
    assert capsys.readouterr().err == "local: 40%, 40 answers, 42,000 tokens\n"
