"""Fetch arXiv's daily announcements as RSS.

https://info.arxiv.org/help/rss_specifications.html

A feed has no past: each day's is a document of its own, named by the day that it prints.
"""

import datetime as dt
from io import BytesIO
from typing import Annotated

from msgspec import Meta, Struct

from etl.fetch import Answer, FetchError, Pace
from etl.formats.toolkit.printed_days import rfc822_day
from etl.formats.toolkit.xml_stream import elements
from etl.plugins import SyncSource
from etl.sync import response_archive
from etl.sync.response_archive import Receipt
from etl.sync.settings import SourceSettings
from etl.sync.source_run import SourceRun
from etl.sync.which_days import DAY, SATURDAY

LATE_DAYS = 2
"""Working days between that of a feed and today, from which on it is no longer of today."""


class Feed(Struct, frozen=True):
    """The day and the items of a feed."""

    day: dt.date | None
    items: int
    ids: frozenset[str]
    """What tells its items apart, where they state it."""


class ArxivRss(SourceSettings, frozen=True, kw_only=True):
    """Settings of arXiv's daily announcements."""

    base: str = "https://rss.arxiv.org/rss"
    categories: tuple[str, ...] = ("cs.LG", "cs.CV", "cs.CL")
    pause: Annotated[float, Meta(ge=3, le=3600)] = 3.0


def sync(source_run: SourceRun, config: ArxivRss) -> None:
    """Fetch and load today's feed.

    Raises:
        FetchError: it holds an earlier day's announcements.

    """
    if source_run.window:
        source_run.note("skipped: the feed holds only today's papers, not those of a range of days")
        return
    address = f"{config.base.rstrip('/')}/{'+'.join(config.categories)}"

    def receipt(answer: Answer) -> Receipt:
        day = _day(answer)
        return Receipt(
            source=source_run.name,
            address=address,
            document=f"{address}#{day}",
            format="arxiv-rss",
            day=day,
            body=answer.body,
            received_at=answer.received_at,
        )

    kept, feed = source_run.ask_until_whole(
        address, receipt, read_feed, pace=Pace("arxiv", config.pause)
    )
    _require_new(source_run, address, kept, feed)
    source_run.load([kept])
    source_run.move("", feed.day)
    if not feed.items and feed.day and feed.day.weekday() < SATURDAY:
        source_run.warn(f"the feed of {feed.day} is empty")


def _require_new(source_run: SourceRun, address: str, kept: int, feed: Feed) -> None:
    """Check that a feed is of these days, and its items not those of an earlier one.

    Raises:
        FetchError: they are.

    """
    if feed.day is None:
        return
    between = (feed.day + DAY * n for n in range(1, (source_run.today - feed.day).days))
    if sum(day.weekday() < SATURDAY for day in between) >= LATE_DAYS:
        raise FetchError(
            f"cannot use the feed of {feed.day}",
            why="it is stale: the publisher has shown no later one for days",
            hint="wait: the next run asks again",
        )
    if not feed.ids:
        return
    with source_run.engine.begin() as connection:
        before = response_archive.used_before(connection, address, feed.day)
        if before is None or not feed.ids <= read_feed(before.body).ids:
            return
        response_archive.set_state(connection, [kept], "refused")
    raise FetchError(
        f"cannot use the feed of {feed.day}",
        why=f"it is stale: it holds the announcements of {before.day} again",
        hint="wait: the next run asks again",
    )


def _day(answer: Answer) -> dt.date:
    """Return the day that a feed prints, else the day on which it was received."""
    try:
        printed = read_feed(answer.body).day
    except ValueError:
        printed = None
    return printed or answer.received_at.date()


def read_feed(body: bytes) -> Feed:
    """Read a whole feed for its day and its number of items.

    Raises:
        ValueError: it is no whole feed.

    """
    day: dt.date | None = None
    items = 0
    ids: set[str] = set()
    found = False
    wanted = {"item", "entry", "lastBuildDate", "pubDate", "title"}
    for node in elements(BytesIO(body), wanted):
        found = True
        if node.name in {"item", "entry"}:
            items += 1
            ids.add((node.find("guid") or node.find("id") or "").strip())
        elif node.name == "pubDate" or (node.name == "lastBuildDate" and day is None):
            try:
                day = _printed(node.text)
            except ValueError:
                continue
    if not found:
        msg = "no feed: it has neither a title nor items"
        raise ValueError(msg)
    return Feed(day, items, frozenset(ids - {""}))


def _printed(text: str) -> dt.date:
    """Read the day as printed, whatever its UTC offset: arXiv's midnight is not ours.

    >>> _printed("Tue, 12 Mar 2024 00:00:00 -0400")
    datetime.date(2024, 3, 12)
    """
    return rfc822_day(" ".join(text.split()[:4]) + " 12:00:00 GMT")


SOURCE = SyncSource(
    name="arxiv-rss",
    title="arXiv's announcements of the day",
    settings=ArxivRss,
    sync=sync,
    template="""\
# arXiv, the announcements of the day: lighter, but without a past.
[sources.arxiv-rss]
enabled = false
# categories = ["cs.LG", "cs.CV", "cs.CL"]
# base = "https://rss.arxiv.org/rss"    # or a mirror
# pause = 3.0               # seconds between requests; arXiv asks for at least three
""",
)
