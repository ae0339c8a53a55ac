"""The doors to a catalog, each with the same questions and one form of answer.

The read itself is what Python, digests and mail use. The site and MCP's SQL are there on SQLite.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Protocol

import msgspec
from click.testing import CliRunner
from sqlalchemy import Connection

from catalog.api import Catalog
from catalog.database.database_address import sqlite_file
from catalog.database.engine import opened
from catalog.domain.errors import CatalogError
from catalog.domain.periods import parse_period
from catalog.reads.asking import Read
from catalog.reads.board_context import changes
from catalog.reads.boards import Filters, board
from catalog.reads.digest import newest_day, of_period
from catalog.reads.drivers import run
from catalog.reads.finding import find_paper
from catalog.reads.for_you import for_you
from catalog.reads.found_numbers import search_numbers
from catalog.reads.model_numbers import model
from catalog.reads.moved import moved_since
from catalog.reads.paper import paper
from catalog.reads.search import search
from catalog.reads.similar import similar
from catalog.reads.tasks import listed_boards
from catalog.site.app import close
from etl.cli import main
from tests.doors.answers import (
    Answer,
    board_answer,
    boards_answer,
    changes_answer,
    digest_answer,
    model_answer,
    moved_answer,
    numbers_answer,
    paper_answer,
    recommended,
    search_answer,
)
from tests.doors.board_filters import typed_filters
from tests.doors.mcp_door import McpDoor
from tests.doors.site_door import SiteDoor


class Door(Protocol):
    """A way to ask; an answer is None where the catalog has no such thing."""

    name: str

    def paper(self, name: str) -> Answer:
        """Key, title, numbers and code of a paper."""

    def similar(self, name: str) -> Answer:
        """Keys of the papers most like one."""

    def board(self, dataset: str, metric: str, filters: Mapping[str, str]) -> Answer:
        """Rank, value, paper and code of each result on a board."""

    def boards(self, dataset: str) -> Answer:
        """The boards of a dataset, or of a task."""

    def moved(self, since: str, dataset: str = "") -> Answer:
        """The boards of a dataset or task with a new best value since a day, with the old one."""

    def changes(self, dataset: str, metric: str, since: str) -> Answer:
        """Keys of the papers that entered and left the top of a board since a day."""

    def digest(self, day: str) -> Answer:
        """Papers of a day, week or month, with headline and code; of the newest for "latest"."""

    def search(self, typed: str) -> Answer:
        """Keys of the papers that a search finds, in order, and what may have been meant."""

    def numbers(self, typed: str) -> Answer:
        """The sure numbers that a search finds, in order, and how many are hidden."""

    def model(self, name: str) -> Answer:
        """Name and sure numbers of a model, in order, and how many are hidden."""

    def for_you(self) -> Answer:
        """How many papers are starred; keys of those recommended, with the stars behind each."""


class ReadDoor:
    """The reads themselves, over SQLAlchemy."""

    name = "read"

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def ask(self, read: Read[Any]) -> Any:
        """Run a read and give its answer as JSON would have it."""
        return json.loads(msgspec.json.encode(run(self.connection, read)))

    def paper(self, name: str) -> Answer:
        try:
            found = run(self.connection, find_paper(name))
        except CatalogError:
            return None
        return paper_answer(self.ask(paper(found.id)))

    def similar(self, name: str) -> Answer:
        found = run(self.connection, find_paper(name))
        return [one["paper"]["key"] for one in self.ask(similar(found.id))]

    def board(self, dataset: str, metric: str, filters: Mapping[str, str]) -> Answer:
        told = self.ask(board(dataset, metric, Filters(**typed_filters(filters))))
        return told and board_answer(told)

    def boards(self, dataset: str) -> Answer:
        return boards_answer(self.ask(listed_boards(dataset)))

    def moved(self, since: str, dataset: str = "") -> Answer:
        return moved_answer(self.ask(moved_since(dt.date.fromisoformat(since), dataset=dataset)))

    def changes(self, dataset: str, metric: str, since: str) -> Answer:
        found = run(self.connection, board(dataset, metric))
        assert found is not None
        return changes_answer(msgspec.to_builtins(changes(found, dt.date.fromisoformat(since))))

    def digest(self, day: str) -> Answer:
        newest = run(self.connection, newest_day())
        day = str(newest) if day == "latest" else day
        period = parse_period(day, dt.date(2025, 3, 12))
        return digest_answer(self.ask(of_period(period))["items"]) or None

    def search(self, typed: str) -> Answer:
        return search_answer(self.ask(search(typed)))

    def numbers(self, typed: str) -> Answer:
        return numbers_answer(self.ask(search_numbers(typed)))

    def model(self, name: str) -> Answer:
        told = self.ask(model(name))
        return told and model_answer(told)

    def for_you(self) -> Answer:
        return recommended(self.ask(for_you()))


class PythonDoor:
    """The classes that `from catalog import Catalog` gives."""

    name = "python"

    def __init__(self, url: str) -> None:
        self.catalog = Catalog.open(url)

    def ask(self, question: Callable[[], Any]) -> Any:
        """Ask, and give the answer as JSON would have it; None where it refuses."""
        try:
            return json.loads(msgspec.json.encode(question()))
        except CatalogError:
            return None

    def paper(self, name: str) -> Answer:
        told = self.ask(lambda: self.catalog.paper(name))
        return told and paper_answer(told)

    def similar(self, name: str) -> Answer:
        return [one["paper"]["key"] for one in self.ask(lambda: self.catalog.similar(name))]

    def board(self, dataset: str, metric: str, filters: Mapping[str, str]) -> Answer:
        told = self.ask(lambda: self.catalog.board(dataset, metric, **typed_filters(filters)).board)
        return told and board_answer(told)

    def boards(self, dataset: str) -> Answer:
        return boards_answer(self.ask(lambda: list(self.catalog.boards(dataset))))

    def moved(self, since: str, dataset: str = "") -> Answer:
        day = dt.date.fromisoformat(since)
        return moved_answer(self.ask(lambda: self.catalog.moved(day, dataset)))

    def changes(self, dataset: str, metric: str, since: str) -> Answer:
        ranking = self.catalog.board(dataset, metric)
        return changes_answer(self.ask(lambda: ranking.changes(dt.date.fromisoformat(since))))

    def digest(self, day: str) -> Answer:
        told = self.ask(lambda: list(self.catalog.digest(day)))
        return told and digest_answer(told)

    def search(self, typed: str) -> Answer:
        return search_answer(self.ask(lambda: self.catalog.search(typed).found))

    def numbers(self, typed: str) -> Answer:
        return numbers_answer(self.ask(lambda: self.catalog.numbers(typed).found))

    def model(self, name: str) -> Answer:
        told = self.ask(lambda: self.catalog.model(name).found)
        return told and model_answer(told)

    def for_you(self) -> Answer:
        return recommended(self.ask(self.catalog.for_you))


class TerminalDoor:
    """The commands, with --json."""

    name = "terminal"

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, *words: str) -> Any:
        """Run a command; None where it ends with 1."""
        result = CliRunner().invoke(main, ["--db", self.url, *words])
        if result.exit_code == 1:
            assert result.stderr.startswith("Error: ")
            return None
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def paper(self, name: str) -> Answer:
        told = self.ask("show", "--json", "--", name)
        return told and paper_answer(told)

    def similar(self, name: str) -> Answer:
        told = self.ask("show", "--json", "--similar", "--", name)
        return [one["paper"]["key"] for one in told["similar"]]

    def board(self, dataset: str, metric: str, filters: Mapping[str, str]) -> Answer:
        options = [f"--{name.replace('_', '-')}={value}" for name, value in filters.items()]
        options = ["--with-code" if o.startswith("--code") else o for o in options]
        told = self.ask("leaderboard", "--json", *options, "--", dataset, metric)
        return told and board_answer(told)

    def boards(self, dataset: str) -> Answer:
        return boards_answer(self.ask("leaderboard", "--json", "--", dataset))

    def moved(self, since: str, dataset: str = "") -> Answer:
        return moved_answer(self.ask("leaderboard", "--json", "--since", since, "--", dataset))

    def changes(self, dataset: str, metric: str, since: str) -> Answer:
        return changes_answer(self.ask("leaderboard", dataset, metric, "--json", "--since", since))

    def digest(self, day: str) -> Answer:
        told = self.ask("digest", "--format", "json", day)
        return told and digest_answer(told["items"])

    def search(self, typed: str) -> Answer:
        result = CliRunner().invoke(main, ["--db", self.url, "search", "--json", "--", typed])
        assert result.exit_code == 0, result.output
        meant = re.search(r"^Did you mean: (.*)\?$", result.stderr, re.MULTILINE)
        found = [paper["key"] for paper in json.loads(result.stdout)]
        return found, meant[1].split(", or: ") if meant else []

    def numbers(self, typed: str) -> Answer:
        result = CliRunner().invoke(main, ["--db", self.url, "numbers", "--json", "--", typed])
        assert result.exit_code == 0, result.output
        found = json.loads(result.stdout)
        hidden = re.search(r"^(\d+) numbers? hidden", result.stderr, re.MULTILINE)
        total = re.search(r"^\d+ of ([\d,]+) numbers", result.stderr, re.MULTILINE)
        told = {
            "total": int(total[1].replace(",", "")) if total else len(found),
            "hidden": int(hidden[1]) if hidden else 0,
        }
        return numbers_answer({"numbers": found, **told})

    def model(self, name: str) -> Answer:
        told = self.ask("model", "--json", "--", name)
        return told and model_answer(told)

    def for_you(self) -> Answer:
        return recommended(self.ask("for-you", "--json"))


@contextmanager
def doors(url: str) -> Iterator[list[Door]]:
    """Open every door that the database has; without the extra mcp that one is left out."""
    file = sqlite_file(url)
    with ExitStack() as stack, opened(url) as engine, engine.connect() as connection:
        python = PythonDoor(url)
        stack.callback(python.catalog.close)
        found: list[Door] = [ReadDoor(connection), python, TerminalDoor(url)]
        with suppress(ImportError):  # where the extra mcp is not installed
            found.append(McpDoor(url))
        if file is None:
            yield found
            return
        site = SiteDoor(file)
        try:
            yield [*found, site]
        finally:
            close(site.site)
