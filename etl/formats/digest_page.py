"""Parse digest pages as text: header lines, a day, then titles and abstracts in turn.

What a paragraph is, is decided from all of the day: see `etl.formats.toolkit.page_roles`.
"""

import datetime as dt
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct, field, structs

from catalog.domain.records import DayBasis, DigestMention, Identifier, PaperRecord, Problem
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.day_lines import PrintedDay, printed_day
from etl.formats.toolkit.decoding import excerpt, lines
from etl.formats.toolkit.mail_text import decoded_mail, is_encoded, text_of_mail
from etl.formats.toolkit.page_blocks import Block, Line, blocks, visible
from etl.formats.toolkit.page_roles import (
    ARXIV,
    COMMENTS,
    UPVOTES,
    URL,
    Placed,
    Role,
    authors_in,
    placed,
)
from etl.formats.toolkit.printed_days import days_in_name
from etl.formats.toolkit.printed_names import from_address
from etl.formats.toolkit.stated_links import links_in

log = logging.getLogger(__name__)

HEADER_LINES = 40
"""The day stands within so many lines that hold anything; what comes before it is the header."""

MOST_LINES = 20_000
"""Lines of one day that are looked at together; a page with more is read in portions."""

SHORTEST_BODY = 60
"""Characters: a page of papers has a paragraph that is as long, a list of dates has none."""


class Paper(Struct):
    """A paper of the page, from the blocks read so far."""

    title: Block
    abstract: list[Block] = field(default_factory=list)
    beside: list[Placed] = field(default_factory=list)
    """Lines of authors, votes and links that stand with it."""


def recognises(head: Head) -> bool:
    """Return true if a line with nothing but a day is among the first lines."""
    text = text_of_mail(head.data) if is_encoded(head.data) else head.text
    held = [line.text for line in visible(text.splitlines()) if line.text.strip()]
    day = next((n for n, line in enumerate(held[:HEADER_LINES]) if printed_day(line)), None)
    if day is None:
        return False
    prints_a_month = any(character.isalpha() for character in held[day])
    return prints_a_month or any(len(line) >= SHORTEST_BODY for line in held[day + 1 :])


def parse(stream: BinaryIO, reading: Reading) -> Iterator[PaperRecord | Problem]:
    """Yield a record for each title with its abstract, and a problem for what is left over.

    Everything before the day is header. A page may hold several days, one after the other. The
    text of an .eml file is decoded first.

    Raises:
        FormatError: no day is printed and none given, or the day does not exist.

    """
    rank, shown = 0, None
    text = lines(decoded_mail(stream, longest=reading.longest))
    for line, portion in _days(visible(text), reading):
        on, basis = _day_of(line, reading)
        if line is not None and line is not shown:
            rank, shown = 0, line
            _warn_of_other_day(line, on, reading)
        for found in _papers(placed(blocks(portion))):
            if isinstance(found, Problem):
                yield found
            else:
                rank += 1
                yield _record(found, DigestMention(
                    source="digest-page", day=on, basis=basis, rank=rank,
                    upvotes=_count(UPVOTES, found), comments=_count(COMMENTS, found),
                    observed_at=None,
                ))  # fmt: skip


def _days(page: Iterable[Line], reading: Reading) -> Iterator[tuple[Line | None, list[Line]]]:
    """Yield the line of each day, with the lines below it; None if an option sets the day."""
    day: Line | None = None
    held: list[Line] = []
    before = ""
    seen = 0
    for line in page:
        seen += bool(line.text.strip())
        if printed_day(line.text) and not _goes_on(before):
            if day is not None:
                yield day, held
            day, held = line, []
        else:
            held.append(line)
        if day is None and seen > HEADER_LINES and reading.day is None:
            break
        if len(held) >= MOST_LINES and not line.text.strip() and (day or reading.day):
            yield day, held
            held = []
        before = line.text
    if day is None and reading.day is None:
        raise FormatError(
            f"no day is printed in the first {seen} lines that hold anything",
            hint="give the digest's day with --day YYYY-MM-DD",
        )
    yield day, held


def _goes_on(before: str) -> bool:
    """Return true if a line begins a sentence that the next line continues."""
    bare = before.rstrip()
    return len(bare) > 40 and bare[-1] not in ".!?:)\"'-=*|"


def _day_of(line: Line | None, reading: Reading) -> tuple[dt.date, DayBasis]:
    printed = printed_day(line.text) if line else None
    if line is None or printed is None:
        return reading.day or reading.read_on, "given"
    return decide_day(printed, Block(line=line.number, text=line.text.strip()), reading)


def _warn_of_other_day(line: Line, on: dt.date, reading: Reading) -> None:
    """Log a warning if a day of two numbers may as well be another one."""
    printed = printed_day(line.text)
    if reading.day or printed is None or not printed.may_be_swapped:
        return
    other = dt.date(on.year, on.day, on.month)
    if on in days_in_name(reading.name) or printed.weekday is not None or other > reading.read_on:
        return
    log.warning(
        "line %s: %r was read as %s; if it is %s, set it with --day",
        line.number, line.text.strip(), on, other,
    )  # fmt: skip


def _papers(page: Sequence[Placed]) -> Iterator[Paper | Problem]:
    """Yield the papers of a day in order, and a problem for each title or abstract left over."""
    paper: Paper | None = None
    leading: list[Placed] = []
    are_led = bool(page) and page[0].role is Role.LINKS
    for one in page:
        if one.role is Role.TITLE:
            if paper is not None:
                yield paper if paper.abstract else _no_abstract(paper.title)
            paper, leading = Paper(one.block, beside=leading), []
        elif one.role is Role.ABSTRACT:
            if paper is None:
                yield _no_title(one.block)
            else:
                paper.abstract.append(one.block)
        elif one.role is Role.LINKS and are_led:
            leading.append(one)
        elif one.role is not Role.NOTHING and paper is not None:
            paper.beside.append(one)
    if paper is not None:
        yield paper if paper.abstract else _no_abstract(paper.title)


def _record(paper: Paper, mention: DigestMention) -> PaperRecord:
    written = [one.block.written for one in paper.beside if one.role is Role.LINKS]
    stated = " ".join(filter(None, [paper.title.url, *written]))
    authors = [
        authors_in(one.block.text, alone=True) for one in paper.beside if one.role is Role.AUTHORS
    ]
    return PaperRecord(
        title=paper.title.text,
        abstract="\n\n".join(block.text for block in paper.abstract),
        identifiers=_identifiers(stated),
        authors=tuple(name for names in authors for name in names),
        digest=mention,
        links=tuple(links_in(stated, "page")),
    )


def _identifiers(stated: str) -> tuple[Identifier, ...]:
    """Return the only arXiv identifier that a paper's lines state; none if there are several."""
    found = set()
    for address in (*URL.findall(stated), *ARXIV.findall(stated)):
        try:
            named = from_address(address)
        except ValueError:  # an address of arXiv that leads to a list, or nowhere
            continue
        if named and named.scheme == "arxiv":
            found.add(named)
    return tuple(found) if len(found) == 1 else ()


def _count(pattern: re.Pattern[str], paper: Paper) -> int | None:
    """Read the number in a line of votes in words."""
    for one in paper.beside:
        if one.role is Role.VOTES and (match := pattern.search(one.block.text)):
            number = int((match[1] or match[2]).replace(",", ""))
            return number if number < 2**31 else None
    return None


def decide_day(printed: PrintedDay, block: Block, reading: Reading) -> tuple[dt.date, DayBasis]:
    """Decide the whole day of a page, and how it is known.

    The year is printed, else given by an option, else the one decided when a document of this name
    with the same day was first read, else in the document's name, else the latest one not in the
    future whose weekday fits, else the latest one not in the future.

    Raises:
        FormatError: there is no such day.

    """
    if reading.day:
        return reading.day, "given"
    if printed.may_be_swapped and _is_swapped(printed, reading):
        printed = structs.replace(printed, month=printed.day, day=printed.month)
    if printed.year:
        return _day(printed.year, printed, block), "printed"
    if reading.year:
        return _day(reading.year, printed, block), "given"
    kept = reading.kept_day
    if kept and reading.kept_basis and (kept.month, kept.day) == (printed.month, printed.day):
        return kept, reading.kept_basis
    if year := _in_name(reading.name, printed.month, printed.day):
        return _day(year, printed, block), "name"
    basis: DayBasis = "reading" if printed.weekday is None else "weekday"
    for year in range(reading.read_on.year, reading.read_on.year - 40, -1):
        try:
            day_ = dt.date(year, printed.month, printed.day)
        except ValueError:  # Feb 29 in most years
            continue
        if day_ <= reading.read_on and printed.weekday in {None, day_.weekday()}:
            return day_, basis
    raise _no_such_day(block)


def _is_swapped(printed: PrintedDay, reading: Reading) -> bool:
    """Return true if of two numbers the first is the day: by the name, the weekday, the future."""
    if _in_name(reading.name, printed.day, printed.month):
        return True
    if printed.year is None:
        return False
    usual = dt.date(printed.year, printed.month, printed.day)
    other = dt.date(printed.year, printed.day, printed.month)
    if printed.weekday is not None and usual.weekday() != other.weekday():
        return printed.weekday == other.weekday()
    return usual > reading.read_on >= other


def _in_name(name: str, month: int, day: int) -> int | None:
    """Find the year beside this month and day in a document's name."""
    fitting = (on.year for on in days_in_name(name) if (on.month, on.day) == (month, day))
    return next(fitting, None)


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
    is_digest=True,
    recognises=recognises,
    parse=parse,
)
