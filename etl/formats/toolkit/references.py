"""Convert references, as programs for bibliographies keep them, to records of papers.

BibTeX, RIS, CSL-JSON and tables name the same facts by different words. Each format fills a
`Reference`; the identifiers are found here, in whichever field holds them.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from catalog.domain.identifiers import arxiv_id, parse
from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import Identifier, LinkRecord, PaperRecord
from catalog.domain.schemes import PrintedIdentifier
from etl.formats.toolkit.decoding import folded, kept, title
from etl.formats.toolkit.json_items import Doubts, Outcome
from etl.formats.toolkit.printed_days import MONTHS, iso_day, plausible
from etl.formats.toolkit.printed_names import arxiv_classes
from etl.formats.toolkit.stated_links import link, links_in

_IDENTIFIED = late_pattern(
    r"(?:arxiv|corr\b|abs/|doi\b|10\.\d{4,9}/|https?://|openreview|openalex)", re.IGNORECASE
)
_FIRST = late_pattern(
    r"(?:arxiv preprint\s+)?(?:arxiv:\s*|doi:?\s+|https?://(?:dx\.)?doi\.org/|10\.\d{4,9}/|"
    r"https?://(?:www\.)?arxiv\.org/)\S+(?:\s+\[[a-z-]+(?:\.[A-Za-z-]+)?\])?",
    re.IGNORECASE,
)
_CLASS = late_pattern(r"\[([a-z-]+\.[A-Za-z-]+|(?:hep|math|nucl)-\w+|gr-qc|quant-ph)\]")
_COMMENT = late_pattern(r"comments?:\s*", re.IGNORECASE)
_YEAR = late_pattern(r"(?<!\d)(1[6-9]\d\d|20\d\d)(?!\d)")
_DAY = late_pattern(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T /].*)?", re.DOTALL)
_BETWEEN = late_pattern(r"[;,\n]")


class Reference(Struct, kw_only=True):
    """A reference in neutral words, with texts as its format keeps them."""

    title: str | None = None
    abstract: str | None = None
    authors: tuple[str, ...] = ()
    named: tuple[tuple[str, str | None], ...] = ()
    """Fields that hold an identifier, with their texts; what holds none is a doubt."""
    addresses: tuple[tuple[str, str | None], ...] = ()
    """Fields that hold addresses: of the paper, or of what belongs to it."""
    remarks: tuple[tuple[str, str | None], ...] = ()
    """Fields in which an identifier may stand among other words."""
    venue: str | None = None
    year: str | None = None
    date: str | None = None
    keywords: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    links: tuple[LinkRecord, ...] = ()


def outcomes(held: Reference, where: str) -> Iterator[Outcome]:
    """Yield the record of a reference, and a problem for each field that is wrong.

    Raises:
        ValueError: it tells no paper.

    """
    doubts = Doubts(where)
    found = _Found(doubts)
    found.read(held)
    record = PaperRecord(
        title=title(held.title),
        abstract=kept(held.abstract),
        identifiers=tuple(found.identifiers),
        published_on=_day(held),
        authors=tuple(filter(None, map(title, held.authors))),
        categories=arxiv_classes(filter(None, (*held.classes, *found.classes))),
        tasks=tuple(dict.fromkeys(filter(None, map(title, held.tasks)))),
        links=tuple(dict.fromkeys((*held.links, *found.links))),
        version=found.version,
        comment=kept("\n".join(dict.fromkeys(found.comments))),
        venue=venue_in_year(title(held.venue), held.year or held.date),
        keywords=tuple(dict.fromkeys(filter(None, map(title, held.keywords)))),
    )
    if not (record.title or record.abstract or record.identifiers):
        msg = "it tells no paper: expected a title, an abstract or an identifier"
        raise ValueError(msg)
    yield record
    yield from doubts


class _Found:
    """The identifiers, links and remarks in the fields of one reference."""

    def __init__(self, doubts: Doubts) -> None:
        self.doubts = doubts
        self.identifiers: list[Identifier] = []
        self.links: list[LinkRecord] = []
        self.classes: list[str] = []
        self.comments: list[str] = []
        self.version: int | None = None

    def read(self, held: Reference) -> None:
        """Read all fields, those that name the paper best first."""
        for name, text in held.named:
            found = self.doubts.value(name, identifier_in, text)
            if found:
                self._add(name, found, text or "")
        for name, text in held.addresses:
            for address in (text or "").split():
                self._address(name, address)
        for name, text in held.remarks:
            for line in (text or "").splitlines():
                self._remark(name, line.strip())

    def _address(self, name: str, address: str) -> None:
        found = self.doubts.value(name, parse, address)
        if found and found.identifier:
            self._add(name, found, address)
        elif "." in address and not any(
            one.where == self.doubts.where and one.raw == address for one in self.doubts
        ):
            held = self.doubts.value(name, lambda text: link(text, name), address)
            self.links += [held] if held else []

    def _remark(self, name: str, line: str) -> None:
        """Read a line that may begin with an identifier; more words behind it are a remark.

        An identifier in the middle is that of another paper: "extends arXiv:1706.03762".
        """
        text = line
        if _IDENTIFIED.search(line):
            match = _FIRST.match(line)
            printed = _parsed(line) or (_parsed(match.group().rstrip(",.;")) if match else None)
            if printed and printed.identifier:
                self._add(name, printed, line)
                self.classes += _CLASS.findall(line)
                is_all = _parsed(line) is not None or match is None
                text = "" if is_all or match is None else line[match.end() :].strip(" ,.;")
        self.links += links_in(text, name)
        if text := _COMMENT.sub("", text, count=1):
            self.comments.append(text)

    def _add(self, name: str, found: PrintedIdentifier, raw: str) -> None:
        identifier = found.identifier
        if identifier is None:
            return
        if identifier in self.identifiers:
            self.version = self.version or found.version
            return
        others = [one for one in self.identifiers if one.scheme == identifier.scheme == "arxiv"]
        if others:
            self.doubts.value(name, lambda _: _refuse(identifier, others[0]), raw)
            return
        self.identifiers.append(identifier)
        self.version = self.version or found.version


def _refuse(found: Identifier, kept_one: Identifier) -> None:
    msg = f"it names another paper of arXiv, {found.value}, than {kept_one.value}"
    raise ValueError(msg)


def _parsed(text: str) -> PrintedIdentifier | None:
    try:
        return parse(text)
    except ValueError:  # the form of one, and none: words to be kept as they are
        return None


def identifier_in(text: str) -> PrintedIdentifier:
    """Return the identifier that a field holds, in any printed form.

    >>> identifier_in("arXiv:1706.03762 [cs]").value, identifier_in("doi:10.1000/182").scheme
    ('1706.03762', 'doi')

    Raises:
        ValueError: it is none that is known.

    """
    found = parse(text)
    if found is None or found.identifier is None:
        msg = f"{folded(text)[:100]!r} is no identifier that is known: expected e.g. 1706.03762"
        raise ValueError(msg)
    return found


def arxiv_in(text: str) -> bool:
    """Return true if a text is an identifier of arXiv.

    >>> arxiv_in("1706.03762v5"), arxiv_in("e0123"), arxiv_in("cs/0112017")
    (True, False, True)
    """
    try:
        return bool(arxiv_id(text))
    except ValueError:
        return False


def venue_in_year(venue: str | None, printed: str | None) -> str | None:
    """Return a venue with the year of the paper behind it, unless its name has a year.

    A year alone is no day on which a paper appeared; beside its venue it stays.

    >>> venue_in_year("Nature", "2015"), venue_in_year("Proc. of NeurIPS 2017", "2017-12-04")
    ('Nature 2015', 'Proc. of NeurIPS 2017')
    """
    if venue is None or _PREPRINT.fullmatch(venue):
        return None
    year = _YEAR.search(printed or "")
    return f"{venue} {year[1]}" if year and not _YEAR.search(venue) else venue


_PREPRINT = late_pattern(
    r"(?:arxiv(?:\.org)?(?:\s+preprint)?(?:\s+arxiv:\s*\S+|\s+\S*\d{4}\.\d{4,5}\S*)?|corr|"
    r"(?:arxiv\s+)?(?:e-?prints?|preprints?)|arxiv:\s*\S+(?:\s+\[\S+\])?)",
    re.IGNORECASE,
)
"""What stands for a venue where there is none."""


def _day(held: Reference) -> dt.date | None:
    """Return the day of a date that is printed whole; a year or a month alone is none."""
    try:
        return _whole_day(held.date or "")
    except ValueError:
        return None


def _whole_day(text: str) -> dt.date | None:
    """Return the day of a date that is printed whole; a month or day of 0 is left open.

    Raises:
        ValueError: there is no such day, or its year is out of range.

    """
    match = _DAY.fullmatch(text.strip().rstrip("/"))
    if match is None or not (int(match[2]) and int(match[3])):
        return None
    return plausible(dt.date(int(match[1]), int(match[2]), int(match[3])))


def dated(text: str) -> str:
    """Return a text that tells a day, or at least a year.

    Raises:
        ValueError: it tells neither.

    """
    try:
        is_dated = _whole_day(text) is not None or _YEAR.search(text) is not None
    except ValueError:
        is_dated = False
    if not is_dated:
        msg = f"{folded(text)[:50]!r} is no date: expected e.g. 2024-05-17, 2024-05 or 2024"
        raise ValueError(msg)
    return text


def day_of(year: str | None, month: str | None, day: str | None) -> str | None:
    """Return a day from its parts, where all three are printed; months by name or number.

    >>> day_of("2017", "June", "12"), day_of("2017", "6", None)
    ('2017-06-12', None)
    """
    short = (month or "").strip()[:3].title()
    number = str(MONTHS.index(short) + 1) if short in MONTHS else (month or "").strip()
    parts = ((year or "").strip(), number, (day or "").strip())
    if not all(part.isdecimal() for part in parts):
        return None
    try:
        return iso_day(f"{parts[0]}-{int(parts[1]):02}-{int(parts[2]):02}").isoformat()
    except ValueError:
        return None


def given_first(name: str) -> str:
    """Put the given name first: "Rodrigues, Jr., Waldyr A." is "Waldyr A. Rodrigues Jr.".

    >>> given_first("van der Berg, Anna"), given_first("Rodrigues, Jr., W."), given_first("A Team")
    ('Anna van der Berg', 'W. Rodrigues Jr.', 'A Team')
    """
    parts = [part.strip() for part in name.split(",")]
    match parts:
        case [last, first]:
            return folded(f"{first} {last}")
        case [last, suffix, first]:
            if _SUFFIX.fullmatch(first):
                suffix, first = first, suffix
            return folded(f"{first} {last} {suffix}")
        case _:
            return folded(name)


_SUFFIX = late_pattern(r"(?:Jr|Sr)\.?|I{2,3}|IV")


def words_in(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Split lists of keywords at commas, semicolons and lines.

    >>> words_in(["Computer Science - Machine Learning, vision", None])
    ('Computer Science - Machine Learning', 'vision')
    """
    return tuple(word.strip() for text in texts for word in _BETWEEN.split(text or "") if word)
