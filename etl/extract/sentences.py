"""Split a text into sentences without moving characters."""

import re
from collections.abc import Iterator

LONGEST = 1_200
"""Characters; real sentences end before 1,000. Names in a sentence are compared with each other, so
that a longer one would cost more than its share."""

BEHIND_END = (
    r"(?:[\"')\]]*\s+(?=[\"'(\[]*(?:[A-Z0-9]|[a-z]+[A-Z]))"  # an ordinary end
    r"|(?<=[A-Za-z0-9%)][A-Za-z0-9%)].)(?=[A-Z][a-z]+[ ,]))"  # "ADE20K.Code is", glued
)
BOUNDARY = re.compile(rf"[.!?]{BEHIND_END}")
POINT = re.compile(rf"\.{BEHIND_END}")
"""The same for a text whose sentences all end in a point, which is found at once."""
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|v\.s|cf|Fig|Figs|Eq|Sec|Tab|al|No|resp|approx|w\.r\.t|St|Dr|Prof|etc)"
    r"|\b[A-Z]|[ (](?:ca|ref))$"
)


def _is_abbreviated(text: str, start: int, at: int) -> bool:
    """Return true if the word before this point is an abbreviation or a single capital."""
    last = text[at - 1 : at]
    if not last.isalpha():
        return False
    if last != "x" and at - LONG >= start and text[at - LONG : at].isalpha():
        return False
    return ABBREVIATION.search(text, max(start, at - 8), at) is not None


PARAGRAPH_END = re.compile(r"\n[ \t\r]*\n")

LONG = 5
"""So many letters make no abbreviation but "approx"."""


def spans(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each sentence; together they cover the text.

    >>> text = "It works (e.g. X). On ADE20K.Code is out."
    >>> [text[a:b] for a, b in spans(text)]
    ['It works (e.g. X). ', 'On ADE20K.', 'Code is out.']
    """
    found, start = [], 0
    pattern = BOUNDARY if "!" in text or "?" in text else POINT
    for match in pattern.finditer(text):
        at = match.start()
        if text[at] == "." and _is_abbreviated(text, start, at):
            continue
        found.append((start, match.end()))
        start = match.end()
    if start < len(text):
        found.append((start, len(text)))
    if max([end - begin for begin, end in found], default=0) <= LONGEST:
        return found
    return [part for begin, end in found for part in _cut(text, begin, end)]


def paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    r"""Yield the parts of a sentence that stand in paragraphs of their own.

    >>> list(paragraphs("Of 4\n\n% more.", 0, 13))
    [(0, 4), (6, 13)]
    """
    for match in PARAGRAPH_END.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _cut(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a sentence that is longer than any that people write."""
    while end - begin > LONGEST:
        space = text.rfind(" ", begin + LONGEST // 2, begin + LONGEST)
        at = space + 1 if space > 0 else begin + LONGEST
        yield begin, at
        begin = at
    yield begin, end
