"""Digest page as text: header lines, a day, then title and abstract in turn."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from msgspec import Struct

from catalog.domain.records import DayBasis, DigestMention, PaperRecord, Problem
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.decoding import excerpt, folded, lines

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Mar 11 · Tue, Mar 11 · March 11, 2025 · 11 Mar 2025
_DAY = re.compile(
    r"(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
    r"(?:(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s+(?P<day>\d{1,2})"
    r"|(?P<day_>\d{1,2})\s+(?P<month_>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?)"
    r"(?:,?\s+(?P<year>\d{4}))?",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?!\d)")

HEADER_LINES = 40
"""The day stands within so many lines that hold anything; what comes before it is the header."""

LONG_TEXT = 250
"""Characters; no title is longer. What is shorter is an abstract if it ends like a sentence."""

SHORT_TEXT = 80
"""Characters; what is shorter is no abstract."""


class Block(Struct, frozen=True):
    """A paragraph of the page."""

    line: int
    text: str

    @property
    def reads_as_abstract(self) -> bool:
        """Whether it is too long for a title, or a sentence of some length."""
        size = len(self.text)
        return size > LONG_TEXT or (size > SHORT_TEXT and self.text[-1] in ".!")


class PrintedDay(Struct, frozen=True):
    """A day as a page prints it, perhaps without its year."""

    month: int
    day: int
    year: int | None
    weekday: int | None


def printed_day(text: str) -> PrintedDay | None:
    """Read a line that holds nothing but a day.

    >>> printed_day("Mar 11")
    PrintedDay(month=3, day=11, year=None, weekday=None)
    >>> printed_day("Tuesday, 11 March 2025")
    PrintedDay(month=3, day=11, year=2025, weekday=1)
    >>> printed_day("March of the Penguins")
    """
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    weekday, year = match["weekday"], match["year"]
    return PrintedDay(
        MONTHS.index((match["month"] or match["month_"]).lower()[:3]) + 1,
        int(match["day"] or match["day_"]),
        int(year) if year else None,
        WEEKDAYS.index(weekday.lower()) if weekday else None,
    )


def recognises(head: Head) -> bool:
    """Say whether a line that is nothing but a day stands among the first lines."""
    held = [line for line in head.text.splitlines() if line.strip()]
    return any(printed_day(line) for line in held[:HEADER_LINES])


def parse(stream: BinaryIO, reading: Reading) -> Iterator[PaperRecord | Problem]:
    """Yield a record for each title with its abstract, and a problem for what is left over.

    Everything before the day is header. A page may hold several days, one after the other.

    Raises:
        FormatError: no day is printed and none given, or the day does not exist.

    """
    day: tuple[dt.date, DayBasis] | None = None
    title: Block | None = None
    rank = 0
    for block in _body(_blocks(lines(stream)), reading):
        if printed := printed_day(block.text):
            if title:
                yield _no_abstract(title)
            day, title, rank = decide_day(printed, block, reading), None, 0
        elif title is None:
            if block.reads_as_abstract:
                yield _no_title(block)
            else:
                title = block
        elif not block.reads_as_abstract:
            yield _no_abstract(title)
            title = block
        else:
            rank += 1
            on, basis = day or (reading.day or reading.read_on, "given")
            yield PaperRecord(
                title=title.text,
                abstract=block.text,
                digest=DigestMention(source="digest-page", day=on, basis=basis, rank=rank),
            )
            title = None
    if title:
        yield _no_abstract(title)


def _blocks(text: Iterable[str]) -> Iterator[Block]:
    """Paragraphs of a text: runs of lines without an empty one between."""
    held: list[str] = []
    begin = 0
    for number, line in enumerate(text, start=1):
        if line.strip():
            begin = begin if held else number
            held.append(line)
        elif held:
            yield Block(begin, folded(" ".join(held)))
            held = []
    if held:
        yield Block(begin, folded(" ".join(held)))


def _body(blocks: Iterator[Block], reading: Reading) -> Iterator[Block]:
    """The paragraphs from the day on; all of them where an option gives the day."""
    header: list[Block] = []
    for block in blocks:
        header.append(block)
        if printed_day(block.text):
            yield block
            yield from blocks
            return
        if len(header) > HEADER_LINES:
            break
    if reading.day is None:
        raise FormatError(
            f"no day is printed in the first {len(header)} paragraphs",
            hint="give the digest's day with --day YYYY-MM-DD",
        )
    yield from header
    yield from blocks


def decide_day(printed: PrintedDay, block: Block, reading: Reading) -> tuple[dt.date, DayBasis]:
    """The whole day that a page prints, and how it is known.

    The year is printed, else given by an option, else the one decided when a document of this name
    with the same day was first read, else in the document's name, else the latest one not in the
    future whose weekday fits, else the latest one not in the future.

    Raises:
        FormatError: there is no such day.

    """
    if reading.day:
        return reading.day, "given"
    if printed.year:
        return _day(printed.year, printed, block), "printed"
    if reading.year:
        return _day(reading.year, printed, block), "given"
    kept = reading.kept_day
    if kept and reading.kept_basis and (kept.month, kept.day) == (printed.month, printed.day):
        return kept, reading.kept_basis
    for year, month, day in _ISO_DAY.findall(PurePosixPath(reading.name).name):
        if (int(month), int(day)) == (printed.month, printed.day):
            return _day(int(year), printed, block), "name"
    basis: DayBasis = "reading" if printed.weekday is None else "weekday"
    for year in range(reading.read_on.year, reading.read_on.year - 40, -1):
        try:
            day_ = dt.date(year, printed.month, printed.day)
        except ValueError:  # Feb 29 in most years
            continue
        if day_ <= reading.read_on and printed.weekday in {None, day_.weekday()}:
            return day_, basis
    raise _no_such_day(block)


def _day(year: int, printed: PrintedDay, block: Block) -> dt.date:
    try:
        return dt.date(year, printed.month, printed.day)
    except ValueError as error:
        raise _no_such_day(block, year) from error


def _no_such_day(block: Block, year: int | None = None) -> FormatError:
    shown = f"{block.text}" + (f" in {year}" if year else "")
    return FormatError(
        f"line {block.line}: there is no day {shown}",
        hint="give the digest's day with --day YYYY-MM-DD",
    )


def _no_abstract(title: Block) -> Problem:
    return Problem(
        where=f"line {title.line}",
        why="a title without an abstract after it",
        raw=excerpt(title.text),
    )


def _no_title(block: Block) -> Problem:
    return Problem(
        where=f"line {block.line}",
        why="an abstract without a title before it",
        raw=excerpt(block.text),
    )


FORMAT = Format(
    name="digest-page",
    title="Digest page as text",
    homepage="https://huggingface.co/papers",
    licence="the authors'; for reading on your own machine",
    rank=30,
    recognises=recognises,
    parse=parse,
)
