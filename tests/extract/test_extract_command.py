"""Tests of `catalog extract` as a user runs it."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from etl.cli import main
from etl.ingest.pool import MANY, extractor

LINE = {"id": "p1", "title": "FooNet", "abstract": "FooNet gets 84.3% accuracy on COCO."}


def run(*args, text=""):
    return CliRunner().invoke(main, ["extract", *args], input=text)


def test_text_gives_a_table():
    outcome = run("-", text="FooNet gets 84.3% accuracy on COCO. See https://github.com/a/b.")
    assert outcome.exit_code == 0
    assert "84.3%" in outcome.stdout
    assert "accuracy" in outcome.stdout
    assert "a/b" in outcome.stdout


def test_explain_names_rules_and_losers():
    outcome = run("--explain", text="We use 8 GPUs. FooNet gets 84.3% accuracy on COCO.")
    assert outcome.exit_code == 0
    assert "8: no result" in outcome.stdout
    assert "by rule" in outcome.stdout
    assert "lost:" in outcome.stdout
    assert "value, unit, metric and kind are right" in outcome.stdout
    assert "dataset and role are right too" in outcome.stdout


def test_terminal_codes_are_shown_not_obeyed():
    outcome = run(text="\x1b[31mFooNet\x1b[0m gets 84.3% accuracy on \x1b]0;x\x07COCO.")
    assert outcome.exit_code == 0
    assert "\x1b" not in outcome.stdout
    assert "\x07" not in outcome.stdout


def test_what_is_no_text_is_refused(tmp_path):
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    outcome = run(str(tmp_path / "photo.png"))
    assert outcome.exit_code == 1
    assert "it is not text" in outcome.output


def test_lines_give_the_fields_of_the_key():
    outcome = run("--jsonl", text=json.dumps(LINE) + "\n")
    assert outcome.exit_code == 0
    row = json.loads(outcome.stdout)
    assert row["id"] == "p1"
    (metric,) = row["metrics"]
    wanted = {"text": "84.3%", "value": 84.3, "unit": "%", "metric": "accuracy", "dataset": "COCO"}
    assert wanted.items() <= metric.items()
    assert {
        "start",
        "end",
        "kind",
        "role",
        "model",
        "baseline",
        "sentence",
        "rule",
    } <= metric.keys()
    assert 0 < metric["confidence"] <= 1
    assert row["links"] == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ("[]", "expected an object"),
        ('{"title": "x"}', "abstract"),
        ('{"abstract": 5}', "abstract"),
        ('{"abstract": "x", "title": 5}', "title"),
    ],
)
def test_broken_line_is_named_and_others_go_on(line, why):
    outcome = run("--jsonl", text=f"{json.dumps(LINE)}\n{line}\n\n{json.dumps(LINE)}\n")
    assert outcome.exit_code == 3
    assert len(outcome.stdout.splitlines()) == 2
    assert "line 2" in outcome.stderr
    assert why in outcome.stderr


def test_only_broken_lines_fail():
    assert run("--jsonl", text="nonsense\n").exit_code == 1


def test_missing_file_and_empty_input_are_errors(tmp_path):
    outcome = run(str(tmp_path / "none.txt"))
    assert outcome.exit_code == 1
    assert "cannot read" in outcome.stderr
    assert run(text="  \n").exit_code == 1


def test_several_processes_keep_the_order():
    lines = [json.dumps({**LINE, "id": str(number)}) for number in range(MANY + 100)]
    outcome = run("--jsonl", "--jobs", "2", text="\n".join(lines))
    assert outcome.exit_code == 0
    told = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert [row["id"] for row in told] == [str(number) for number in range(MANY + 100)]
    assert {len(row["metrics"]) for row in told} == {1}


@pytest.mark.parametrize(("jobs", "held"), [(1, 2), (2, 20)])
def test_lines_are_not_held_but_answered_as_they_come(jobs, held, monkeypatch):
    monkeypatch.setattr("etl.ingest.pool.STREAMED", 10)
    taken = []

    def numbers():
        for number in range(100):
            taken.append(number)
            yield number

    with extractor(jobs) as read:
        for number, found in read.stream(numbers(), lambda number: (f"It has {number}%.", None)):
            assert len(taken) <= number + held
            assert found is not None
    assert len(taken) == 100


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_text(f"{json.dumps(LINE)}\n" * 1_000)
    words = [sys.executable, "-m", "etl", "extract", "--jsonl", "--jobs", "1", str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout.readline().startswith(b'{"id": "p1"')
        running.stdout.close()
        assert running.stderr.read() == b""


def test_explain_and_lines_do_not_go_together():
    assert run("--jsonl", "--explain", text="{}").exit_code == 2
