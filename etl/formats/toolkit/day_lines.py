"""Read days on lines of their own, with or without a year."""

import re

from msgspec import Struct

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MONTH_NAME = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
)
_WEEKDAY_NAME = (
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\.?"
)
_YEAR = r"(?:(?P<year>(?:19|20)\d\d)|['’](?P<short>\d\d))"
_LEAD = (
    r"(?:(?:today'?s|daily|weekly|hugging\s?face|arxiv|hf|ai|ml|top|trending|new|latest|research|"
    r"papers?|digest|newsletter|news|list|picks|edition|issue|date|day|for|of|on|from|the)[\s:,|·–—-]*)*+"
)
_WEEKDAY = rf"(?:(?P<weekday>{_WEEKDAY_NAME})[\s,]*)?"
_TAIL = rf"(?:[\s,]*\(?(?P<weekday_>{_WEEKDAY_NAME})\)?)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_BETWEEN = r"[\s.,/-]{1,3}"
_TIME = r"(?:[T\s,]+\d\d?:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[AP]M|Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"

# Mar 11 · March 11th, 2025 · Mar 11, '25 · 11 March · 11th of Mar 2025 · 11-Mar-2025
# 2025-03-11 · 2025/03/11 · 20250311 · 2025年3月11日 · 11.03.2025 · 03/11/2025 · 2025 March 11
_FORMS = tuple(
    re.compile(rf"{_LEAD}{_WEEKDAY}(?:the\s+)?{form}{_TIME}{_TAIL}", re.IGNORECASE)
    for form in (
        rf"(?P<name>{_MONTH_NAME}){_BETWEEN}(?:the\s+)?{_DAY}(?:[\s,./-]+{_YEAR})?",
        rf"{_DAY}(?:{_BETWEEN}|\s+of\s+)(?P<name>{_MONTH_NAME})(?:[\s,./-]+{_YEAR})?",
        rf"{_YEAR}{_BETWEEN}(?P<name>{_MONTH_NAME}){_BETWEEN}{_DAY}",
        rf"(?P<year>(?:19|20)\d\d)(?P<mark>[-/._])(?P<month>\d\d?)(?P=mark){_DAY}",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>\d\d?)\s?[月월]\s?(?P<day>\d\d?)\s?[日일]",
        r"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>(?:19|20)\d\d)",
        r"(?P<first>\d\d?)(?P<mark>[/-])(?P<second>\d\d?)(?P=mark)(?P<year>(?:19|20)\d\d)",
    )
)
_MARKS = re.compile(
    r"^(?:#{1,6}|>|\*{1,2}|_{1,2}|[-=–—|·•]+)\s*|\s*(?:#{1,6}|\*{1,2}|_{1,2}|[-=–—|·•:]+)$"
)
LONGEST = 80
"""Characters; a line that is nothing but a day is shorter."""


class PrintedDay(Struct, frozen=True):
    """A day as a page prints it, perhaps without its year."""

    month: int
    day: int
    year: int | None
    weekday: int | None
    may_be_swapped: bool = False
    """Whether month and day are two numbers of which either may be the month."""


def printed_day(text: str) -> PrintedDay | None:
    """Read a line that contains nothing but a day.

    Of two numbers with a stroke between, the month stands first unless it cannot.

    >>> printed_day("Mar 11")
    PrintedDay(month=3, day=11, year=None, weekday=None, may_be_swapped=False)
    >>> printed_day("## Daily Papers: Tuesday, 11th of March 2025")
    PrintedDay(month=3, day=11, year=2025, weekday=1, may_be_swapped=False)
    >>> printed_day("2025-03-11") == printed_day("11.03.2025") == printed_day("Mar 11, '25")
    True
    >>> printed_day("March of the Penguins")
    """
    bare = text.strip()
    if not 4 <= len(bare) <= LONGEST or not any(character.isdigit() for character in bare):
        return None
    while (stripped := _MARKS.sub("", bare).strip()) != bare:
        bare = stripped
    for form in _FORMS:
        if match := form.fullmatch(bare):
            return _read(match)
    return None


def _read(match: re.Match[str]) -> PrintedDay | None:
    held = match.groupdict()
    year = held.get("year")
    number = int(year) if year else 2000 + int(held["short"]) if held.get("short") else None
    if name := held.get("name"):
        month, day = MONTHS.index(name.lower()[:3]) + 1, int(held["day"])
    elif first := held.get("first"):
        month, day = int(first), int(held["second"])
        if month > 12:
            month, day = day, month
    else:
        month, day = int(held["month"]), int(held["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    weekday = held.get("weekday") or held.get("weekday_")
    return PrintedDay(
        month,
        day,
        number,
        WEEKDAYS.index(weekday.lower()[:3]) if weekday else None,
        may_be_swapped=bool(held.get("first")) and max(month, day) <= 12 and month != day,
    )
