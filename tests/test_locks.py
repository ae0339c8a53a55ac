"""Tests of two commands at once: waiting, messages, and locks of dead processes."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from catalog.database.engine import opened
from catalog.database.locks import locked
from catalog.domain.errors import LockedError
from etl.cli import main
from tests.robust.programs import environment, page, run, start, stop_all
from tests.snapshot import snapshot
from tests.waiting import PATIENCE, wait_until

HOLD = """
import sys, time
from catalog.database.locks import locked
with locked(sys.argv[1], "load", wait=0):
    print("held", flush=True)
    time.sleep(60)
"""


def call(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture(autouse=True)
def _nothing_goes_on() -> Iterator[None]:
    yield
    stop_all()


@pytest.fixture
def file(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog in the working folder, and a page beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CATALOG_URL", raising=False)
    (tmp_path / "page.txt").write_text(page("Nets"))
    return Path(shutil.copyfile(migrated, tmp_path / "catalog.db"))


@pytest.fixture
def holder(file: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the catalog's lock."""
    words = [sys.executable, "-c", HOLD, f"sqlite:///{file}"]
    with subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def papers(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM papers").fetchone()[0])


@pytest.mark.parametrize(
    "words",
    [["load", "page.txt"], ["forget", "page.txt"], ["reextract"]],
    ids=lambda words: words[0],
)
def test_second_writer_is_told_who_holds_the_lock(
    words: list[str], file: Path, holder: "subprocess.Popen[str]"
):
    result = call(*words, "--wait", "0.1")
    assert result.exit_code == 75
    assert f'"catalog load", process {holder.pid}, since ' in result.stderr
    assert "--wait SECONDS" in result.stderr
    assert papers(file) == 0


def test_restore_does_not_run_while_another_command_writes(
    file: Path, holder: "subprocess.Popen[str]"
):
    assert call("db", "backup", "copy.db").exit_code == 0
    assert call("db", "restore", "copy.db").exit_code == 75


@pytest.mark.parametrize(
    "words", [["status"], ["query", "SELECT 1"], ["db", "check"]], ids=" ".join
)
def test_reading_waits_for_nobody(words: list[str], file: Path, holder: "subprocess.Popen[str]"):
    assert call(*words).exit_code == 0


def test_second_writer_waits_its_turn(file: Path, holder: "subprocess.Popen[str]"):
    waiting = start("load", "page.txt", "--wait", PATIENCE, folder=file.parent)
    time.sleep(1)
    assert waiting.poll() is None
    assert papers(file) == 0
    holder.terminate()
    assert waiting.wait(PATIENCE) == 0
    assert papers(file) == 1
    waiting.communicate()


def test_lock_of_a_holder_that_was_killed_is_free(file: Path, holder: "subprocess.Popen[str]"):
    holder.kill()
    holder.wait()
    assert file.with_name("catalog.db.lock.json").exists()
    assert call("load", "page.txt", "--wait", "0").exit_code == 0
    assert not file.with_name("catalog.db.lock.json").exists()


def test_holder_whose_note_is_spoilt_is_still_respected(
    file: Path, holder: "subprocess.Popen[str]"
):
    file.with_name("catalog.db.lock.json").write_text("[")
    result = call("load", "page.txt", "--wait", "0")
    assert result.exit_code == 75
    assert "unknown" in result.stderr


def test_dry_run_writes_nothing_and_still_takes_its_turn(
    file: Path, holder: "subprocess.Popen[str]"
):
    assert call("load", "page.txt", "--dry-run", "--wait", "0").exit_code == 75


def test_lock_is_one_for_every_way_to_write_the_path(file: Path):
    with locked("sqlite:///catalog.db", "load", wait=0):
        with pytest.raises(LockedError), locked(f"sqlite:///{file}", "load", wait=0):
            pass
        with pytest.raises(LockedError), locked("./catalog.db", "load", wait=0):
            pass


def test_two_loads_at_once_both_get_in(file: Path):
    other = file.with_name("other.txt")
    other.write_text(page("Trees", day="Mar 12"))
    both = [start("load", name, folder=file.parent) for name in ("page.txt", "other.txt")]
    for process in both:
        _, told = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, told
    assert papers(file) == 2
    assert call("db", "check").exit_code == 0


def test_two_loads_at_once_make_one_catalog(file: Path):
    file.unlink()
    both = [start("load", "page.txt", folder=file.parent) for _ in range(2)]
    for process in both:
        _, told = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, told
    assert papers(file) == 1


def test_database_locked_by_another_program_says_so_in_time(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    patience = []

    def noting(url: str, **how: Any) -> AbstractContextManager[Engine]:
        patience.append(how.get("busy_timeout"))
        return opened(url, **how)

    monkeypatch.setattr("etl.ingest.run.opened", noting)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = call("load", "page.txt", "--wait", "0.3")
        assert patience[-1] == 300, "milliseconds, as it was told"
        assert result.exit_code == 75
        assert "another program is writing" in result.stderr
        other.execute("ROLLBACK")
    assert call("load", "page.txt", "--wait", "0.3").exit_code == 0


def test_reader_with_a_long_transaction_hinders_nobody(file: Path):
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as reader:
        reader.isolation_level = None
        reader.execute("BEGIN")
        count = "SELECT count(*) FROM papers"
        assert reader.execute(count).fetchone() == (0,)
        assert call("load", "page.txt", "--wait", "0").exit_code == 0
        assert reader.execute(count).fetchone() == (0,)
        reader.execute("COMMIT")
        assert reader.execute(count).fetchone() == (1,)


@pytest.fixture
def endless(file: Path) -> list[str]:
    """A load that goes on for many seconds: one document of many records."""
    document = file.with_name("many.jsonl")
    with document.open("w") as stream:
        for number in range(60_000):
            record = {"title": f"An Invented Title, Number {number}", "abstract": "We get 9.5%. "}
            stream.write(json.dumps(record) + "\n")
    return ["load", str(document), "--format", "catalog-jsonl", "--jobs", "1", "--no-extract"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_load_ends_with_130_and_nothing_half(
    number: signal.Signals, file: Path, endless: list[str]
):
    process = start(*endless, folder=file.parent)
    wait_until(lambda: papers(file) >= 5_000)
    process.send_signal(number)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert "Interrupted. What was committed stays" in told
    assert papers(file) % 5_000 == 0
    with closing(sqlite3.connect(file)) as connection:
        runs = connection.execute("SELECT state, message FROM runs").fetchall()
    assert runs == [("interrupted", None)]
    assert not file.with_name("catalog.db.lock.json").exists()
    state = json.loads(run("status", "--json", folder=file.parent, code=1).stdout)
    assert [document["state"] for document in state["unfinished"]] == ["loading"]


def test_ctrl_c_is_heard_while_waiting_for_another_program(file: Path):
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        process = start("load", "page.txt", "--wait", PATIENCE, folder=file.parent)
        wait_until(lambda: file.with_name("catalog.db.lock.json").exists())
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 130


def test_ctrl_c_ends_a_query_without_end(file: Path):
    sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    process = start("query", sql, folder=file.parent)

    def has_opened_it() -> bool:
        opened = set()
        for one in Path(f"/proc/{process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                opened.add(one.readlink())
        return file.resolve() in opened

    def seconds_worked() -> int:
        asked = ["ps", "-o", "cputimes=", "-p", str(process.pid)]
        return int(subprocess.run(asked, capture_output=True, text=True).stdout)

    wait_until(has_opened_it)
    begun = seconds_worked()
    wait_until(lambda: seconds_worked() >= begun + 2)  # what is before the query takes less
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130


def test_killed_run_is_marked_by_the_next(file: Path, endless: list[str]):
    process = start(*endless, folder=file.parent)
    wait_until(lambda: papers(file) >= 5_000)
    process.kill()
    process.communicate()
    states = "SELECT state, finished_at IS NULL FROM runs ORDER BY id"
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute(states).fetchall() == [("running", 1)]
        connection.execute("INSERT INTO runs SELECT 99, 'sync arxiv', version, started_at, "
                           "finished_at, state, message, documents, skipped, records, "
                           "papers_added, papers_changed, papers_removed, entries_added, "
                           "results_added, links_added, problems FROM runs")  # fmt: skip
        connection.commit()
    assert call("load", "page.txt").exit_code == 0
    with closing(sqlite3.connect(file)) as connection:
        # A sync holds another lock while it fetches: it may well be alive.
        assert connection.execute(states).fetchall() == [
            ("interrupted", 1),
            ("running", 1),
            ("done", 0),
        ]


def test_workers_end_with_a_load_that_is_killed(file: Path, tmp_path: Path):
    document = tmp_path / "many.jsonl"
    with document.open("w") as stream:
        for number in range(4_000):
            record = {"title": f"Title Number {number}", "abstract": f"We get {number}.5% accuracy"}
            stream.write(json.dumps(record) + "\n")
    words = ["load", str(document), "--format", "catalog-jsonl", "--jobs", "2"]
    process = start(*words, folder=file.parent)

    def children() -> set[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True
        )
        return {int(pid) for pid in listed.stdout.split()}

    wait_until(lambda: len(children()) >= 2)
    left = children()
    process.kill()
    process.communicate()

    def alive() -> set[int]:
        return {pid for pid in left if Path(f"/proc/{pid}/status").exists()}

    wait_until(lambda: not alive())


def test_interrupted_load_goes_on_to_what_an_undisturbed_one_makes(
    file: Path, endless: list[str], migrated: Path
):
    short = file.with_name("many.jsonl")
    short.write_text("".join(short.read_text().splitlines(keepends=True)[:7_000]))
    whole = Path(shutil.copyfile(migrated, file.with_name("whole.db")))
    assert call("--db", whole, *endless).exit_code == 0
    process = start(*endless, folder=file.parent)
    wait_until(lambda: papers(file) >= 5_000)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert call(*endless).exit_code == 0
    with opened(f"sqlite:///{file}") as one, opened(f"sqlite:///{whole}") as other:
        assert snapshot(one) == snapshot(other)


def test_a_symbolic_link_has_the_lock_of_its_file(file: Path, tmp_path: Path):
    link = tmp_path / "elsewhere" / "named.db"
    link.parent.mkdir()
    link.symlink_to(file)
    with (
        locked(f"sqlite:///{file}", "load", wait=0),
        pytest.raises(LockedError),
        locked(f"sqlite:///{link}", "load", wait=0),
    ):
        pass
    assert list(link.parent.iterdir()) == [link]
