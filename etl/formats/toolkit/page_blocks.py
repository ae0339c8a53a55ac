"""Split a page into blocks: unwrap paragraphs, and remove marks of lists and Markdown."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from catalog.domain.late_patterns import late_pattern
from etl.formats.toolkit.day_lines import printed_day

LONG_LINE = 100
"""Characters; on a page that is not wrapped, a paragraph with a longer line is parted at lines."""

WIDEST = 250
"""Characters; nothing wraps lines that long."""

_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_RULE = late_pattern(r"(?!\s*[.…!?)\]}'\"]+\s*$)[\W_]*")
"""A line without letters; one that ends a sentence goes with those before it."""
_MARK = late_pattern(
    r"(?P<heading>#{1,6})\s+|(?P<number>#?\d{1,3}[.)\]]\s|[([]\d{1,3}[.)\]]\s|#\d{1,3}[:.]?\s)\s*|(?P<bullet>[-*+•·▪‣►▶●○■□–—])\s+"
    r"|(?P<quote>>)\s*"
)
_ADDRESS = late_pattern(r"\s*<?https?://\S+\s*")
"""A line with nothing but an address."""
_BOLD = late_pattern(r"(\*\*|__)(?P<text>.+)\1")
_LINKED = late_pattern(r"\[(?P<text>.+)\]\((?P<url>https?://[^\s)]+(?:\([^\s)]*\)[^\s)]*)*)\)")
_LABEL = late_pattern(r"(?P<label>title|abstract|summary|tl;?dr)\s*[:：]\s*(?=\S)", re.IGNORECASE)


class Line(Struct, frozen=True):
    """One line of a page."""

    number: int
    text: str
    """Without its end and without what has no width; as it stands, spaces around it included."""


class Block(Struct, frozen=True, kw_only=True):
    """A paragraph of a page, or a line of its own."""

    line: int
    text: str
    mark: str = ""
    """How it is marked: "##", "number", "bullet", "bold", "link", "title", "abstract"; or not."""
    url: str | None = None
    """What its text is a link to, in Markdown."""
    written: str = ""
    """As it stands, with its marks."""


def visible(lines: Iterable[str]) -> Iterator[Line]:
    """Number lines from one, without characters that have no width."""
    for number, text in enumerate(lines, start=1):
        yield Line(number, text if text.isascii() else text.translate(_INVISIBLE))


def blocks(lines: Sequence[Line]) -> list[Block]:
    """Split lines into blocks, with or without empty lines between, wrapped or not.

    >>> page = ["1. **A Title**", "", "An abstract that is", "wrapped.", "* * *", "2. Next"]
    >>> [(block.mark, block.text) for block in blocks(list(visible(page)))]
    [('number', 'A Title'), ('', 'An abstract that is wrapped.'), ('number', 'Next')]
    """
    runs = list(_runs(lines))
    wrapped = _wrapped_at(runs)
    return [
        marked(group[0].number, _joined(group))
        for run in runs
        for group in _groups(run, wrapped, is_alone=len(runs) == 1)
    ]


def _wrapped_at(runs: Sequence[Sequence[Line]]) -> int:
    """Return the width at which a page's lines were wrapped, or 0."""
    pairs = [pair for run in runs for pair in pairwise(run)]
    width = max((len(line.text.rstrip()) for line, _ in pairs), default=0)
    breaks = [_has_room(one.text, other.text, width) for one, other in pairs]
    return width if breaks and width <= WIDEST and 2 * sum(breaks) <= len(breaks) else 0


def marked(number: int, written: str) -> Block:
    """Remove the marks of a block: of lists, headings, styles, links and labels.

    >>> block = marked(7, "### 2. [A Title](https://arxiv.org/abs/2401.00001)")
    >>> block.text, block.mark, block.url
    ('A Title', '###', 'https://arxiv.org/abs/2401.00001')
    """
    text, mark, url = written, "", None
    while True:
        if found := _MARK.match(text):
            kind = found.lastgroup or ""
            mark = mark or (found["heading"] or kind if kind != "quote" else "")
            text = text[found.end() :]
        elif found := _BOLD.fullmatch(text):
            text, mark = found["text"].strip(), mark or "bold"
        elif found := _LINKED.fullmatch(text):
            text, url, mark = found["text"].strip(), found["url"], mark or "link"
        elif found := _LABEL.match(text):
            label = found["label"].lower()
            text, mark = text[found.end() :], "title" if label == "title" else "abstract"
        else:
            return Block(line=number, text=text, mark=mark, url=url, written=written)


def _runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Split lines at empty ones and at rules."""
    run: list[Line] = []
    for line in lines:
        if not _RULE.fullmatch(line.text):
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _groups(run: Sequence[Line], wrapped: int, *, is_alone: bool) -> Iterator[list[Line]]:
    """Split a run into the lines of each block."""
    in_lines = not wrapped and (
        max(len(line.text) for line in run) > LONG_LINE or (is_alone and len(run) > 3)
    )
    starts = {n for n in range(1, len(run)) if _begins(run, n, wrapped, in_lines)}
    if wrapped and not starts:
        starts = {1} if _has_own_title(run, wrapped) else _paragraph_ends(run)
    begin = 0
    for end in (*sorted(starts), len(run)):
        yield list(run[begin:end])
        begin = end


def _begins(run: Sequence[Line], number: int, wrapped: int, in_lines: bool) -> bool:
    """Return true if a line begins a block of its own, directly below another."""
    before, line = run[number - 1].text, run[number].text
    if printed_day(before) or line.startswith("#") or before.startswith("#"):
        return True
    if _ADDRESS.fullmatch(line) or _ADDRESS.fullmatch(before):
        return True
    if in_lines:
        goes_on = line[:1].islower() or before.rstrip()[-1:] in {",", ":", "-", "–", "&"}
        return not (goes_on and len(before) <= LONG_LINE)
    return bool(_MARK.match(line)) and (not wrapped or _has_room(before, line, wrapped))


def _has_room(before: str, line: str, width: int) -> bool:
    """Return true if the first word of a line would have fit on the previous one."""
    word = line.split(maxsplit=1)[0]
    return len(before.rstrip()) + 1 + len(word) < width


def _has_own_title(run: Sequence[Line], width: int) -> bool:
    """Return true if a wrapped run is a title in its first line and an abstract below."""
    rest = [line.text for line in run[1:]]
    return (
        len(rest) >= 2
        and _has_room(run[0].text, rest[0], width)
        and not any(_has_room(one, other, width) for one, other in pairwise(rest))
    )


def _paragraph_ends(run: Sequence[Line]) -> set[int]:
    """Return the lines of a wrapped run that begin a block, without empty lines between."""
    width = max(len(line.text.rstrip()) for line in run)
    ends = {n for n in range(1, len(run)) if _has_room(run[n - 1].text, run[n].text, width)}
    return ends if 3 * (len(ends) + 1) <= 2 * len(run) and len(run) >= 5 else set()


def _joined(group: Sequence[Line]) -> str:
    between = "" if _is_cut_within_words(group) else " "
    return " ".join(between.join(line.text for line in group).split())


def _is_cut_within_words(group: Sequence[Line]) -> bool:
    """Return true if lines were cut at a column, as by `fold -w`, not between words.

    They are of one length then, and the spaces where they were cut stand at their ends.
    """
    inner = [line.text for line in group[:-1]]
    if len(inner) < 2 or len(set(map(len, inner))) != 1:
        return False
    return any(line.text[-1:] == " " for line in group[:-1]) or any(
        line.text[:1] == " " for line in group[1:]
    )
