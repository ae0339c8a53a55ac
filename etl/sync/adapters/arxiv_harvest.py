"""arXiv by OAI-PMH: one window a day and set, so that a window has one name whenever it is asked.

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
from etl.sync.source_run import Course
from etl.sync.which_days import Step, plan_days, plan_range

EXPIRED = "badResumptionToken"
NO_RECORDS = "noRecordsMatch"
BAD_ARGUMENT = "badArgument"
RESTARTS = 2
"""Times that a window is begun again because a token expired."""
MOST_PARTS = 1_000
MOST_JUDGED = 20
"""Parts of a window that are counted to judge its size."""


class NotYetError(FetchError):
    """The server refuses today as a day that lies ahead: where it is, it has not begun."""


class Part(Struct, frozen=True):
    """What an answer says about the way on."""

    token: str | None
    error: str | None


class ArxivOai(SourceSettings, frozen=True, kw_only=True):
    """arXiv by OAI-PMH."""

    base: str = "https://oaipmh.arxiv.org/oai"
    sets: tuple[str, ...] = ("cs:cs:LG", "cs:cs:CV", "cs:cs:CL", "cs:cs:AI", "stat:stat:ML")
    since: dt.date | None = None
    first_days: Days = 3
    overlap_days: Days = 1
    pause: Annotated[float, Meta(ge=3, le=3600)] = 3.0


def sync(course: Course, config: ArxivOai) -> None:
    """Fetch and load every window that is due, of one set after the other."""
    for name in config.sets:
        for step in plan(course, config, name):
            try:
                _window(course, config, name, step)
            except NotYetError:
                course.note(f"{name}: {step.day} has not begun there")


def plan(course: Course, config: ArxivOai, name: str) -> list[Step]:
    """The days of a set that are due."""
    if course.window:
        return plan_range(
            course.window.first, course.window.last, today=course.today, weekends=True
        )
    return plan_days(
        through=course.watermark(name),
        today=course.today,
        since=config.since,
        first_days=config.first_days,
        again=config.overlap_days,
        weekends=True,
    )


def address(config: ArxivOai, name: str, day: dt.date) -> str:
    """Address of the first part of a window."""
    query = {
        "verb": "ListRecords",
        "metadataPrefix": "arXivRaw",
        "set": name,
        "from": day.isoformat(),
        "until": day.isoformat(),
    }
    return f"{config.base}?{urlencode(query, safe=':')}"


def page_name(first: str, page: int) -> str:
    """Name of a part, 0 for the first: tokens differ each time, so the part's number stands in.

    >>> page_name("https://example.org/oai?verb=ListRecords", 1)
    'https://example.org/oai?verb=ListRecords#part=2'
    """
    return f"{first}#part={page + 1}" if page else first


def _window(course: Course, config: ArxivOai, name: str, step: Step) -> None:
    first = address(config, name, step.day)
    judged = is_judged(course, first, step.day)
    for attempt in range(RESTARTS + 1):
        kept = _parts(course, config, first, step.day)
        if kept is not None:
            break
        course.note(f"{name} {step.day}: the token expired, begun again ({attempt + 1})")
    else:
        raise FetchError(
            f"cannot fetch {first}",
            why=f"its resumption tokens expired {RESTARTS + 1} times on the way",
            hint="wait: the next run asks again",
        )
    course.load(kept)
    course.forget_after(first, len(kept), page_name)
    course.move(name, step.through)
    if not judged:
        _judge(course, config, name, step.day)


def _judge(course: Course, config: ArxivOai, name: str, day: dt.date) -> None:
    """Warn of a working day with no records, or few."""

    def parts(day: dt.date) -> list[str]:
        first = address(config, name, day)
        return [page_name(first, number) for number in range(MOST_JUDGED)]

    judge_documents(course, day, parts(day), [parts(one) for one in working_days_before(day)])


def _parts(course: Course, config: ArxivOai, first: str, day: dt.date) -> list[int] | None:
    """Fetch and keep a window's parts; None where a token expired on the way.

    Raises:
        FetchError: the server answers with another error.

    """
    asked = first
    kept: list[int] = []
    while len(kept) < MOST_PARTS:
        name = page_name(first, len(kept))

        def receipt(answer: Answer, name: str = name, asked: str = asked) -> Receipt:
            return Receipt(
                source=course.name,
                address=asked,
                document=name,
                format="arxiv-oai",
                day=day,
                body=answer.body,
                received_at=answer.received_at,
            )

        key, part = course.ask_until_whole(
            asked, receipt, read_part, pace=Pace("arxiv", config.pause)
        )
        if part.error == EXPIRED and kept:
            return None
        if part.error not in {None, NO_RECORDS}:
            kind = NotYetError if part.error == BAD_ARGUMENT and day == course.today else FetchError
            raise kind(
                f"cannot fetch {asked}",
                why=f"the server answered with the error {part.error}",
                hint="check the names of the sets in the configuration",
            )
        kept.append(key)
        if part.token is None:
            break
        query = urlencode({"verb": "ListRecords", "resumptionToken": part.token})
        asked = f"{config.base}?{query}"
    return kept


def read_part(body: bytes) -> Part:
    """The way on from an answer, all of which is read.

    Raises:
        ValueError: it is no whole answer of an OAI-PMH server.

    """
    token = error = None
    found = False
    for node in elements(BytesIO(body), {"resumptionToken", "error", "responseDate"}):
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
""",
)
