"""The door of the MCP server: its tools, without the wire."""

from collections.abc import Mapping
from typing import Any

from catalog.domain.errors import CatalogError
from tests.doors.answers import (
    Answer,
    board_answer,
    boards_answer,
    changes_answer,
    digest_answer,
    model_numbers,
    numbers_answer,
    paper_answer,
    search_answer,
)
from tests.doors.board_filters import typed_filters


class McpDoor:
    """The tools of the MCP server, without the wire."""

    name = "mcp"

    def __init__(self, url: str) -> None:
        from catalog.mcp.tools import Tools

        self.tools = Tools(url, None)

    def ask(self, tool: str, **arguments: Any) -> Any:
        """Call a tool; None where it refuses."""
        try:
            return getattr(self.tools, tool)(**arguments).model_dump()
        except CatalogError:
            return None

    def paper(self, name: str) -> Answer:
        told = self.ask("paper", name=name)
        return told and paper_answer(told, "title")

    def similar(self, name: str) -> Answer:
        return [one["key"] for one in self.ask("similar", name=name)["papers"]]

    def board(self, dataset: str, metric: str, filters: Mapping[str, str]) -> Answer:
        typed = typed_filters(filters)
        asked = {"min_confidence": typed.pop("confidence", None), **typed}
        if asked.pop("code", False):
            asked["with_code"] = True
        told = self.ask("leaderboard", dataset=dataset, metric=metric, **asked)
        return told and board_answer(told, "paper", "code")

    def boards(self, dataset: str) -> Answer:
        return boards_answer(self.ask("leaderboard", dataset=dataset)["boards"])

    def moved(self, since: str, dataset: str = "") -> Answer:
        names = ("dataset", "metric", "best_before", "best", "paper")
        told = self.ask("leaderboard", dataset=dataset, since=since)["moved"]
        return [tuple(one[name] for name in names) for one in told]

    def changes(self, dataset: str, metric: str, since: str) -> Answer:
        told = self.ask("leaderboard", dataset=dataset, metric=metric, since=since)
        return changes_answer(told["changed"], "paper")

    def digest(self, day: str) -> Answer:
        told = self.ask("digest", day=day)
        return told and digest_answer(told["papers"], "title")

    def search(self, typed: str) -> Answer:
        return search_answer(self.ask("search", query=typed))

    def numbers(self, typed: str) -> Answer:
        return numbers_answer(self.ask("numbers", query=typed))

    def model(self, name: str) -> Answer:
        told = self.ask("model", name=name)
        return told and model_numbers(told["name"], told["numbers"], told["hidden"])

    def for_you(self) -> Answer:
        told = self.ask("for_you", limit=20)
        return told["starred"], [(one["key"], one["because"]) for one in told["papers"]]
