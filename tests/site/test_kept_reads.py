"""Tests that the answer of a read of many queries is kept, asked for once, and forgotten."""

import asyncio
from types import SimpleNamespace

from catalog.reads.asking import Query, Read
from catalog.site.datasette_internals.answer_cache import RENEWING
from catalog.site.kept_reads import SERVES, KeptReads


class File:
    """A catalog whose state a test says, and that counts how often it is asked."""

    def __init__(self) -> None:
        self.state, self.asked, self.now = 0, 0, 1000.0
        self.slow_answers = SimpleNamespace(stamp=lambda: self.state)
        self.reads = KeptReads(self, clock=lambda: self.now)

    async def execute(self, sql: str, params: object = None) -> SimpleNamespace:
        self.asked += 1
        await asyncio.sleep(0)  # others run meanwhile
        return SimpleNamespace(rows=[])

    def read(self) -> Read[int]:
        yield Query("SELECT 1")
        return self.asked

    async def ask(self) -> int:
        return await self.reads.ask("rising", self.read)


def test_an_answer_serves_until_the_catalog_has_changed_and_a_minute_more() -> None:
    file, told = File(), []
    for state, later in ((0, 0.0), (0, 2 * SERVES), (1, 0.0)):
        file.state, file.now = state, file.now + later
        told.append(asyncio.run(file.ask()))
    assert told == [1, 1, 2]
    file.state = 2
    assert asyncio.run(file.ask()) == 2
    file.now += SERVES
    assert asyncio.run(file.ask()) == 3


def test_of_those_who_come_together_one_asks() -> None:
    async def together(file: File) -> list[int]:
        return await asyncio.gather(*(file.ask() for _ in range(5)))

    assert asyncio.run(together(File())) == [1] * 5


def test_who_renews_waits_for_no_minute() -> None:
    async def renewed(file: File) -> int:
        await file.ask()
        file.state = 1
        RENEWING.set(True)
        return await file.ask()

    assert asyncio.run(renewed(File())) == 2


def test_what_an_owner_changes_shows_at_once() -> None:
    file = File()
    assert asyncio.run(file.ask()) == 1
    file.reads.forget()
    assert asyncio.run(file.ask()) == 2
