"""The door of the site: its pages, as JSON."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from catalog.site.app import build
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


class SiteDoor:
    """The pages, as JSON."""

    name = "site"

    def __init__(self, file: Path) -> None:
        self.site = build(file)
        asyncio.run(self.site.invoke_startup())

    def ask(self, path: str) -> Any:
        """Fetch a page's JSON; None where there is no such page."""
        asked = self.site.client.get(path, follow_redirects=True)
        response = asyncio.run(asked)
        if response.status_code == 404:
            return None
        assert response.status_code == 200, response.text
        return response

    def paper(self, name: str) -> Answer:
        page = self.ask(f"/paper/{quote(name, safe='')}")
        if page is None:
            return None
        return paper_answer(self.ask(f"{page.url.path}.json").json())

    def similar(self, name: str) -> Answer:
        page = self.ask(f"/paper/{quote(name, safe='')}").text
        card = page.split("<h2>Similar papers</h2>")[1].split("</section>")[0]
        return re.findall(r'href="/paper/([^"]+)"', card)

    def board(self, dataset: str, metric: str, filters: Mapping[str, str]) -> Answer:
        told = self.ask(f"/leaderboard/{dataset}/{metric}.json?{urlencode(filters)}")
        return told and board_answer(told.json())

    def boards(self, dataset: str) -> Answer:
        return boards_answer(self.ask(f"/leaderboard.json?dataset={dataset}").json()["boards"])

    def moved(self, since: str, dataset: str = "") -> Answer:
        told = self.ask(f"/leaderboard.json?since={since}&dataset={quote(dataset)}").json()
        return moved_answer(told["movement"])

    def changes(self, dataset: str, metric: str, since: str) -> Answer:
        told = self.ask(f"/leaderboard/{dataset}/{metric}.json?since={since}").json()
        return changes_answer(told["changes"])

    def digest(self, day: str) -> Answer:
        page = self.ask(f"/digest/{day}")
        if page is None:
            return None
        return digest_answer(self.ask(f"{page.url.path}.json").json()["items"])

    def search(self, typed: str) -> Answer:
        return search_answer(self.ask(f"/search.json?{urlencode({'q': typed})}").json())

    def numbers(self, typed: str) -> Answer:
        return numbers_answer(self.ask(f"/numbers.json?{urlencode({'q': typed})}").json())

    def model(self, name: str) -> Answer:
        told = self.ask(f"/model/{quote(name)}.json")
        return told and model_answer(told.json())

    def for_you(self) -> Answer:
        return recommended(self.ask("/for-you.json").json())
