"""Read days on lines of their own, with or without a year, in every usual print."""

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

from catalog.domain.late_patterns import late_pattern

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MONTHS = (
    "january|jan|januar|jänner|janvier|janv|enero|gennaio|janeiro|januari|января",
    "february|feb|februar|février|févr|febrero|febbraio|fevereiro|februari|февраля",
    "march|mar|märz|mrz|mars|marzo|março|maart|марта",
    "april|apr|avril|avr|abril|abr|aprile|апреля",
    "may|mai|mayo|maggio|maio|mei|мая",
    "june|jun|juni|juin|junio|giugno|junho|июня",
    "july|jul|juli|juillet|juil|julio|luglio|julho|июля",
    "august|aug|août|agosto|augustus|августа",
    "september|sept|sep|septembre|septiembre|settembre|setembro|сентября",
    "october|oct|oktober|okt|octobre|octubre|ottobre|outubro|октября",
    "november|nov|novembre|noviembre|novembro|ноября",
    "december|dec|dezember|dez|décembre|déc|diciembre|dicembre|dezembro|декабря",
)
_MONTH_NUMBERS = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split("|")
}
_LONGEST_FIRST = sorted(_MONTH_NUMBERS, key=len, reverse=True)

_NAME = rf"(?P<name>{'|'.join(_LONGEST_FIRST)})(?![^\W\d_])\.?"
_WEEKDAY = late_pattern(
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?",
    re.IGNORECASE,
)
_CJK_WEEKDAY = late_pattern(
    r"(?:星期|周|週)([一二三四五六日天])|([月火水木金土日])曜日?|\(([月火水木金土日])\)"
)
_CJK_WEEKDAYS = ("一月", "二火", "三水", "四木", "五金", "六土", "日天")
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_SHORT = r"'(?P<short>\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th|er|º|\.)?"
_OF = r"(?:[\s.,/-]{0,3}|\s+(?:of|de|di|del)\s+)"
_TIME = (
    r"(?:\d\d?:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[AP]M|Z|UTC|GMT|E[SD]T|P[SD]T|CES?T|[+-]\d\d:?\d\d)?)"
)

# Mar 11 · March 11th, 2025 · Mar 11, '25 · 11 March · 11th of Mar 2025 · 11-Mar-25 · Mar11
# 2025-03-11 · 2025/03/11 · 20250311 · 2025年3月11日 · 11.03.2025 · 03/11/2025 · 2025 March 11
_FORMS = tuple(
    late_pattern(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d){_YEAR}{_OF}{_NAME}{_OF}{_DAY}",
        rf"{_NAME}[\s.,/-]{{0,3}}(?:the\s+)?{_DAY}\s+{_TIME}\s*{_YEAR}",
        rf"{_NAME}[\s.,/-]{{0,3}}(?:the\s+)?{_DAY}(?:[\s,./-]+{_YEAR}|[\s,./-]*{_SHORT})?",
        rf"{_DAY}-{_NAME}-(?P<short>\d\d)(?!\d)",
        rf"{_DAY}{_OF}{_NAME}(?:{_OF}{_YEAR}|[\s,./-]*{_SHORT})?",
        rf"(?<!\d){_YEAR}(?P<mark>\s?[-/._]\s?|\s)(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)",
        r"(?<!\d)(?:(?P<year>(?:19|20)\d\d)\s?[年년]\s?)?(?P<month>\d\d?)\s?[月월]\s?(?P<day>\d\d?)\s?[日일号號]",
        r"(?<!\d)(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?:(?P<year>(?:19|20)\d\d)|(?P<short>\d\d))(?!\d)",
        r"(?<!\d)(?P<first>\d\d?)(?P<mark>[/-])(?P<second>\d\d?)(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d)",
        r"(?<!\d)(?P<first>\d\d?)/(?P<second>\d\d?)/(?P<short>\d\d)(?!\d)",
    )
)
_COUNTED = late_pattern(
    r"\d{1,4}\s*(?:new\s+)?(?:papers?|articles?|items?|entries)\b", re.IGNORECASE
)
_NUMBERED = late_pattern(
    r"(?:\b(?:issue|vol(?:ume)?|no|number|edition|digest|week|part)\b\.?\s*#?|#)\s*\d{1,4}\b",
    re.IGNORECASE,
)
_CLOCK = late_pattern(rf"(?:\bT|\bat\b)?\s*{_TIME}", re.IGNORECASE)
_TAG = late_pattern(
    r"</?(?:b|i|u|p|em|strong|h[1-6]|time|span|center)(?:\s[^<>]{0,200})?>", re.IGNORECASE
)
_LINK = late_pattern(r"\[([^\[\]]{1,80})\]\([^\s()]{1,300}\)")
"""A link in Markdown, of which only the text is read."""
_MARKUP = late_pattern(r"[<\"{}\\]")
"""What stands beside days in XML, JSON and TeX."""
_YEAR_MARK = late_pattern(r"\s*г\.?")
"""What Russian prints behind a year."""
_WORD = late_pattern(
    r"to-?day(?:'?s)?|this|daily|weekly|week|hugging|face|huggingface|arxiv|hf|ai|ml|cs|cl|cv|lg|"
    r"nlp|llm|top|trending|hot|new|newest|latest|recent|research|papers?|digest|newsletter|news|"
    r"list|picks|edition|issue|updated?|updates|dated?|day|for|of|on|from|the|at|as|in|by|e-?mail|"
    r"mail|feed|summary|report|roundup|highlights|archive|s",
    re.IGNORECASE,
)
"""Words that may stand beside a day on its line: whatever else does makes the line no day.
"Published on" is none of them: it stands beside a paper."""
_FLAT = str.maketrans({**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("’‘`´", "'")})

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
    """Read a line that contains nothing but a day, and words such as "Daily Papers".

    Of two numbers with a stroke between, the month stands first unless it cannot.

    >>> printed_day("Mar 11")
    PrintedDay(month=3, day=11, year=None, weekday=None, may_be_swapped=False)
    >>> printed_day("## Daily Papers: Tuesday, 11th of March 2025 (24 papers)")
    PrintedDay(month=3, day=11, year=2025, weekday=1, may_be_swapped=False)
    >>> printed_day("2025-03-11") == printed_day("11.03.25") == printed_day("[Mar 11, '25]")
    True
    >>> printed_day("March of the Penguins")
    """
    text = _LINK.sub(r"\1", text.strip()) if "](" in text[:LONGEST] else text.strip()
    if not 4 <= len(text) <= LONGEST or not any(character.isdigit() for character in text):
        return None
    line = unicodedata.normalize("NFKC", text).translate(_FLAT)
    return next(filter(None, map(_read, _found(line), [line] * len(_FORMS))), None)


def _found(line: str) -> Iterator[re.Match[str]]:
    """Yield each way in which a part of the line may be a day."""
    return filter(None, (form.search(line) for form in _FORMS))


def _read(match: re.Match[str], line: str) -> PrintedDay | None:
    """Return the day that was found, unless the line holds more than a day."""
    rest = f"{line[: match.start()]} | {_YEAR_MARK.sub('', line[match.end() :], count=1)}"
    weekdays = list(_weekdays(rest))
    if len(weekdays) > 1 or not _is_beside_a_day(_without_weekdays(rest)):
        return None
    held = match.groupdict()
    short = held.get("short")
    year = held.get("year") or (f"20{short}" if short else None)
    month, day = _month_and_day(held)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return PrintedDay(
        month,
        day,
        int(year) if year else None,
        weekdays[0] if weekdays else None,
        may_be_swapped=bool(held.get("first")) and max(month, day) <= 12 and month != day,
    )


def _month_and_day(held: dict[str, str | None]) -> tuple[int, int]:
    if name := held.get("name"):
        return _MONTH_NUMBERS[name.lower()], int(held["day"] or 0)
    if first := held.get("first"):
        month, day = int(first), int(held["second"] or 0)
        return (day, month) if month > 12 else (month, day)
    return int(held["month"] or 0), int(held["day"] or 0)


def _weekdays(rest: str) -> Iterator[int]:
    for found in _WEEKDAY.finditer(rest):
        yield WEEKDAYS.index(found.group().lower()[:3])
    for found in _CJK_WEEKDAY.finditer(rest):
        name = found[found.lastindex or 0]
        yield next(n for n, held in enumerate(_CJK_WEEKDAYS) if name in held)


def _without_weekdays(rest: str) -> str:
    return _CJK_WEEKDAY.sub(" ", _WEEKDAY.sub(" ", rest))


def _is_beside_a_day(rest: str) -> bool:
    """Return true if what stands beside a day on its line is marks and usual words."""
    for pattern in (_TAG, _CLOCK, _NUMBERED, _COUNTED):
        rest = pattern.sub(" ", rest)
    if _MARKUP.search(rest):
        return False
    words = re.findall(r"[\w']+", rest.replace("_", " "))
    return all(_WORD.fullmatch(word.strip("'")) for word in words if word.strip("'"))
