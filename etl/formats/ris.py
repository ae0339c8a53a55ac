"""Parse RIS: references as Zotero, EndNote and publishers' pages export them.

rispy reads each reference. References are cut from the stream at their last line, `ER`, so that a
file of any size is read in the memory of one, and a broken one costs itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from catalog.domain.late_patterns import late_pattern
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.decoding import lines
from etl.formats.toolkit.json_items import Outcome, problem, salvaged
from etl.formats.toolkit.references import Reference, arxiv_in, given_first, outcomes, words_in
from etl.formats.toolkit.unread_fields import tally

READ = frozenset({
    "type_of_reference", "title", "primary_title", "authors", "first_authors", "abstract",
    "notes_abstract", "doi", "urls", "notes", "note", "keywords", "year", "publication_year",
    "date",
    "secondary_title", "journal_name", "alternate_title3", "alternate_title2", "publisher",
    "file_attachments1", "file_attachments2", "number", "volume", "accession_number",
    "tertiary_title", "research_notes",
})  # fmt: skip
IGNORED = frozenset({
    # Where in a volume it stands, and who printed it.
    "start_page", "end_page", "issn", "edition", "section", "place_published", "number_of_volumes",
    "alternate_title1", "secondary_authors", "tertiary_authors", "subsidiary_authors",
    "short_title", "translated_title", "translated_author", "reviewed_item", "original_publication",
    "reprint_edition", "type_of_work", "caption", "figure",
    # Of the program, the library and its user.
    "id", "language", "label", "access_date", "name_of_database", "database_provider",
    "author_address", "call_number", "end_of_reference", "custom1", "custom2", "custom3", "custom4",
    "custom5", "custom6", "custom7", "custom8", "unknown_tag",
})  # fmt: skip
"""Fields that are known and not read, by the names that rispy gives to tags."""
LONGEST_REFERENCE = 1_000_000
"""Characters; what is longer is no reference that people or programs write."""

_TYPE = late_pattern(r"\s*TY\s{1,3}-\s*[A-Z]{2,7}\s*$")
_END = late_pattern(r"\s*ER\s{1,3}-")
_TAG = late_pattern(r"^\s*([A-Z][A-Z0-9])\s{1,3}-(?:\s(.*)|)$")


def recognises(head: Head) -> bool:
    """Return true if the first line that is not empty is the type of a reference."""
    first = next((line for line in head.text.splitlines() if line.strip()), "")
    return _TYPE.match(first) is not None


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each reference, and a problem for each that is broken.

    https://en.wikipedia.org/wiki/RIS_(file_format)

    Raises:
        FormatError: there is no reference in it, or it is no text.

    """
    yield from salvaged(_outcomes(_chunks(lines(stream)), reading.unread))


def _outcomes(chunks: Iterable[tuple[int, list[str]]], unread: Counter[str]) -> Iterator[Outcome]:
    found = False
    for number, held in chunks:
        found = True
        try:
            yield from _paper(held, f"line {number}", unread)
        except Exception as error:  # whatever one reference holds, the others are read
            yield problem(f"line {number}", error, "\n".join(held))
    if not found:
        raise FormatError(
            'no line "TY  - " begins a reference',
            hint="check the file, or name its format with --format",
        )


def _chunks(text: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Cut the text into references, from `TY` to `ER` or the next `TY`."""
    begun, parts, length = 0, [""], 0
    for number, line in enumerate(text, start=1):
        begins = _TYPE.match(line)
        if begins or _END.match(line) or length > LONGEST_REFERENCE:
            if begun:
                yield begun, parts
            begun, parts, length = (number if begins else 0), [], 0
        if begun:
            parts.append(line)
            length += len(line)
    if begun:
        yield begun, parts


def _paper(held: list[str], where: str, unread: Counter[str]) -> Iterator[Outcome]:
    import rispy

    text = "\n".join((*_joined(held), "ER  - ", ""))
    found = rispy.loads(text, skip_unknown_tags=False)[0]
    unknown = found.get("unknown_tag", {})
    tally((*(found.keys() - READ - IGNORED), *unknown), unread)
    yield from outcomes(_reference(found), where)


def _joined(held: Iterable[str]) -> Iterator[str]:
    """Yield the lines of tags in one form; lines that go on belong to the tag before."""
    current = ""
    for line in held:
        if match := _TAG.match(line):
            if current:
                yield current
            current = f"{match[1]}  - {(match[2] or '').strip()}"
        elif line.strip():
            current += f" {line.strip()}"
    if current:
        yield current


def _reference(found: dict[str, Any]) -> Reference:
    def first(*names: str) -> str | None:
        return next((text for name in names if (text := found.get(name))), None)

    number = found.get("number", "")
    return Reference(
        title=first("title", "primary_title"),
        abstract=first("abstract", "notes_abstract"),
        authors=tuple(map(given_first, found.get("authors") or found.get("first_authors") or ())),
        named=(("DO", found.get("doi")),),
        addresses=(
            ("UR", "\n".join(found.get("urls", ()))),
            *(
                (tag, address)
                for tag, name in (("L1", "file_attachments1"), ("L2", "file_attachments2"))
                for address in _lines_of(found.get(name))
                if "://" in address
            ),
        ),
        remarks=(
            ("N1", "\n".join(found.get("notes", ()))),
            ("M1", first("note")),
            ("RN", first("research_notes")),
            ("IS", number if "arxiv" in number.lower() or arxiv_in(number) else None),
            ("PB", _arxiv(first("publisher"))),
            ("AN", _arxiv(first("accession_number"))),
        ),
        venue=first(
            "secondary_title", "journal_name", "alternate_title3", "alternate_title2", "publisher"
        ),
        year=first("year", "publication_year", "date"),
        date=_date(first("date", "publication_year", "year")),
        keywords=words_in(found.get("keywords", ())),
    )


def _lines_of(held: str | list[str] | None) -> list[str]:
    return held.splitlines() if isinstance(held, str) else list(held or ())


def _arxiv(text: str | None) -> str | None:
    return text if text and re.match(r"arxiv:", text, re.IGNORECASE) else None


def _date(text: str | None) -> str | None:
    """Return the day in RIS's form YYYY/MM/DD/other.

    >>> _date("2017/06/12/"), _date("2017///")
    ('2017-06-12', '2017')
    """
    return "-".join(part for part in (text or "").split("/")[:3] if part) or None


FORMAT = Format(
    name="ris",
    title="RIS references",
    homepage="https://en.wikipedia.org/wiki/RIS_(file_format)",
    licence="that of the sources it was made from",
    rank=40,
    recognises=recognises,
    parse=parse,
)
