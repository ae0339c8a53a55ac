"""Tests of what a terminal shows: readable titles, chosen columns and order, a pager, defaults."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import click
import pytest

from catalog.reads.search import ORDERS
from etl.cli import main
from etl.option_defaults import option_values
from tests.cli.test_help import leaves

TITLES = {
    "2503.00001": "Alpha: A Network of a Long Title That Does Not Fit into One Line of Eighty",
    "2503.00002": "Gamma: A Network",
    "2503.00003": "Beta: A Network",
}
DAYS = {"2503.00001": "2025-03-03", "2503.00002": "2025-03-01", "2503.00003": "2025-03-02"}


@pytest.fixture
def papers(catalog, tmp_path):
    """Runs the command on a catalog of three papers."""
    links = {"2503.00002": 7, "2503.00003": 20}
    lines = [
        {
            "title": title,
            "abstract": f"We reach {90 + number}% accuracy on ImageNet." * (number == 2),
            "identifiers": [{"scheme": "arxiv", "value": key}],
            "published_on": DAYS[key],
            "authors": ["Ada Example"],
            "links": [
                {"url": f"https://github.com/a/{key}", "kind": "github", "repo": f"a/{key}",
                 "found_in": "source", "stars": links[key]}
            ] if key in links else [],
        }
        for number, (key, title) in enumerate(TITLES.items())
    ]  # fmt: skip
    (tmp_path / "papers.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    catalog("load", "papers.jsonl")
    return catalog


def keys(papers, *words):
    return [int(one["key"][-1]) for one in json.loads(papers("search", *words, "--json").stdout)]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", [1, 3, 2]),
        ("oldest", [2, 3, 1]),
        ("title", [1, 3, 2]),
        ("stars", [3, 2, 1]),
        ("results", [3, 2, 1]),
        ("upvotes", [3, 2, 1]),
    ],
)
@pytest.mark.parametrize("typed", ["network", "author:example"])
def test_papers_are_sorted_as_asked(papers, sort, order, typed):
    assert keys(papers, typed, "--sort", sort) == order
    assert keys(papers, typed, "--sort", sort, "--limit", "2") == order[:2]
    assert {sort} <= {*ORDERS, "newest"}


def test_sorting_guesses_as_the_search_does(papers):
    assert keys(papers, "netwo", "--sort", "oldest") == [2, 3, 1]
    told = papers("search", "netwo", "--sort", "oldest")
    assert "words that begin like the last one" in told.stderr


def test_columns_are_chosen_by_name(papers):
    told = papers("search", "network", "--sort", "title", "--columns", "title, stars", "--csv")
    lines = told.stdout.splitlines()
    assert lines[0] == "title,stars"
    assert lines[2:] == ["Beta: A Network,20", "Gamma: A Network,7"]
    (first, *_) = json.loads(
        papers("search", "2503.00003", "--columns", "results,address,authors", "--json").stdout
    )
    assert first == {
        "results": 1,
        "address": "https://arxiv.org/abs/2503.00003",
        "authors": "Ada Example",
    }
    told = papers("search", "network", "--columns", "titel", code=2).stderr
    assert "there is no column 'titel'" in told
    assert 'Did you mean "title"?' in told


def on_a_terminal(*words, columns=80, lines=40, **environment):
    """What `catalog WORDS` shows on a terminal, without colours."""
    import pty

    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "etl", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": str(columns), "LINES": str(lines), "TERM": "xterm",
             **environment},
        check=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 100_000)
        except OSError:  # Linux says so where the other side is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")


unix = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@unix
def test_titles_are_whole_in_eighty_columns(papers):
    shown = on_a_terminal("search", "network")
    assert all(len(line) <= 80 for line in shown.splitlines())
    words = " ".join(shown.split())
    assert "Alpha: A Network of a Long Title That" in words
    assert "Line of Eighty" in words
    assert "repository" not in words
    assert "repository" in on_a_terminal("search", "network", columns=140)
    assert "repository" in on_a_terminal("search", "network", "--columns", "title,repository")


@unix
def test_titles_of_a_leaderboard_can_be_read_in_eighty_columns(papers, tmp_path):
    title = "Delta: A Classifier of Pictures Whose Title Is Long, and Goes On and On"
    line = {
        "title": title,
        "abstract": "Our method reaches 91.5% accuracy on ImageNet.",
        "identifiers": [{"scheme": "arxiv", "value": "2503.00004"}],
        "published_on": "2025-03-04",
        "links": [{"url": "https://github.com/a-long-name/of-a-repository", "kind": "github",
                   "repo": "a-long-name/of-a-repository", "found_in": "source"}],
    }  # fmt: skip
    (tmp_path / "more.jsonl").write_text(json.dumps(line) + "\n")
    papers("load", "more.jsonl")
    command = ("leaderboard", "ImageNet", "top-1 accuracy", "--confidence", "0")
    shown = on_a_terminal(*command)
    heads = next(line for line in shown.splitlines() if "title" in line).split()
    assert heads[:2] == ["value", "title"]  # two papers: no ranks
    assert "key" in heads
    assert not {"unit", "code"} & set(heads)
    assert "Delta: A Classifier of Pictures" in shown
    assert {"unit", "code", "model"} <= set(on_a_terminal(*command, columns=200).split())


@unix
def test_what_is_longer_than_the_terminal_goes_through_a_pager(papers):
    assert on_a_terminal("search", "network", lines=5, PAGER="head -n 2").count("\n") <= 3
    assert "Gamma" in on_a_terminal("search", "network", lines=40, PAGER="head -n 2")
    assert "Gamma" in on_a_terminal("search", "network", lines=5, PAGER="cat")
    for command in (["show", "2503.00001"], ["search", "network", "--columns", "key"]):
        assert on_a_terminal(*command, lines=3, PAGER="head -n 1").count("\n") <= 2


def test_options_have_their_defaults_from_the_settings(papers, tmp_path):
    (tmp_path / "catalog.toml").write_text(
        '[defaults.search]\nlimit = 1\ncolumns = ["key", "stars"]\n'
        'sort = "stars"\njson = true\n[defaults.leaderboard]\nwith-code = true\n'
    )
    told = papers("search", "network")
    assert json.loads(told.stdout) == [{"key": "2503.00003", "stars": 20}]
    assert len(json.loads(papers("search", "network", "--limit", "3").stdout)) == 3
    assert papers("search", "network", "--csv").stdout == "key,stars\n2503.00003,20\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[defaults.serch]\nlimit = 1\n", 'there is no command serch. Did you mean "search"?'),
        ("[defaults.search]\nlimt = 1\n", 'search has no option limt. Did you mean "limit"?'),
        ("[defaults.search]\nlimit = [1\n", "it is not valid TOML"),
        ("[defaults]\nsearch = 3\n", "defaults.search is not a table"),
        ("defaults = 3\n", "defaults is not a table"),
    ],
)
def test_defaults_that_cannot_be_are_told_of(papers, tmp_path, text, says):
    (tmp_path / "catalog.toml").write_text(text)
    told = papers("search", "network", code=1)
    assert says in told.stderr
    assert "catalog.toml" in told.stderr


def test_a_default_of_the_wrong_kind_is_wrong_usage(papers, tmp_path):
    (tmp_path / "catalog.toml").write_text('[defaults.search]\nlimit = "many"\n')
    assert "'--limit'" in papers("search", "network", code=2).stderr


def test_defaults_beside_the_database_of_another_folder_are_used(papers, tmp_path, monkeypatch):
    url = os.environ.get("CATALOG_URL", "")
    if url.startswith("postgresql"):
        pytest.skip("a server has no folder")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "catalog.toml").write_text("[defaults.search]\njson = true\n")
    monkeypatch.chdir(tmp_path / "elsewhere")
    told = papers("--db", str(tmp_path / "catalog.db"), "search", "network")
    assert len(json.loads(told.stdout)) == 3


def test_the_defaults_take_every_option_of_every_command():
    for words in leaves():
        command: Any = main.get_command(click.Context(main), words[0])
        for below in words[1:]:
            command = command.commands[below]
        for option in command.params:
            if isinstance(option, click.Option):
                name = max(option.opts, key=len).removeprefix("--")
                assert option_values(command, {name: True}).keys() == {option.name}
