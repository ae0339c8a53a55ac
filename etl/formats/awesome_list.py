"""Parse "awesome" lists in Markdown: papers with code, whose headings are tasks."""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import Struct

from catalog.domain.addresses import classify
from catalog.domain.formatting import plural
from catalog.domain.identifiers import parse as parse_identifier
from catalog.domain.keys import fold, may_match
from catalog.domain.records import LinkRecord, PaperRecord, Problem
from catalog.domain.schemes import PrintedIdentifier
from etl.formats import digest_page
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.decoding import excerpt, folded, lines, title
from etl.formats.toolkit.json_items import Doubts, Outcome, problem, salvaged
from etl.formats.toolkit.stated_links import link, without_clinging

FEWEST = 2
"""Items with an address of arXiv that make a page with headings a list of papers."""
LONGEST_ITEM = 5_000
"""Characters of an item that are read."""

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?(.*)")
_ROW = re.compile(r"\s*\|(.*)\|\s*$")
_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_LINK = re.compile(
    r"!\[[^\[\]]*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"
    r"|\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\](?:\([^()]*\))?)*)\]"
    r"\((?P<url><[^<>]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+[\"'][^\"']*[\"'])?\)"
    r"|<a\s[^<>]*?href=[\"'](?P<href>[^\"']*)[\"'][^<>]*>(?P<inner>.*?)</a>"
    r"|(?P<bare>https?://[^\s<>()\[\]|]+)",
    re.IGNORECASE,
)
_ARXIV = re.compile(
    r"arxiv\.org/(?:abs|pdf|html)/|huggingface\.co/papers/\d|alphaxiv\.org/", re.IGNORECASE
)
_LABELS = frozenset(
    [
        "paper",
        "papers",
        "pdf",
        "arxiv",
        "abs",
        "abstract",
        "link",
        "links",
        "url",
        "html",
        "project",
        "page",
        "website",
        "web",
        "homepage",
        "code",
        "github",
        "git",
        "repo",
        "repository",
        "official",
        "pytorch",
        "tensorflow",
        "jax",
        "demo",
        "video",
        "youtube",
        "slides",
        "poster",
        "blog",
        "data",
        "dataset",
        "datasets",
        "model",
        "models",
        "weights",
        "bib",
        "bibtex",
        "openreview",
        "here",
        "doi",
        "supp",
        "supplementary",
        "star",
        "stars",
        "hf",
        "hugging",
        "face",
        "huggingface",
        "the",
        "implementation",
        "site",
        "talk",
    ]
)
"""Words of links that say what they lead to, and of no title."""
_LEAD = re.compile(
    r"^(?:\s*(?:[\[(](?:[^\[\]()]{1,40})[\])]|\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?)[\s:,|-]*)+"
)
_EMPHASIS = re.compile(r"(?:\*\*|__)(.+?)(?:\*\*|__)|[“\"]([^“”\"]{8,})[”\"]")
_EMPHASIS_MARKS = re.compile(r"[*`]+|~~|(?<!\w)_+|_+(?!\w)")
_MARKS = re.compile(r"</?\w+[^<>]*>|:[a-z0-9_+-]+:|\[\s*\]|\(\s*\)")
_GENERAL = frozenset(
    [
        "paper",
        "papers",
        "content",
        "contents",
        "table",
        "toc",
        "introduction",
        "overview",
        "resource",
        "resources",
        "reference",
        "references",
        "list",
        "latest",
        "news",
        "update",
        "updates",
        "updated",
        "contributing",
        "contribution",
        "contributions",
        "license",
        "licence",
        "citation",
        "acknowledgement",
        "acknowledgements",
        "acknowledgments",
        "related",
        "other",
        "others",
        "misc",
        "miscellaneous",
        "code",
        "survey",
        "surveys",
        "review",
        "reviews",
        "arxiv",
        "preprint",
        "preprints",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "a",
        "the",
        "of",
        "and",
        "by",
        "year",
        "to",
        "be",
        "more",
        "work",
        "works",
    ]
)
"""Words of headings that tell no task."""
_VENUE_YEAR = re.compile(r"[A-Za-z]{0,8}['’]?(?:19|20)?\d\d")
_PAPER_LINK = re.compile(r"(?:paper|pdf)(?: link)?", re.IGNORECASE)
_TITLE_COLUMN = re.compile(r"(?:paper\s*)?(?:title|name)|papers?", re.IGNORECASE)


class Part(Struct):
    """An item of a list, or a row of a table, with the headings above it."""

    line: int
    text: str
    tasks: tuple[str, ...]
    title: str | None = None
    """The cell of a table that holds the title."""


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
        headed = headed or _HEADING.match(line) is not None
        if (_ITEM.match(line) or _ROW.match(line)) and _ARXIV.search(line):
            found += 1
    return headed and found >= FEWEST and not digest_page.recognises(head)


def parse(stream: BinaryIO, _reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each paper that an item or a row names by an address.

    https://github.com/topics/awesome-list. Links to code beside a paper are its links, the headings
    above it its tasks. Items that name no paper are counted in one problem at the end.

    Raises:
        FormatError: it names not one paper, or is no text.

    """
    yield from salvaged(_outcomes(_parts(lines(stream))))


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


def _parts(text: Iterable[str]) -> Iterator[Part]:
    """Yield the items and rows of a page; what goes on below an item belongs to it."""
    headings: dict[int, str] = {}
    held: Part | None = None
    column, is_code = _Columns(), False
    for number, line in enumerate(text, start=1):
        if _FENCE.match(line):
            is_code = not is_code
        heading, item, row = _HEADING.match(line), _ITEM.match(line), _ROW.match(line)
        if is_code or heading or item or row or not line.strip():
            if held and not (not line.strip() and not heading):
                yield held
                held = None
        elif held and line[:1].isspace() and len(held.text) < LONGEST_ITEM:
            held.text += f" {line.strip()}"
        if is_code:
            continue
        if heading:
            level = len(heading[1])
            headings = {key: name for key, name in headings.items() if key < level}
            headings[level] = _words(heading[2])
            column = _Columns()
        elif item:
            held = Part(number, item[1][:LONGEST_ITEM], _tasks(headings))
        elif row and not _RULE.match(line):
            cells = _cells_of(row[1])
            if column.take(cells):
                yield Part(number, row[1][:LONGEST_ITEM], _tasks(headings), column.title(cells))
    if held:
        yield held


def _cells_of(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)]


class _Columns:
    """The columns of a table, known from its first row."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def take(self, cells: list[str]) -> bool:
        """Take a row; return false for the first, which names the columns."""
        if self.names:
            return True
        self.names = [_words(cell) for cell in cells]
        return any("http" in cell for cell in cells)

    def title(self, cells: list[str]) -> str | None:
        """Return the cell of the column that is called title, paper or name."""
        for name, cell in zip(self.names, cells, strict=False):
            if _TITLE_COLUMN.fullmatch(name):
                return cell
        return None


def _tasks(headings: dict[int, str]) -> tuple[str, ...]:
    """Return the nearest heading that says more than that papers stand below it.

    The heading of the whole page is the list's own title, and no task.
    """
    below = [headings[level] for level in sorted(headings, reverse=True) if level > 1]
    return tuple(name for name in below if name and not _is_general(name))[:1]


def _is_general(name: str) -> bool:
    """Return true if a heading tells no task: "Papers", "2024", "ICLR 2025".

    >>> _is_general("Papers of 2024"), _is_general("NeurIPS 2023"), _is_general("Quill Detection")
    (True, True, False)
    """
    words = re.findall(r"[\w'’]+", name)
    if len(words) == 2 and _VENUE_YEAR.fullmatch(words[1]) and words[0].isalpha():
        words = words[1:] if sum(map(str.isupper, words[0])) > 2 else words
    return all(word.lower() in _GENERAL or _VENUE_YEAR.fullmatch(word) for word in words)


def _is_label(text: str) -> bool:
    """Return true if a link's text is no title: "Paper", "Project page", "2405.15738v2".

    >>> _is_label("arXiv:2405.15738"), _is_label("PDF | Code"), _is_label("Code as Policies")
    (True, True, False)
    """
    words = re.findall(r"[\w.]+", text.lower())
    return all(word in _LABELS or re.fullmatch(r"[\d.v]+", word) for word in words)


def _words(text: str) -> str:
    """Return the words of a heading, without links, markup, pictures and ornaments."""
    return folded(re.sub(r"[^\w\s()&/,.+:'’-]", " ", _unmarked(text))).strip(" :-.")


def _unmarked(text: str) -> str:
    """Return a text without links, markup and pictures.

    >>> _unmarked("[**VILA^2: Is It _Augmented_?**](https://arxiv.org/abs/2407.17453) <br>")
    'VILA^2: Is It Augmented?'
    """
    bare = _LINK.sub(lambda match: match["text"] or match["inner"] or "", text)
    return folded(_MARKS.sub(" ", _EMPHASIS_MARKS.sub("", bare))).strip(" :-.[]")


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
    for match in _LINK.finditer(text):
        address = without_clinging(
            (match["url"] or match["href"] or match["bare"] or "").strip("<>")
        )
        if address.startswith(("http://", "https://", "//")):
            shown = match["text"] or match["inner"] or ""
            one = Stated(address, _unmarked(shown), match.start())
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
    if cell and (words := _unmarked(cell)) and not _is_label(words):
        return words
    for one in stated:
        if one.named and one.text and not _is_label(one.text):
            return _without_lead(one.text)
    before = _LEAD.sub("", text[: stated[0].start] if stated else text)
    if match := _EMPHASIS.search(before):
        return _unmarked(match[1] or match[2])
    if (words := _unmarked(before)) and len(words) >= 8 and not _is_label(words):
        return words.rstrip(" ,;(-[")
    first = next((one.text for one in stated if one.text), "")
    return _without_lead(first) if len(first) >= 8 and not _is_label(first) else None


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
