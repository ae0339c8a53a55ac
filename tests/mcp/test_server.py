"""Tests of `catalog mcp` with the SDK's own client over standard input and output."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.database.engine import opened
from catalog.models import Author, Authorship, Paper
from etl.cli import main
from tests.site.content import fill, save
from tests.waiting import PATIENCE

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")
from anyio.from_thread import start_blocking_portal  # noqa: E402 - comes with the extra

Ask: TypeAlias = Callable[..., Any]
CODE = "from etl.cli import main; main(prog_name='catalog')"


@pytest.fixture(scope="module")
def catalog_file(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with invented content; a space in its name, as people have."""
    file = tmp_path_factory.mktemp("mcp") / "my papers.db"
    shutil.copyfile(migrated, file)
    with opened(f"sqlite:///{file}") as engine, Session(engine) as session:
        fill(session)
        paper = session.scalars(select(Paper).where(Paper.key == "2503.00001")).one()
        for place, name in enumerate(("Ada", "Bo", "Cy", "Di"), start=1):
            author = Author(name=f"{name} Example")
            save(session, author)
            session.add(Authorship(paper_id=paper.id, author_id=author.id, position=place))
        session.commit()
    return file


@contextmanager
def talking(file: Path, *options: str) -> Iterator[Ask]:
    """Start the command with a client, and give what calls a method of the client."""
    arguments = ["-c", CODE, "--db", str(file), "mcp", *options]
    server = mcp.StdioServerParameters(command=sys.executable, args=arguments)
    talk = mcp.Client(server, read_timeout_seconds=PATIENCE)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(talk) as client,
    ):
        yield lambda method, *values: portal.call(getattr(client, method), *values)


@pytest.fixture(scope="module")
def client(catalog_file: Path) -> Iterator[Ask]:
    """Call a method of a client of a server that goes on from test to test."""
    with talking(catalog_file) as call:
        yield call


@pytest.fixture(scope="module")
def ask(client: Ask) -> Ask:
    """Call a tool and give its structured answer."""

    def asked(tool: str, **arguments: Any) -> Any:
        result = client("call_tool", tool, arguments)
        text = "".join(part.text for part in result.content)
        assert not result.is_error, text
        assert json.loads(text) == result.structured_content, "for clients that read text only"
        return result.structured_content

    return asked


@pytest.fixture(scope="module")
def refused(client: Ask) -> Ask:
    """Call a tool that must fail, and give its message."""

    def asked(tool: str, **arguments: Any) -> str:
        result = client("call_tool", tool, arguments)
        assert result.is_error
        return "".join(part.text for part in result.content)

    return asked


def test_every_tool_only_reads_and_tells_its_arguments_and_answers(client: Ask) -> None:
    tools = client("list_tools").tools
    names = [tool.name for tool in tools]
    shown = "search numbers paper model leaderboard similar for_you digest sql schema"
    assert names == shown.split()
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert len(tool.description) > 60
        assert "\n    " not in tool.description
        for name, told in tool.input_schema["properties"].items():
            assert told.get("description"), (tool.name, name)
        assert tool.output_schema["properties"]


def test_the_schema_is_a_resource_and_a_tool(client: Ask, ask: Ask) -> None:
    assert [one.uri for one in client("list_resources").resources] == ["catalog://schema"]
    read = json.loads(client("read_resource", "catalog://schema").contents[0].text)
    assert read == ask("schema")
    tables = {table["name"]: table for table in read["tables"]}
    assert "deliveries" not in tables
    assert all(table["meaning"] for table in tables.values() if table["kind"] == "table")
    (view,) = ask("schema", table="v_results")["tables"]
    meanings = {column["name"]: column["meaning"] for column in view["columns"]}
    assert "per cent as printed" in meanings["value"]


def test_a_search_gives_numbers_with_their_evidence(ask: Ask) -> None:
    found = ask("search", query="detector dataset:coco")
    (paper,) = found["papers"]
    assert paper["key"] == "2503.00001"
    assert paper["address"] == "https://arxiv.org/abs/2503.00001"
    assert paper["repository"]["full_name"] == "Lee/Detector"
    assert paper["first_seen_on"] == "2025-03-11"
    best = paper["numbers"][0]
    assert (best["value"], best["metric"], best["dataset"]) == (54.3, "mAP", "COCO")
    assert best["text"] in best["sentence"]


def test_a_search_says_what_it_understood_otherwise_and_where_there_is_more(ask: Ask) -> None:
    assert ask("search", query="detector zebra")["remarks"] == [
        "No paper has all of these words; these papers have some of them."
    ]
    found = ask("search", query="classifier", limit=3)
    assert (len(found["papers"]), found["truncated"]) == (3, True)
    assert not ask("search", query="classifier", limit=8)["truncated"]


def test_a_paper_is_found_by_any_name_and_has_all_its_numbers(ask: Ask) -> None:
    paper = ask("paper", name="https://arxiv.org/abs/2503.00001v2")
    assert paper["key"] == "2503.00001"
    assert paper["authors"] == ["Ada Example", "Bo Example", "Cy Example", "Di Example"]
    assert {number["kind"] for number in paper["results"]} == {"absolute", "delta", "ratio"}
    assert all(number["sentence"] for number in paper["results"])


def test_a_leaderboard_ranks_own_values_and_keeps_relative_ones_apart(ask: Ask) -> None:
    board = ask("leaderboard", dataset="ms-coco", metric="MAP")
    assert (board["dataset"], board["metric"]) == ("COCO", "mAP")
    assert [(row["rank"], row["value"]) for row in board["ranking"]] == [(None, 54.3)]
    assert [row["value"] for row in board["relative"]] == [2.1]
    assert board["ranking"][0]["code"] == "Lee/Detector"
    assert board["ranking"][0]["sentence"]


def test_a_leaderboard_is_filtered_and_cut(ask: Ask) -> None:
    board = ask("leaderboard", dataset="imagenet-1k", metric="accuracy", limit=2)
    assert [row["compared"] for row in board["ranking"]] == [87.9, 86.5]
    assert board["truncated"]
    assert board["in_all"] == 8
    small = ask("leaderboard", dataset="imagenet-1k", metric="accuracy", max_parameters=92)
    assert [row["compared"] for row in small["ranking"]] == [82.5, 81.5, 80.5]
    assert not ask("leaderboard", dataset="imagenet-1k", metric="accuracy", with_code=True)[
        "ranking"
    ]


def test_without_names_the_fullest_boards_are_listed(ask: Ask) -> None:
    boards = ask("leaderboard")["boards"]
    assert (boards[0]["dataset"], boards[0]["metric"]) == ("ImageNet-1K", "accuracy")
    assert {board["dataset"] for board in ask("leaderboard", metric="mAP")["boards"]} == {"COCO"}


def test_a_board_that_is_not_there_names_others(refused: Ask) -> None:
    message = refused("leaderboard", dataset="COCO", metric="perplexity")
    assert "there is no leaderboard COCO / perplexity" in message
    assert "COCO / mAP" in message


def test_a_unit_that_a_board_has_not_names_those_it_has(ask: Ask, refused: Ask) -> None:
    names = {"dataset": "ImageNet-1K", "metric": "accuracy"}
    assert ask("leaderboard", **names, unit="%")["unit"] == "%"
    assert "take one of: %" in refused("leaderboard", **names, unit="ms")


def test_a_digest_is_the_latest_or_that_of_a_day(ask: Ask) -> None:
    latest = ask("digest")
    assert latest["day"] == "2025-03-12"
    assert latest["previous_day"] == "2025-03-11"
    assert latest["papers"][0]["numbers"][0]["sentence"]
    one = ask("digest", day="2025-03-11", limit=1)
    assert (len(one["papers"]), one["truncated"]) == (1, True)


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("digest", {"day": "2025-03-13"}, ["no digest of 2025-03-13", "2025-03-12"]),
        (
            "digest",
            {"day": "2025-02-30"},
            ["cannot find a digest of '2025-02-30'", "not a day, week, month or year"],
        ),
        ("search", {"query": "code:maybe"}, ["code: takes yes or no"]),
        ("search", {"query": " "}, ["no word and no filter"]),
        ("numbers", {"query": "code:maybe"}, ["code: takes yes or no"]),
        ("search", {"query": "x", "limit": 51}, ["less than or equal to 50"]),
        ("paper", {"name": "0000.00000"}, ["cannot find the paper '0000.00000'"]),
        ("sql", {"query": "SELECT nonsense"}, ["no such column: nonsense", "tool schema"]),
        ("sql", {"query": "DELETE FROM papers"}, ["only SELECT is allowed here"]),
        ("sql", {"query": "PRAGMA user_version = 3"}, ["only SELECT is allowed here"]),
        ("sql", {"query": "ATTACH 'x.db' AS x"}, ["only SELECT is allowed here"]),
        ("sql", {"query": "SELECT 1; SELECT 2"}, ["one statement at a time"]),
        ("sql", {"query": "SELECT :a"}, ["value in params"]),
        ("sql", {"query": "SELECT :a", "params": {"a": 2**63}}, ["run this query", "too large"]),
        ("sql", {"query": ""}, ["gives no rows"]),
        ("sql", {"query": "SELECT hex(zeroblob(150000000))"}, ["too large"]),
        ("schema", {"table": "paper"}, ["no table 'paper'", "papers"]),
    ],
)
def test_what_cannot_be_done_is_said_with_a_way_on(
    tool: str, arguments: dict[str, Any], words: list[str], refused: Ask
) -> None:
    message = refused(tool, **arguments)
    for word in words:
        assert word in message


def test_sql_takes_values_and_gives_columns_and_rows(ask: Ask) -> None:
    found = ask(
        "sql",
        query="SELECT paper_key, value FROM v_results WHERE metric = :metric AND kind = 'absolute'",
        params={"metric": "mAP"},
    )
    assert found["columns"] == ["paper_key", "value"]
    assert ["2503.00001", 54.3] in found["rows"]
    assert (found["truncated"], found["note"]) == (False, None)


NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) SELECT {} FROM n"
)


def test_long_answers_are_cut_and_say_so(ask: Ask) -> None:
    found = ask("sql", query=NUMBERS.format(11, "i"), limit=10)
    assert (len(found["rows"]), found["truncated"]) == (10, True)
    assert "10 rows" in found["note"]
    assert not ask("sql", query=NUMBERS.format(10, "i"), limit=10)["truncated"]
    wide = ask("sql", query=NUMBERS.format(100, "hex(zeroblob(2000))"))
    assert 20 <= len(wide["rows"]) < 30
    assert "characters" in wide["note"]
    one = ask("sql", query="SELECT hex(zeroblob(20000)) AS x, x'00ff' AS y")["rows"][0]
    assert one[0].endswith("… (40000 characters)")
    assert one[1] == "(2 bytes)"
    assert ask("sql", query="SELECT 9e999")["rows"] == [["inf"]]


def test_mail_addresses_are_nobodys_business(ask: Ask) -> None:
    assert ask("sql", query="SELECT address FROM deliveries")["rows"] == []
    assert "address" not in json.dumps(ask("sql", query="SELECT * FROM deliveries")["rows"])


def test_links_lead_to_the_site_where_there_is_one(catalog_file: Path) -> None:
    with talking(catalog_file, "--site", "http://127.0.0.1:8001") as client:
        paper = client("call_tool", "paper", {"name": "2503.00001"}).structured_content
    assert paper["address"] == "http://127.0.0.1:8001/paper/2503.00001"


def test_a_conversation_goes_on_after_an_error_and_sees_what_is_new(
    catalog_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "growing.db"
    shutil.copyfile(catalog_file, file)
    count = {"query": "SELECT count(*) FROM metrics WHERE name = 'box mAP'"}
    with talking(file) as client:
        assert client("call_tool", "sql", {"query": "SELEC"}).is_error
        assert client("call_tool", "sql", count).structured_content["rows"] == [[0]]
        with opened(f"sqlite:///{file}") as engine, engine.begin() as connection:
            connection.exec_driver_sql("UPDATE metrics SET name = 'box mAP' WHERE name = 'mAP'")
        assert client("call_tool", "sql", count).structured_content["rows"] == [[1]]


PING = '{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, None])
def test_it_ends_at_once_when_the_client_goes_or_says_so(
    stop: signal.Signals | None, catalog_file: Path
) -> None:
    command = [sys.executable, "-c", CODE, "--db", str(catalog_file), "mcp"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(PING)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == 1
            if stop is None:
                process.stdin.close()
            else:
                process.send_signal(stop)
            assert process.wait(timeout=PATIENCE) == (0 if stop is None else 130)
            assert process.stderr is not None
            assert process.stderr.read() == ""
        finally:
            process.kill()


def test_a_missing_catalog_is_an_error_that_helps(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--db", str(tmp_path / "none.db"), "mcp"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "there is no such file" in result.stderr


def test_half_of_a_surrogate_pair_gets_an_answer(catalog_file: Path):
    hello = {"protocolVersion": "2024-11-05", "capabilities": {}}
    hello["clientInfo"] = {"name": "raw", "version": "1"}
    call = {"name": "search", "arguments": {"query": "half \ud800 pair"}}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
    ]
    with subprocess.Popen(
        [sys.executable, "-c", CODE, "--db", str(catalog_file), "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as server:
        assert server.stdin
        assert server.stdout
        server.stdin.write("".join(json.dumps(line) + "\n" for line in lines).encode())
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(2)]
        server.kill()
    assert [answer["id"] for answer in answers] == [1, 2]
