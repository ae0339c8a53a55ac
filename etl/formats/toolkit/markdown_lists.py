"""Find the items of lists and the rows of tables in Markdown, with the headings above them."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from catalog.domain.late_patterns import late_pattern
from etl.formats.toolkit.decoding import folded
from etl.formats.toolkit.list_words import is_general

LONGEST_ITEM = 5_000
"""Characters of an item that are read."""

HEADING = late_pattern(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
ITEM = late_pattern(r"\s*(?:[-*+]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?(.*)")
ROW = late_pattern(r"\s*\|(.*)\|\s*$")
LINK = late_pattern(
    r"!\[[^\[\]]*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"
    r"|\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\](?:\([^()]*\))?)*)\]"
    r"\((?P<url><[^<>]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+[\"'][^\"']*[\"'])?\)"
    r"|<a\s[^<>]*?href=[\"'](?P<href>[^\"']*)[\"'][^<>]*>(?P<inner>.*?)</a>"
    r"|(?P<bare>https?://[^\s<>()\[\]|]+)",
    re.IGNORECASE,
)
"""A link with its text, an image, a link in HTML, or an address by itself."""

_FENCE = late_pattern(r"\s*(?:```|~~~)")
_RULE = late_pattern(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_TITLE_COLUMN = late_pattern(r"(?:paper\s*)?(?:title|name)|papers?", re.IGNORECASE)
_EMPHASIS_MARKS = late_pattern(r"[*`]+|~~|(?<!\w)_+|_+(?!\w)")
_MARKS = late_pattern(r"</?\w+[^<>]*>|:[a-z0-9_+-]+:|\[\s*\]|\(\s*\)")


class Part(Struct):
    """An item of a list, or a row of a table, with the headings above it."""

    line: int
    text: str
    tasks: tuple[str, ...]
    title: str | None = None
    """The cell of a table that holds the title."""


def list_parts(text: Iterable[str]) -> Iterator[Part]:
    """Yield the items and rows of a page; what goes on below an item belongs to it."""
    headings: dict[int, str] = {}
    held: Part | None = None
    column, is_code = _Columns(), False
    for number, line in enumerate(text, start=1):
        if _FENCE.match(line):
            is_code = not is_code
        heading, item, row = HEADING.match(line), ITEM.match(line), ROW.match(line)
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
            headings[level] = _plain_heading(heading[2])
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
        self.names = [_plain_heading(cell) for cell in cells]
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
    return tuple(name for name in below if name and not is_general(name))[:1]


def _plain_heading(text: str) -> str:
    """Return the words of a heading, without links, markup, pictures and ornaments."""
    return folded(re.sub(r"[^\w\s()&/,.+:'’-]", " ", unmarked(text))).strip(" :-.")


def unmarked(text: str) -> str:
    """Return a text without links, markup and pictures.

    >>> unmarked("[**VILA^2: Is It _Augmented_?**](https://arxiv.org/abs/2407.17453) <br>")
    'VILA^2: Is It Augmented?'
    """
    bare = LINK.sub(lambda match: match["text"] or match["inner"] or "", text)
    return folded(_MARKS.sub(" ", _EMPHASIS_MARKS.sub("", bare))).strip(" :-.[]")
