"""Find where the words of a search occur in the papers that it found."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from catalog.domain.search_tree import Node, Words, leaves
from catalog.domain.search_words import Token, placed_tokens
from catalog.reads.asking import Read, dialect, rows
from catalog.reads.search_sql import expression

OPEN, CLOSE = "\x02", "\x03"
"""Around a hit, in text from the index; papers do not hold these characters."""

WORDS_SHOWN = 32
"""Words of an abstract that are shown."""

CHARACTERS_SHOWN = 200
"""Characters of an abstract that are shown where the index does not tell which."""

LONGEST = 20_000
"""Characters of a title and abstract that are looked at: no time limit ends one call of a function
of the index, whose time grows with hits times words of the search."""

FOUND = {
    "sqlite": f"""
SELECT rowid AS id, highlight(papers_fts, 0, '{OPEN}', '{CLOSE}') AS title,
       highlight(papers_fts, 1, '{OPEN}', '{CLOSE}') AS abstract
  FROM papers_fts WHERE papers_fts MATCH :match AND rowid IN (
    SELECT p.id FROM papers p WHERE p.id IN :papers
       AND length(coalesce(p.title, '')) + length(coalesce(p.abstract, '')) <= {LONGEST})
""",
    "postgresql": f"""
SELECT p.id, ts_headline('paper_words', left(coalesce(p.title, ''), {LONGEST}), wanted,
                         'StartSel={OPEN}, StopSel={CLOSE}, HighlightAll=true') AS title,
       ts_headline('paper_words', left(coalesce(p.abstract, ''), {LONGEST}), wanted,
                   'StartSel={OPEN}, StopSel={CLOSE}, MaxWords={WORDS_SHOWN}') AS abstract
  FROM papers p, to_tsquery('paper_words', :match) AS wanted WHERE p.id IN :papers
""",
}

TEXTS = f"""
SELECT p.id, substr(p.title, 1, {LONGEST}) AS title, substr(p.abstract, 1, {LONGEST}) AS abstract
  FROM papers p WHERE p.id IN :papers
"""


class Piece(Struct, frozen=True):
    """A part of a text, marked or not."""

    text: str
    is_hit: bool = False


class Pieces(Struct):
    """Title and a part of the abstract, in pieces; without hits empty."""

    title: list[Piece] = []
    abstract: list[Piece] = []


class _Row(Struct):
    id: int
    title: str | None
    abstract: str | None


def hits_in(papers: Sequence[int], match: Node) -> Read[dict[int, Pieces]]:
    """Read where the words of a search occur in papers, by the papers' ids."""
    database = yield from dialect()
    sql, asked = FOUND[database], expression(match, database)
    found = {
        row.id: Pieces(pieces(row.title), excerpt(pieces(row.abstract)))
        for row in (yield from rows(sql, _Row, match=asked, papers=papers))
    }
    silent = [paper for paper in papers if not (found.get(paper) and _has_hits(found[paper]))]
    if silent:
        wanted = [leaf for leaf, is_wanted in leaves(match) if is_wanted]
        words = [leaf.tokens for leaf in wanted if isinstance(leaf, Words)]
        for row in (yield from rows(TEXTS, _Row, papers=silent)):
            found[row.id] = Pieces(marked(row.title, words), shortened(marked(row.abstract, words)))
    return found


def _has_hits(found: Pieces) -> bool:
    return any(piece.is_hit for piece in (*found.title, *found.abstract))


def pieces(text: str | None) -> list[Piece]:
    """Take a text apart at the index's marks; empty where it has none.

    >>> pieces("a \\x02hit\\x03")
    [Piece(text='a ', is_hit=False), Piece(text='hit', is_hit=True)]
    >>> pieces("no hit")
    []
    """
    if not text or OPEN not in text:
        return []
    parts = re.split(f"{OPEN}(.*?){CLOSE}", text, flags=re.DOTALL)
    return [Piece(part, place % 2 == 1) for place, part in enumerate(parts) if part]


class _Word(Struct, frozen=True):
    """A word with the space behind it, and the piece of which it is a part."""

    text: str
    place: int
    is_hit: bool


def excerpt(found: Sequence[Piece], most: int = WORDS_SHOWN) -> list[Piece]:
    """Cut a marked text to the words around those that most different hits stand in.

    The index's own `snippet` takes the square of the hits for it.

    >>> found = [Piece("a b c "), Piece("hit", is_hit=True), Piece(" d e f")]
    >>> [piece.text for piece in excerpt(found, 3)]
    ['…c ', 'hit', ' d …']
    """
    words = [
        _Word(text, place, piece.is_hit)
        for place, piece in enumerate(found)
        for text in re.findall(r"\s*\S+\s*|\s+", piece.text)
    ]
    first, last = _fullest(words, most)
    start = max(0, min(first - (most - (last - first)) // 2, len(words) - most))
    shown = words[start : start + most]
    parts = [
        Piece("".join(word.text for word in group), found[place].is_hit)
        for place, group in groupby(shown, key=lambda word: word.place)
    ]
    before, after = "…" * (start > 0), "…" * (start + most < len(words))
    return _joined([Piece(before), *parts, Piece(after)])


def _fullest(words: Sequence[_Word], most: int) -> tuple[int, int]:
    """Find where so many words hold most different hits, then most: their first and last place."""
    inside: Counter[str] = Counter()
    best, at = (0, 0), 0
    for end, word in enumerate(words):
        if word.is_hit:
            inside[word.text.casefold()] += 1
        if end >= most and (gone := words[end - most]).is_hit:
            inside -= Counter([gone.text.casefold()])  # drops what is at zero
        if (score := (len(inside), inside.total())) > best:
            best, at = score, end
    hits = [place for place, word in enumerate(words) if word.is_hit and at - most < place <= at]
    return (hits[0], hits[-1] + 1) if hits else (0, 0)


def _joined(parts: Sequence[Piece]) -> list[Piece]:
    """Join neighbours that are no hits, and drop empty pieces."""
    joined: list[Piece] = []
    for part in parts:
        if joined and part.text and not (part.is_hit or joined[-1].is_hit):
            joined[-1] = Piece(joined[-1].text + part.text)
        elif part.text:
            joined.append(part)
    return joined


def marked(text: str | None, words: Sequence[tuple[str, ...]]) -> list[Piece]:
    """Mark words in a text that the index found in other letters; empty where none stands in it.

    >>> [piece.text for piece in marked("Uniwersytet Łódzki", [("lodzki",)]) if piece.is_hit]
    ['Łódzki']
    """
    text = unicodedata.normalize("NFC", text or "")
    found: list[Piece] = []
    last = 0
    for start, end in _places(list(placed_tokens(text)), words):
        if start >= last:
            found += [Piece(text[last:start])] if start > last else []
            found.append(Piece(text[start:end], is_hit=True))
            last = end
    return [*found, Piece(text[last:])] if found and last < len(text) else found


def _places(tokens: list[Token], words: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Yield where any of the words stand."""
    for place in range(len(tokens)):
        for one in words:
            standing = tokens[place : place + len(one)]
            if tuple(token.text for token in standing) == one:
                yield standing[0].start, standing[-1].end


def shortened(found: list[Piece]) -> list[Piece]:
    """Cut a marked text to the neighbourhood of its first hit."""
    if not found:
        return []
    first = next(place for place, piece in enumerate(found) if piece.is_hit)
    before = found[first - 1].text if first else ""
    start = (
        f"…{before[-CHARACTERS_SHOWN // 3 :]}" if len(before) > CHARACTERS_SHOWN // 3 else before
    )
    after = "".join(piece.text for piece in found[first + 1 :])
    end = f"{after[:CHARACTERS_SHOWN]}…" if len(after) > CHARACTERS_SHOWN else after
    return [piece for piece in (Piece(start), found[first], Piece(end)) if piece.text]
