"""Harvest arXiv by OAI-PMH, one window for each day and set.

https://info.arxiv.org/help/oa/ and http://www.openarchives.org/OAI/openarchivesprotocol.html:
`ListRecords` by datestamp, the day of a record's last change; long lists come in parts, each with
a token for the next, which expires.
"""

import datetime as dt
from io import BytesIO
from typing import Annotated
from urllib.parse import urlencode

from msgspec import Meta, Struct

from etl.fetch import Answer, FetchError, Pace
from etl.formats.toolkit.xml_stream import elements
from etl.plugins import SyncSource
from etl.sync.response_archive import Receipt
from etl.sync.settings import Days, SourceSettings
from etl.sync.size_checks import is_judged, judge_documents, working_days_before
from etl.sync.source_run import SourceRun
from etl.sync.which_days import PlannedDay, plan_days, plan_range

EXPIRED = "badResumptionToken"
NO_RECORDS = "noRecordsMatch"
BAD_ARGUMENT = "badArgument"
RESTARTS = 2
"""Times that a window is started again because a token expired."""
MOST_PARTS = 1_000
MOST_JUDGED = 20
"""Parts of a window that are counted to judge its size."""


class NotYetError(FetchError):
    """The server refuses today's date: in its time zone the day has not begun."""


class Part(Struct, frozen=True):
    """The resumption token or error in an answer."""

    token: str | None
    error: str | None


class ArxivOai(SourceSettings, frozen=True, kw_only=True):
    """Settings of the harvest of arXiv."""

    base: str = "https://oaipmh.arxiv.org/oai"
    sets: tuple[str, ...] = ("cs:cs:LG", "cs:cs:CV", "cs:cs:CL", "cs:cs:AI", "stat:stat:ML")
    since: dt.date | None = None
    first_days: Days = 3
    overlap_days: Days = 1
    pause: Annotated[float, Meta(ge=3, le=3600)] = 3.0


def sync(source_run: SourceRun, config: ArxivOai) -> None:
    """Fetch and load every window that is due, set by set."""
    for name in config.sets:
        for planned in plan(source_run, config, name):
            try:
                _window(source_run, config, name, planned)
            except NotYetError:
                source_run.note(f"{name}: not fetched: {planned.day} has not begun at arXiv yet")


def plan(source_run: SourceRun, config: ArxivOai, name: str) -> list[PlannedDay]:
    """Plan the days of a set that are due."""
    if source_run.window:
        return plan_range(
            source_run.window.first, source_run.window.last, today=source_run.today, weekends=True
        )
    return plan_days(
        through=source_run.watermark(name),
        today=source_run.today,
        since=config.since,
        first_days=config.first_days,
        again=config.overlap_days,
        weekends=True,
    )


def address(config: ArxivOai, name: str, day: dt.date) -> str:
    """Build the address of a window's first part."""
    query = {
        "verb": "ListRecords",
        "metadataPrefix": "arXivRaw",
        "set": name,
        "from": day.isoformat(),
        "until": day.isoformat(),
    }
    return f"{config.base}?{urlencode(query, safe=':')}"


def page_name(first: str, page: int) -> str:
    """Name a part of a window, 0 for the first, by its number, since tokens differ each time.

    >>> page_name("https://example.org/oai?verb=ListRecords", 1)
    'https://example.org/oai?verb=ListRecords#part=2'
    """
    return f"{first}#part={page + 1}" if page else first


def _window(source_run: SourceRun, config: ArxivOai, name: str, planned: PlannedDay) -> None:
    first = address(config, name, planned.day)
    judged = is_judged(source_run, first, planned.day)
    for attempt in range(RESTARTS + 1):
        kept = _parts(source_run, config, first, planned.day)
        if kept is not None:
            break
        source_run.note(
            f"{name} {planned.day}: the resumption token expired, starting again ({attempt + 1})"
        )
    else:
        raise FetchError(
            f"cannot fetch {first}",
            why=f"its resumption tokens expired {RESTARTS + 1} times before the last part",
            hint="wait: the next run asks again",
        )
    source_run.load(kept, source_run.pages_after(first, len(kept), page_name))
    source_run.move(name, planned.through)
    if not judged:
        _judge(source_run, config, name, planned.day)


def _judge(source_run: SourceRun, config: ArxivOai, name: str, day: dt.date) -> None:
    """Warn about a working day with no records, or few."""

    def parts(day: dt.date) -> list[str]:
        first = address(config, name, day)
        return [page_name(first, number) for number in range(MOST_JUDGED)]

    judge_documents(source_run, day, parts(day), [parts(one) for one in working_days_before(day)])


def _parts(source_run: SourceRun, config: ArxivOai, first: str, day: dt.date) -> list[int] | None:
    """Fetch and archive a window's parts; return None if a token expired in between.

    Raises:
        FetchError: the server answers with another error.

    """
    asked = first
    kept: list[int] = []
    tokens: set[str] = set()
    while True:
        name = page_name(first, len(kept))

        def receipt(answer: Answer, name: str = name, asked: str = asked) -> Receipt:
            return Receipt(
                source=source_run.name,
                address=asked,
                document=name,
                format="arxiv-oai",
                day=day,
                body=answer.body,
                received_at=answer.received_at,
            )

        key, part = source_run.ask_until_whole(
            asked, receipt, read_part, pace=Pace("arxiv", config.pause)
        )
        if part.error == EXPIRED and kept:
            return None
        if part.error not in {None, NO_RECORDS}:
            kind = (
                NotYetError
                if part.error == BAD_ARGUMENT and day == source_run.today
                else FetchError
            )
            raise kind(
                f"cannot fetch {asked}",
                why=f"the server answered with the error {part.error}",
                hint="check the names of the sets in the configuration",
            )
        kept.append(key)
        if part.token is None:
            return kept
        if part.token in tokens or len(kept) >= MOST_PARTS:
            raise FetchError(
                f"cannot fetch {first}",
                why="the server gave the same resumption token twice"
                if part.token in tokens
                else f"the server gave more than {MOST_PARTS:,} parts",
                hint="wait: the next run asks again",
            )
        tokens.add(part.token)
        query = urlencode({"verb": "ListRecords", "resumptionToken": part.token})
        asked = f"{config.base}?{query}"


def read_part(body: bytes) -> Part:
    """Read a whole answer for its resumption token or error.

    Raises:
        ValueError: it is no whole answer of an OAI-PMH server.

    """
    token = error = None
    found = False
    for node in elements(BytesIO(body), {"record", "resumptionToken", "error", "responseDate"}):
        found = found or node.name == "responseDate"
        if node.name == "resumptionToken":
            token = node.text.strip() or None
        elif node.name == "error":
            error = node.attributes.get("code", "unnamed")
    if not found:
        msg = "no answer of an OAI-PMH server: responseDate is missing"
        raise ValueError(msg)
    return Part(token, error)


SOURCE = SyncSource(
    name="arxiv-oai",
    title="arXiv by OAI-PMH",
    settings=ArxivOai,
    sync=sync,
    template="""\
# arXiv, every new and changed record of these sets: https://info.arxiv.org/help/oa/
[sources.arxiv-oai]
enabled = false
# sets = ["cs:cs:LG", "cs:cs:CV", "cs:cs:CL", "cs:cs:AI", "stat:stat:ML"]
# since = 2025-03-01        # for years of papers take arXiv's Kaggle snapshot: catalog load FILE
# first_days = 3
# overlap_days = 1          # records may come late into a day: it is asked for again
# pause = 3.0               # seconds between requests; arXiv asks for at least three
# base = "https://oaipmh.arxiv.org/oai" # or a mirror
""",
)
