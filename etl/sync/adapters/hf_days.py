"""Fetch Hugging Face daily papers, day by day.

https://huggingface.co/docs/hub/api: `GET /api/daily_papers?date=YYYY-MM-DD&limit=100&p=0`.
"""

import datetime as dt
from typing import Any

import msgspec
from msgspec import Struct

from etl.fetch import Answer, FetchError, Pace
from etl.plugins import SyncSource
from etl.sync.response_archive import Receipt
from etl.sync.settings import Days, Seconds, SourceSettings
from etl.sync.size_checks import is_judged, judge_digest
from etl.sync.source_run import SourceRun
from etl.sync.which_days import PlannedDay, plan_days, plan_range

LIMIT = 100
"""Papers on a page; the site's own default of 50 cuts busy days."""
MOST_PAGES = 20
NOT_YET = frozenset({400, 404})
"""Statuses for a day that has not begun in the publisher's time zone."""


class HfDaily(SourceSettings, frozen=True, kw_only=True):
    """Settings of the Hugging Face daily papers."""

    base: str = "https://huggingface.co"
    since: dt.date | None = None
    first_days: Days = 7
    observe_days: Days = 3
    weekends: bool = False
    pause: Seconds = 0.5


def sync(source_run: SourceRun, config: HfDaily) -> None:
    """Fetch and load every day that is due."""
    for planned in plan(source_run, config):
        _day(source_run, config, planned)


def plan(source_run: SourceRun, config: HfDaily) -> list[PlannedDay]:
    """Plan the days that are due."""
    if source_run.window:
        return plan_range(
            source_run.window.first,
            source_run.window.last,
            today=source_run.today,
            weekends=config.weekends,
        )
    return plan_days(
        through=source_run.watermark(),
        today=source_run.today,
        since=config.since,
        first_days=config.first_days,
        again=config.observe_days,
        weekends=config.weekends,
    )


def address(config: HfDaily, day: dt.date) -> str:
    """Build the address of a day's first page."""
    return f"{config.base.rstrip('/')}/api/daily_papers?date={day}&limit={LIMIT}"


def page_name(first: str, page: int) -> str:
    """Build the address of a page, 0 for the first.

    >>> page_name("https://example.org/?limit=100", 1)
    'https://example.org/?limit=100&p=1'
    """
    return f"{first}&p={page}" if page else first


def _day(source_run: SourceRun, config: HfDaily, planned: PlannedDay) -> None:
    first = address(config, planned.day)
    judged = is_judged(source_run, first, planned.day)
    try:
        kept = _pages(source_run, config, planned.day)
    except FetchError as error:
        if planned.day == source_run.today and error.status in NOT_YET:
            source_run.note(f"not fetched: {planned.day} has not begun at Hugging Face yet")
            return
        raise
    source_run.load(kept, source_run.pages_after(first, len(kept), page_name))
    source_run.move("", planned.through)
    if not judged:
        judge_digest(source_run, "hf-daily", planned.day, weekends=config.weekends)


def _pages(source_run: SourceRun, config: HfDaily, day: dt.date) -> list[int]:
    """Fetch and archive a day's pages; return their keys in the archive.

    Raises:
        FetchError: a page repeats those before it, or they come to no end.

    """
    first = address(config, day)
    kept: list[int] = []
    seen: set[str] = set()
    while True:
        name = page_name(first, len(kept))

        def receipt(answer: Answer, name: str = name) -> Receipt:
            return Receipt(
                source=source_run.name,
                address=name,
                document=name,
                format="hf-daily",
                day=day,
                body=answer.body,
                received_at=answer.received_at,
            )

        key, page = source_run.ask_until_whole(
            name, receipt, read_page, pace=Pace("huggingface", config.pause)
        )
        is_last = page.papers < LIMIT
        is_again = bool(page.ids) and page.ids <= seen
        if is_again or (len(kept) >= MOST_PAGES and not is_last):
            raise FetchError(
                f"cannot fetch {first}",
                why="the publisher gives the same papers on another page"
                if is_again
                else f"the publisher gave more than {MOST_PAGES} pages",
                hint="wait: the next run asks again",
            )
        seen |= page.ids
        if page.papers or not kept:
            kept.append(key)
        if is_last:
            return kept


class Page(Struct, frozen=True):
    """The number of papers on a page, and what tells them apart."""

    papers: int
    ids: frozenset[str]


def read_page(body: bytes) -> Page:
    """Read which papers are on a page.

    Raises:
        ValueError: it is no whole JSON array.

    """
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        msg = f"no whole JSON ({error})"
        raise ValueError(msg) from error
    if not isinstance(found, list):
        msg = f"{type(found).__name__} where a list of papers was expected"
        raise ValueError(msg)
    return Page(len(found), frozenset(map(_id, found)))


def _id(entry: Any) -> str:
    """Return what tells a paper from others, or all that an odd entry holds."""
    paper = entry.get("paper", entry) if isinstance(entry, dict) else entry
    number = paper.get("id") if isinstance(paper, dict) else None
    return number if isinstance(number, str) else repr(entry)


SOURCE = SyncSource(
    name="hf-daily",
    title="Hugging Face daily papers",
    settings=HfDaily,
    sync=sync,
    template="""\
# Hugging Face daily papers: https://huggingface.co/papers
[sources.hf-daily]
# since = 2025-01-01        # first day, once; without it the last `first_days`
# first_days = 7
# observe_days = 3          # upvotes of the last days are observed again on every run
# weekends = false          # a weekend's answer is a copy of Friday's list
# base = "https://huggingface.co"       # or a mirror
# pause = 0.5               # seconds between requests
# stale_after_hours = 36    # `catalog status` exits with 1 when the last success is older
""",
)
