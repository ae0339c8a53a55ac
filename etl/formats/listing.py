"""Parse abstract listings: a line "Abstract: ..." for each paper, without titles and days."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import PaperRecord, Problem
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.decoding import excerpt, folded, lines

_ABSTRACT = late_pattern(r"\s*Abstract:\s*", re.IGNORECASE)


def recognises(head: Head) -> bool:
    """Return true if the first line that is not empty begins with "Abstract:"."""
    first = next((line for line in head.text.splitlines() if line.strip()), "")
    return _ABSTRACT.match(first) is not None


def parse(stream: BinaryIO, _reading: Reading) -> Iterator[PaperRecord | Problem]:
    """Yield a record for each "Abstract:" line, and a problem for each that is broken.

    A line that begins otherwise continues the abstract before it, as after a wrap.

    Raises:
        FormatError: there is not one "Abstract:" line.

    """
    place, parts, found = "", [""], False
    for number, line in enumerate(lines(stream), start=1):
        if match := _ABSTRACT.match(line):
            if found:
                yield _record(place, parts)
            place, parts, found = f"line {number}", [line[match.end() :]], True
        elif line.strip() and found:
            parts.append(line)
        elif line.strip():
            yield Problem(
                where=f"line {number}",
                why='expected "Abstract:" at its beginning',
                raw=excerpt(line),
            )
    if not found:
        raise FormatError(
            'no line begins with "Abstract:"',
            hint="check the file, or name its format with --format",
        )
    yield _record(place, parts)


def _record(place: str, parts: list[str]) -> PaperRecord | Problem:
    abstract = folded(" ".join(parts))
    if not any(character.isalpha() for character in abstract):
        return Problem(
            where=place, why='expected an abstract after "Abstract:"', raw=excerpt(" ".join(parts))
        )
    return PaperRecord(abstract=abstract)


FORMAT = Format(
    name="abstract-listing",
    title="Abstract listing",
    homepage="https://arxiv.org/",
    licence="the authors'; for reading on your own machine",
    rank=40,
    recognises=recognises,
    parse=parse,
)
