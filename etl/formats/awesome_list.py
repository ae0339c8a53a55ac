"""Parse "awesome" lists in Markdown: papers with code, whose headings are tasks."""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import Struct

from catalog.domain.addresses import classify
from catalog.domain.formatting import plural
from catalog.domain.identifiers import parse as parse_identifier
from catalog.domain.keys import fold, may_match
from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import LinkRecord, PaperRecord, Problem
from catalog.domain.schemes import PrintedIdentifier
from etl.formats import digest_page
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.decoding import excerpt, lines, title
from etl.formats.toolkit.json_items import Doubts, Outcome, problem, salvaged
from etl.formats.toolkit.list_words import is_label
from etl.formats.toolkit.markdown_lists import HEADING, ITEM, LINK, ROW, Part, list_parts, unmarked
from etl.formats.toolkit.stated_links import link, without_clinging

FEWEST = 2
"""Items with an address of arXiv that make a page with headings a list of papers."""

_ARXIV = late_pattern(
    r"arxiv\.org/(?:abs|pdf|html)/|huggingface\.co/papers/\d|alphaxiv\.org/", re.IGNORECASE
)
_LEAD = late_pattern(
    r"^(?:\s*(?:[\[(](?:[^\[\]()]{1,40})[\])]|\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?)[\s:,|-]*)+"
)
_EMPHASIS = late_pattern(r"(?:\*\*|__)(.+?)(?:\*\*|__)|[“\"]([^“”\"]{8,})[”\"]")
_PAPER_LINK = late_pattern(r"(?:paper|pdf)(?: link)?", re.IGNORECASE)


class Stated(Struct):
    """An address in an item, with its text and where both stand."""

    url: str
    text: str
    start: int
    named: PrintedIdentifier | None = None
    fault: str = ""
    """Why an address of arXiv, or of a DOI, names no paper."""


def recognises(head: Head) -> bool:
    """Return true if it has headings, and items or rows with addresses of arXiv under them."""
    if head.text.lstrip()[:1] in {"{", "<"} and not head.text.lstrip().lower().startswith(
        ("<p", "<h", "<div", "<!--", "<a", "<img")
    ):
        return False
    found, headed = 0, False
    for line in head.text.splitlines():
        headed = headed or HEADING.match(line) is not None
        if (ITEM.match(line) or ROW.match(line)) and _ARXIV.search(line):
            found += 1
    return headed and found >= FEWEST and not digest_page.recognises(head)


def parse(stream: BinaryIO, _reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each paper that an item or a row names by an address.

    https://github.com/topics/awesome-list. Links to code beside a paper are its links, the headings
    above it its tasks. Items that name no paper are counted in one problem at the end.

    Raises:
        FormatError: it names not one paper, or is no text.

    """
    yield from salvaged(_outcomes(list_parts(lines(stream))))


def _outcomes(parts: Iterable[Part]) -> Iterator[Outcome]:
    left, first, found = 0, "", False
    for part in parts:
        try:
            records = list(_papers(part))
        except Exception as error:  # whatever one item holds, the others are read
            yield problem(f"line {part.line}", error, part.text)
            continue
        if not records and any(_stated(part.text)):
            left, first = left + 1, first or f"line {part.line}: {part.text}"
        found = found or bool(records)
        yield from records
    if not found:
        raise FormatError(
            "no item of it has the address of a paper",
            hint="check the file, or name its format with --format",
        )
    if left:
        why = (
            f"{plural(left, 'item')} with links that tell no paper, by an address (arXiv, DOI, "
            "OpenReview) or a title before a link called the paper: left out"
        )
        yield Problem(where="the list", why=why, raw=excerpt(first))


def _papers(part: Part) -> Iterator[PaperRecord | Problem]:
    stated = list(_stated(part.text))
    papers = [one for one in stated if one.named]
    distinct = list(dict.fromkeys(one.named.identifier for one in papers if one.named))
    several = len({one.value for one in distinct if one and one.scheme == "arxiv"}) > 1
    if not papers and (wrong := next((one.fault for one in stated if one.fault), "")):
        raise ValueError(wrong)
    if not several:
        if papers or _is_told_by_title(part, stated):
            yield from _paper(part, part.text, stated)
        return
    # One item that names several papers: each with what stands up to the next.
    starts = [one.start for one in papers]
    for start, end in zip(starts, [*starts[1:], len(part.text)], strict=True):
        held = [one for one in stated if start <= one.start < end]
        yield from _paper(part, "", held)


def _is_told_by_title(part: Part, stated: list[Stated]) -> bool:
    """Return true if an item without a known address is a paper all the same.

    That is a title in a column of titles, or before a link that is called the paper.
    """
    name = _title(part.title, part.text, stated) or ""
    if not may_match(fold(name)):
        return False
    if part.title is not None:
        return any(classify(one.url).repository is None and one.text == name for one in stated)
    return any(_PAPER_LINK.fullmatch(one.text) or one.url.endswith(".pdf") for one in stated)


def _paper(part: Part, text: str, stated: list[Stated]) -> Iterator[PaperRecord | Problem]:
    doubts = Doubts(f"line {part.line}")
    named = [one.named for one in stated if one.named]
    identifiers = dict.fromkeys(filter(None, (one.identifier for one in named)))
    yield PaperRecord(
        title=title(_title(part.title, text, stated)),
        identifiers=tuple(identifiers),
        version=next((one.version for one in named if one.version), None),
        tasks=part.tasks,
        links=tuple(dict.fromkeys(_links(stated, doubts))),
    )
    yield from doubts


def _stated(text: str) -> Iterator[Stated]:
    for match in LINK.finditer(text):
        address = without_clinging(
            (match["url"] or match["href"] or match["bare"] or "").strip("<>")
        )
        if address.startswith(("http://", "https://", "//")):
            shown = match["text"] or match["inner"] or ""
            one = Stated(address, unmarked(shown), match.start())
            try:
                found = parse_identifier(address)
            except ValueError as error:
                one.fault = str(error)
            else:
                one.named = found if found and found.identifier else None
            yield one


def _links(stated: list[Stated], doubts: Doubts) -> Iterator[LinkRecord]:
    """Yield the repositories, and the pages that are called a project's."""
    for one in stated:
        is_page = re.search(r"project|home|page|website", one.text, re.IGNORECASE) is not None
        is_paper = _PAPER_LINK.fullmatch(one.text) is not None or one.url.endswith(".pdf")
        if not one.named and (is_page or is_paper or classify(one.url).kind != "other"):
            found = doubts.value("list", lambda url: link(url, "list"), one.url)
            if found and "shields.io" not in found.url:
                yield found


def _title(cell: str | None, text: str, stated: list[Stated]) -> str | None:
    """Return a paper's title: a cell of that name, the text of a link, or what stands first."""
    if cell and (words := unmarked(cell)) and not is_label(words):
        return words
    for one in stated:
        if one.named and one.text and not is_label(one.text):
            return _without_lead(one.text)
    before = _LEAD.sub("", text[: stated[0].start] if stated else text)
    if match := _EMPHASIS.search(before):
        return unmarked(match[1] or match[2])
    if (words := unmarked(before)) and len(words) >= 8 and not is_label(words):
        return words.rstrip(" ,;(-[")
    first = next((one.text for one in stated if one.text), "")
    return _without_lead(first) if len(first) >= 8 and not is_label(first) else None


def _without_lead(text: str) -> str:
    """Remove a venue or a day in brackets before a title.

    >>> _without_lead("(ICLR 2025) Quills Without Ink"), _without_lead("[2025.03] Quills")
    ('Quills Without Ink', 'Quills')
    """
    return _LEAD.sub("", text).strip() or text


FORMAT = Format(
    name="awesome-list",
    title="Awesome list of papers in Markdown",
    homepage="https://github.com/topics/awesome-list",
    licence="the list's; CC0-1.0 in many",
    rank=40,
    recognises=recognises,
    parse=parse,
)
