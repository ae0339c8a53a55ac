"""Parse arXiv's daily e-mail: new papers, cross-lists, and replacements."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import Struct, field

from catalog.domain.identifiers import arxiv_id
from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import Identifier, PaperRecord, Problem
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.arxiv_remarks import venue_of, withdrawn_by
from etl.formats.toolkit.author_names import split_authors
from etl.formats.toolkit.decoding import kept, lines, title
from etl.formats.toolkit.json_items import Doubts, Outcome, problem, salvaged
from etl.formats.toolkit.mail_text import decoded_mail, is_encoded, text_of_mail
from etl.formats.toolkit.printed_days import rfc822_day
from etl.formats.toolkit.printed_names import arxiv_classes, from_dois
from etl.formats.toolkit.stated_links import links_in
from etl.formats.toolkit.unread_fields import tally

KNOWN = frozenset(
    {"Title", "Authors", "Author", "Categories", "Comments", "DOI", "Date"}
    # Not read: who sent it in, printed citation and number, licence of the full text, and classes
    # that are no arXiv classes.
    | {"From", "Journal-ref", "Report-no", "License", "MSC-class", "ACM-class", "Proxy"}
)
RULE = r"\\"
_BEGIN = late_pattern(r"^\\\\\r?\n(?:arXiv|Paper):\s*\S", re.MULTILINE)
# arXiv:2303.00808 (*cross-listing*)
_NUMBER = late_pattern(r"(?:arXiv|Paper):\s*(\S+)(?:\s+\(\*cross-listing\*\))?.*")
REPLACED = "replaced with revised version "
_FIELD = late_pattern(r"([A-Z][A-Za-z-]+(?: \([^)]*\))?):\s*(.*)")
_SECTION = late_pattern(r"-{70,}|(?:%-){20,}|(?:%%--){10,}%*-*|(?:%%%---){8,}")


class Part(Struct):
    """The part of the mail about one paper, as its lines were printed."""

    line: int
    number: str = ""
    replaced: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    abstract: list[str] = field(default_factory=list)
    ended: bool = False

    def take(self, line: str, last: str) -> str:
        """Take a line of the head; return the name of the field that it belongs to."""
        if not self.number and (match := _NUMBER.fullmatch(line)):
            self.number = match[1]
        elif line.startswith(REPLACED):
            self.replaced = _without_size(line.removeprefix(REPLACED))
        elif line.startswith("  ") and last:
            self.fields[last] += " " + line.strip()
        elif match := _FIELD.fullmatch(line):
            last = match[1]
            self.fields[last] = match[2]
        elif line.strip():
            # A word wrapped without its indent, as some mail programs do.
            last = last or "Title"
            self.fields[last] = f"{self.fields.get(last, '')} {line.strip()}".strip()
        return last


def _without_size(text: str) -> str:
    # Wed, 15 Mar 2023 18:05:58 GMT   (829kb,D)
    return text.partition("(")[0].strip()


def recognises(head: Head) -> bool:
    r"""Return true if a paper's part (`\\`, then its number) is near its beginning."""
    if is_encoded(head.data):
        return _BEGIN.search(text_of_mail(head.data).replace("\r\n", "\n")) is not None
    return _BEGIN.search(head.text) is not None


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each paper, and a problem for each part that is broken.

    https://info.arxiv.org/help/subscribe.html. A replacement has no abstract and no first day. The
    text of an .eml file is decoded first.

    Raises:
        FormatError: there is no paper in it, or it is no text.

    """
    text = lines(decoded_mail(stream, longest=reading.longest))
    yield from salvaged(_outcomes(_parts(text), reading.unread))


def _outcomes(parts: Iterable[Part], unread: Counter[str]) -> Iterator[Outcome]:
    found = False
    for part in parts:
        found = True
        tally(part.fields.keys() - KNOWN, unread)
        try:
            yield from _paper(part)
        except Exception as error:  # whatever one part holds, the others are read
            yield problem(f"line {part.line}", error, str(part.fields.get("Title", part.number)))
    if not found:
        raise FormatError(
            r"no line \\ with a paper's number after it",
            hint="check the file, or name its format with --format",
        )


def _parts(text: Iterable[str]) -> Iterator[Part]:
    r"""Split the mail at its rules `\\`: head, abstract, and the address at the end."""
    part: Part | None = None
    last, in_abstract = "", False
    for number, line in enumerate(text, start=1):
        if line.startswith(RULE + " (") or (part and _SECTION.fullmatch(line.strip())):
            if part:
                part.ended = line.startswith(RULE)
                yield part
            part, in_abstract = None, False
        elif line.rstrip() == RULE:
            if part is None:
                part, last = Part(number), ""
            else:
                in_abstract = True
        elif part and in_abstract:
            part.abstract.append(line)
        elif part:
            last = part.take(line, last)
    if part:
        yield part


def _paper(part: Part) -> Iterator[PaperRecord | Problem]:
    if not part.ended:
        msg = r"it is cut off: expected \\ with the paper's address at its end"
        raise ValueError(msg)
    doubts = Doubts(f"line {part.line}")
    names = [Identifier(scheme="arxiv", value=arxiv_id(part.number))]
    names += doubts.value("DOI", lambda text: list(from_dois(text)), part.fields.get("DOI")) or []
    sent = _without_size(part.fields.get("Date", ""))
    yield PaperRecord(
        title=title(part.fields.get("Title")),
        abstract=kept("\n".join(part.abstract)),
        identifiers=tuple(dict.fromkeys(names)),
        published_on=doubts.value("Date", rfc822_day, sent),
        updated_on=doubts.value("replaced", rfc822_day, part.replaced),
        authors=split_authors(part.fields.get("Authors") or part.fields.get("Author") or ""),
        categories=arxiv_classes(part.fields.get("Categories", "").split()),
        links=tuple(links_in(part.fields.get("Comments"), "Comments")),
        comment=kept(part.fields.get("Comments")),
        venue=venue_of(part.fields.get("Comments")),
        withdrawn=withdrawn_by(part.fields.get("Comments")),
    )
    yield from doubts


FORMAT = Format(
    name="arxiv-email",
    title="arXiv daily e-mail",
    homepage="https://info.arxiv.org/help/subscribe.html",
    licence="CC0-1.0 for metadata",
    rank=10,
    recognises=recognises,
    parse=parse,
)
