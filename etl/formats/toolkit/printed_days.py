"""Convert days in ISO and RFC 822 form to dates in UTC, within a plausible range."""

import contextlib
import datetime as dt
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

from catalog.domain.late_patterns import late_pattern

_ISO = late_pattern(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:.*)?", re.DOTALL)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = {name: number for number, name in enumerate(MONTHS, start=1)}
# Mon, 2 Apr 2007 19:18:42 GMT
_GMT = late_pattern(r"[A-Z][a-z]{2}, +(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) [0-9:]+ GMT")
"""What nearly all of arXiv's dates look like: a tenth of the time of the general way."""
_IN_NAME = late_pattern(
    r"(?<!\d)(\d{4})(?P<mark>[-_.])(\d\d?)(?P=mark)(\d\d?)(?!\d)|(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)"
)
_IN_FOLDERS = late_pattern(r"(?:^|/)(\d{4})(?P<mark>[-_/])(\d\d?)/(\d\d?)(?:\.[\w.]+|/[^/\d]*)$")
"""2025/03/11.md, 2025-03/11.json, 2025/03/11/papers.json"""

_NAMED = (
    r"(?P<month>jan(?=uary|[^a-z])|feb(?=ruary|[^a-z])|mar(?=ch|[^a-z])|apr(?=il|[^a-z])|may"
    r"|jun(?=e|[^a-z])|jul(?=y|[^a-z])|aug(?=ust|[^a-z])|sep(?=t|tember|[^a-z])|oct(?=ober|[^a-z])"
    r"|nov(?=ember|[^a-z])|dec(?=ember|[^a-z]))(?:uary|ruary|ch|il|e|y|ust|tember|t|ober|ember)?"
    r"(?![a-z])"
)
_IN_WORDS = (
    late_pattern(
        rf"(?<![a-z]){_NAMED}[\W_]*(?P<day>\d\d?)(?:st|nd|rd|th)?[\W_]+(?P<year>\d{{4}})(?!\d)",
        re.I,
    ),
    late_pattern(rf"(?<!\d)(?P<day>\d\d?)[\W_]*{_NAMED}[\W_]*(?P<year>\d{{4}})(?!\d)", re.I),
    late_pattern(rf"(?<!\d)(?P<year>\d{{4}})[\W_]*{_NAMED}[\W_]*(?P<day>\d\d?)(?!\d)", re.I),
)
"""July 9, 2025.json, 9-Jul-2025.json, 2025_jul_9.json"""

FIRST_YEAR, LAST_YEAR = 1600, 2100
"""No paper is older than the journals; what is announced for later is a slip or a placeholder."""


def iso_day(text: str) -> dt.date:
    """Convert an ISO date or instant to a day in UTC.

    >>> iso_day("2026-08-20T00:00:00.000Z"), iso_day("2024-06-03")
    (datetime.date(2026, 8, 20), datetime.date(2024, 6, 3))
    >>> iso_day("2026-08-19T22:00:00-04:00")
    datetime.date(2026, 8, 20)

    Raises:
        ValueError: it is none, or its year is out of range.

    """
    text = text.strip()
    match = _ISO.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        if len(text) == 10 or text.endswith("Z"):
            day = dt.date(int(match[1]), int(match[2]), int(match[3]))
        else:
            day = _utc_day(dt.datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        msg = f"{text[:50]!r} is no day: expected e.g. 2025-03-11 or 2025-03-11T08:00:00Z"
        raise ValueError(msg) from None
    return plausible(day)


def rfc822_day(text: str) -> dt.date:
    """Convert a date as in e-mail to a day in UTC.

    >>> rfc822_day("Mon, 2 Apr 2007 19:18:42 GMT")
    datetime.date(2007, 4, 2)

    Raises:
        ValueError: it is none, or its year is out of range.

    """
    try:
        if match := _GMT.fullmatch(text.strip()):
            day = dt.date(int(match[3]), _MONTH[match[2]], int(match[1]))
        else:
            day = _utc_day(parsedate_to_datetime(text[:100]))
    except (ValueError, OverflowError, LookupError, TypeError):
        msg = f"{text[:50]!r} is no date: expected e.g. Mon, 2 Apr 2007 19:18:42 GMT"
        raise ValueError(msg) from None
    return plausible(day)


def _utc_day(instant: dt.datetime) -> dt.date:
    return (instant.astimezone(dt.UTC) if instant.tzinfo else instant).date()


def plausible(day: dt.date) -> dt.date:
    """Return the day if a catalog can mean it.

    Raises:
        ValueError: its year is out of range.

    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        msg = f"{day} is out of range: expected a year from {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(msg)
    return day


def day_in_name(name: str) -> dt.date | None:
    """Return the day in the last part of a document's name, or in its last folders; else None.

    >>> day_in_name("daily/2024-06-03.json.gz"), day_in_name("papers_2025_7_1.json")
    (datetime.date(2024, 6, 3), datetime.date(2025, 7, 1))
    >>> day_in_name("https://huggingface.co/api/daily_papers?date=2025-03-11")
    datetime.date(2025, 3, 11)
    >>> day_in_name("July 9, 2025.json") == day_in_name("papers-9-jul-2025.json.gz")
    True
    >>> day_in_name("archive/2025/03/11.md"), day_in_name("2025-03/11/papers.json")
    (datetime.date(2025, 3, 11), datetime.date(2025, 3, 11))
    """
    return next(days_in_name(name), None)


def days_in_name(name: str) -> Iterator[dt.date]:
    """Yield every day in the last part of a document's name, else one that its folders tell."""
    last = PurePosixPath(name).name
    in_folders = None if _IN_NAME.search(last) else _IN_FOLDERS.search(name)
    for match in [in_folders] if in_folders else _IN_NAME.finditer(last):
        year, month, day = match.group(1, 3, 4) if match["mark"] else match.group(5, 6, 7)
        yield from _possible(int(year), int(month), int(day))
    for match in filter(None, (form.search(last) for form in _IN_WORDS)):
        month_ = _MONTH[match["month"].capitalize()]
        yield from _possible(int(match["year"]), month_, int(match["day"]))


def _possible(year: int, month: int, day: int) -> Iterator[dt.date]:
    """Yield the day if there is such a day."""
    with contextlib.suppress(ValueError):
        yield plausible(dt.date(year, month, day))


def friday_before(day: dt.date) -> dt.date:
    """Return the Friday before a Saturday or Sunday; every other day as it is.

    >>> friday_before(dt.date(2024, 6, 9))
    datetime.date(2024, 6, 7)
    """
    return day - dt.timedelta(days=max(0, day.weekday() - 4))
